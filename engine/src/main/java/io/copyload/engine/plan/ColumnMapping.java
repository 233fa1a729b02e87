package io.copyload.engine.plan;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which table column each input field fills.
 *
 * @param loaded index in {@link TargetTable#columns} of each input field, in field order
 * @param omitted indexes of the columns that no field fills, in table order
 */
public record ColumnMapping(List<Integer> loaded, List<Integer> omitted) {
  public ColumnMapping {
    loaded = List.copyOf(loaded);
    omitted = List.copyOf(omitted);
  }

  /** A column as the statement lists it: {@code storedName} as the database would look it up. */
  public record ListedColumn(String text, String storedName, int position) {}

  /**
   * Maps the fields of a COPY FROM.
   *
   * @param listed the column list, empty when there is none
   * @param skipIdentity whether identity columns take no field unless listed (Redshift)
   * @throws CopyException UNDEFINED_COLUMN, DUPLICATE_COLUMN or INVALID_COLUMN_REFERENCE with
   *     PostgreSQL's texts
   */
  public static ColumnMapping of(
      TargetTable table, List<ListedColumn> listed, boolean skipIdentity) {
    boolean[] filled = new boolean[table.columns().size()];
    List<Integer> loaded = new ArrayList<>();
    if (listed.isEmpty()) {
      for (int i = 0; i < filled.length; i++) {
        TargetTable.Column column = table.columns().get(i);
        if (column.visible() && !column.generated() && !(skipIdentity && column.identity())) {
          filled[i] = true;
          loaded.add(i);
        }
      }
    }
    for (ListedColumn name : listed) {
      int index = indexOf(table, name.storedName());
      if (index < 0) {
        throw undefined(table, name).withPosition(name.position());
      }
      TargetTable.Column column = table.columns().get(index);
      if (column.generated()) {
        throw new CopyException(
                CopyErrorCode.INVALID_COLUMN_REFERENCE,
                "column \"" + column.name() + "\" is a generated column")
            .withDetail("Generated columns cannot be used in COPY.");
      }
      if (filled[index]) {
        throw new CopyException(
            CopyErrorCode.DUPLICATE_COLUMN,
            "column \"" + column.name() + "\" specified more than once");
      }
      filled[index] = true;
      loaded.add(index);
    }
    List<Integer> omitted = new ArrayList<>();
    for (int i = 0; i < filled.length; i++) {
      if (!filled[i]) {
        omitted.add(i);
      }
    }
    return new ColumnMapping(loaded, omitted);
  }

  /**
   * The fields whose columns an option lists.
   *
   * @param option name of the option as the message shows it
   * @return one flag per field
   * @throws CopyException UNDEFINED_COLUMN, DUPLICATE_COLUMN or INVALID_COLUMN_REFERENCE with
   *     PostgreSQL's texts
   */
  public boolean[] fieldsOf(TargetTable table, List<ListedColumn> listed, String option) {
    List<Integer> indexes = new ArrayList<>();
    for (ListedColumn name : listed) {
      int index = indexOf(table, name.storedName());
      if (index < 0) {
        throw undefined(table, name);
      }
      if (indexes.contains(index)) {
        throw new CopyException(
            CopyErrorCode.DUPLICATE_COLUMN,
            "column \"" + table.columns().get(index).name() + "\" specified more than once");
      }
      indexes.add(index);
    }
    boolean[] chosen = new boolean[loaded.size()];
    for (int index : indexes) {
      int field = loaded.indexOf(index);
      if (field < 0) {
        throw new CopyException(
            CopyErrorCode.INVALID_COLUMN_REFERENCE,
            option
                + " column \""
                + table.columns().get(index).name()
                + "\" not referenced by COPY");
      }
      chosen[field] = true;
    }
    return chosen;
  }

  private static CopyException undefined(TargetTable table, ListedColumn name) {
    return new CopyException(
        CopyErrorCode.UNDEFINED_COLUMN,
        "column \"" + name.text() + "\" of relation \"" + table.name() + "\" does not exist");
  }

  private static int indexOf(TargetTable table, String storedName) {
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).storedName().equals(storedName)) {
        return i;
      }
    }
    return -1;
  }
}
