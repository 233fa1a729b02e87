package io.copyload.engine.h2;

import io.copyload.engine.dialect.ColumnChoice;
import io.copyload.engine.dialect.PostgresClauses;
import io.copyload.engine.dialect.PostgresClauses.OnError;
import io.copyload.engine.load.TargetColumn;
import io.copyload.engine.load.TargetColumn.Rule;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.plan.TargetTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;
import org.h2.table.Table;

/** The targets of a load's fields, with the rules that options give to single columns. */
final class FieldTargets {
  private final SessionLocal session;
  private final TargetTable table;
  private final ColumnMapping mapping;
  private final List<Set<Rule>> rules = new ArrayList<>();

  private FieldTargets(SessionLocal session, TargetTable table, ColumnMapping mapping) {
    this.session = session;
    this.table = table;
    this.mapping = mapping;
    for (int i = 0; i < mapping.loaded().size(); i++) {
      rules.add(EnumSet.noneOf(Rule.class));
    }
  }

  /**
   * One target per field.
   *
   * <p>Failures: PostgreSQL's for a column that an option names wrongly.
   *
   * @param defaultMarker whether fields may ask for their column's default
   * @param redshift whether a bad value for an identity column has a code of its own
   */
  static List<TargetColumn> of(
      SessionLocal session,
      TableBinding binding,
      ColumnMapping mapping,
      PostgresClauses clauses,
      boolean defaultMarker,
      boolean redshift) {
    Table bound = binding.table();
    FieldTargets targets = new FieldTargets(session, binding.target(), mapping);
    targets.add(Rule.FORCE_NOT_NULL, clauses.forceNotNull(), "FORCE_NOT_NULL");
    targets.add(Rule.FORCE_NULL, clauses.forceNull(), "FORCE_NULL");
    if (!clauses.convertSelectively().isNone()) {
      targets.add(Rule.SKIPPED, clauses.convertSelectively(), "selected");
      targets.invert(Rule.SKIPPED);
    }
    targets.addToAll(Rule.NULL_ON_ERROR, clauses.onError() == OnError.SET_NULL);
    if (redshift) {
      targets.addIdentities(bound);
    }
    if (defaultMarker) {
      targets.addDefaults(bound);
    }
    return targets.columns(bound);
  }

  private void add(Rule rule, ColumnChoice choice, String option) {
    boolean[] chosen =
        mapping.fieldsOf(table, TableBinding.listedColumns(session, choice.columns()), option);
    for (int f = 0; f < chosen.length; f++) {
      if (choice.all() || chosen[f]) {
        rules.get(f).add(rule);
      }
    }
  }

  private void addToAll(Rule rule, boolean wanted) {
    if (wanted) {
      rules.forEach(ofField -> ofField.add(rule));
    }
  }

  private void addIdentities(Table bound) {
    for (int f = 0; f < rules.size(); f++) {
      if (bound.getColumn(mapping.loaded().get(f)).isIdentity()) {
        rules.get(f).add(Rule.IDENTITY);
      }
    }
  }

  private void addDefaults(Table bound) {
    for (int f = 0; f < rules.size(); f++) {
      Column column = bound.getColumn(mapping.loaded().get(f));
      if (column.isIdentity() || column.getEffectiveDefaultExpression() != null) {
        rules.get(f).add(Rule.HAS_DEFAULT);
      }
    }
  }

  private void invert(Rule rule) {
    for (Set<Rule> ofField : rules) {
      if (!ofField.remove(rule)) {
        ofField.add(rule);
      }
    }
  }

  private String domain(Column column) {
    return column.getDomain() == null
        ? null
        : DeferredColumns.shown(column.getTable(), column.getDomain().getName());
  }

  private List<TargetColumn> columns(Table bound) {
    List<TargetColumn> columns = new ArrayList<>();
    for (int f = 0; f < rules.size(); f++) {
      TargetTable.Column column = table.columns().get(mapping.loaded().get(f));
      columns.add(
          new TargetColumn(
              column.name(),
              column.type(),
              column.notNull(),
              rules.get(f),
              mapping.loaded().get(f),
              domain(bound.getColumn(mapping.loaded().get(f)))));
    }
    return columns;
  }
}
