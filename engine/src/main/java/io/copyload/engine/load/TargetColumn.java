package io.copyload.engine.load;

import io.copyload.engine.store.TargetType;
import java.util.Set;

/**
 * A column of the target table that an input field fills.
 *
 * @param rules what is special about the column's fields
 * @param domain name of the column's domain, by which messages call its type; or null
 * @param place its place in the table, which decides about the order of NOT NULL checks
 */
public record TargetColumn(
    String name, TargetType type, boolean notNull, Set<Rule> rules, int place, String domain) {
  /** A rule for the fields of one column. */
  public enum Rule {
    /** An unquoted null marker is text (FORCE_NOT_NULL). */
    FORCE_NOT_NULL,
    /** A quoted null marker is NULL (FORCE_NULL). */
    FORCE_NULL,
    /** Fields are not looked at; the column is NULL. */
    SKIPPED,
    /**
     * A default marker asks for the column's default; without the rule it is an error (DEFAULT).
     */
    HAS_DEFAULT,
    /** A value that does not fit is NULL (ON_ERROR set_null). */
    NULL_ON_ERROR,
    /** A bad number is a bad identity (Redshift's EXPLICIT_IDS). */
    IDENTITY
  }

  public TargetColumn {
    rules = Set.copyOf(rules);
  }

  /** A column without special rules. */
  public TargetColumn(String name, TargetType type, boolean notNull) {
    this(name, type, notNull, Set.of(), 0, null);
  }

  /** The same column, whose NULLs somebody else checks. */
  public TargetColumn nullable() {
    return new TargetColumn(name, type, false, rules, place, domain);
  }

  public boolean has(Rule rule) {
    return rules.contains(rule);
  }
}
