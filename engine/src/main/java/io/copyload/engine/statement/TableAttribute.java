package io.copyload.engine.statement;

import java.util.List;

/** An attribute of Redshift's tables that H2 does not have, as written. */
public sealed interface TableAttribute {
  /** ENCODE of a column. */
  record Encode(Identifier column, Identifier encoding) implements TableAttribute {}

  /** ENCODE AUTO of the table. */
  record EncodeAuto() implements TableAttribute {}

  /** DISTSTYLE: AUTO, EVEN, KEY or ALL. */
  record DistStyle(Identifier style) implements TableAttribute {}

  /** The column by which rows are distributed. */
  record DistKey(Identifier column) implements TableAttribute {}

  /** The columns by which rows are sorted; without columns there is no sort key. */
  record SortKey(boolean interleaved, List<Identifier> columns) implements TableAttribute {
    public SortKey {
      columns = List.copyOf(columns);
    }
  }

  /** SORTKEY AUTO: the engine may choose, and ours chooses none. */
  record SortKeyAuto() implements TableAttribute {}

  /** BACKUP YES or NO. */
  record Backup(boolean yes) implements TableAttribute {}

  /** Redshift's name of a type for which H2 has another one. */
  record TypeName(Identifier column, String name) implements TableAttribute {}
}
