package io.copyload.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The clauses of COPY whose meaning is not built yet: the one list of them.
 *
 * <p>A statement that uses one must be refused with SQLSTATE 0A000 and a message that names the
 * clause; it is never ignored. Public cases that need such a clause stay in the suite and expect
 * that refusal, by this list and never case by case. Who builds a clause deletes its line here, and
 * every case that waited for it counts at once. A clause that works while its line still stands
 * makes the suite fail.
 */
final class LaterIssues {
  /** A clause: the word by which the refusal must name it, and how it looks in a statement. */
  private record Clause(String name, Pattern pattern) {}

  private static final List<Clause> CLAUSES = List.of();

  private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*'");

  private LaterIssues() {}

  private static Clause clause(String name, String regex) {
    return new Clause(name, Pattern.compile(regex, Pattern.CASE_INSENSITIVE));
  }

  /** The names of the clauses in a statement that are not built yet, in the list's order. */
  static List<String> clausesOf(String copy) {
    String bare = withoutLongLiterals(copy);
    List<String> names = new ArrayList<>();
    for (Clause clause : CLAUSES) {
      if (clause.pattern().matcher(bare).find()) {
        names.add(clause.name());
      }
    }
    return names;
  }

  /** The words that a refusal may use, one of which its message must contain. */
  static boolean isNamedBy(String message, List<String> names) {
    for (String name : names) {
      for (String word : List.of(name, name.replace('_', ' '))) {
        if (Pattern.compile(Pattern.quote(word), Pattern.CASE_INSENSITIVE)
            .matcher(message)
            .find()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Values must not look like clauses: literals other than plain words are emptied. */
  private static String withoutLongLiterals(String copy) {
    Matcher matcher = LITERAL.matcher(copy);
    return matcher.replaceAll(
        found -> found.group().matches("'[\\w-]{2,16}'") ? found.group() : "''");
  }
}
