package io.copyload.engine.h2;

import io.copyload.engine.store.DecodedColumn;
import org.h2.value.Value;

/**
 * Values of one row group, its column chunks decoded when first asked for. Threads: one, the
 * cursor's.
 */
final class RowGroupView {
  /**
   * Dictionaries of at most this size are turned into Values once per cursor instead of once per
   * row.
   */
  private static final int MAX_CACHED_DICTIONARY = 4096;

  private final Segment segment;
  private final int group;
  private final long firstRowId;
  private final int rowCount;
  private final boolean scanning;
  private final DecodedColumn[] columns;
  private final Value[][] dictionaries;

  /**
   * @param scanning whether many rows will be read
   */
  RowGroupView(Segment segment, int group, int columnCount, boolean scanning) {
    this.segment = segment;
    this.group = group;
    this.scanning = scanning;
    firstRowId = segment.firstRowId() + segment.firstRow(group);
    rowCount = segment.group(group).rowCount();
    columns = new DecodedColumn[columnCount];
    dictionaries = scanning ? new Value[columnCount][] : null;
  }

  Segment segment() {
    return segment;
  }

  int group() {
    return group;
  }

  long firstRowId() {
    return firstRowId;
  }

  int rowCount() {
    return rowCount;
  }

  int columnCount() {
    return columns.length;
  }

  DecodedColumn column(int column) {
    DecodedColumn c = columns[column];
    return c != null ? c : load(column);
  }

  private DecodedColumn load(int column) {
    DecodedColumn c = segment.column(group, column);
    columns[column] = c;
    if (scanning && c.dictionarySize() > 0 && c.dictionarySize() <= MAX_CACHED_DICTIONARY) {
      dictionaries[column] = new Value[c.dictionarySize()];
    }
    return c;
  }

  Value value(int column, int row) {
    DecodedColumn c = columns[column];
    if (c == null) {
      c = load(column);
    }
    if (scanning) {
      Value[] dictionary = dictionaries[column];
      if (dictionary != null && !c.isNull(row)) {
        int code = c.code(row);
        Value v = dictionary[code];
        if (v == null) {
          v = segment.codec(column).read(c, row);
          dictionary[code] = v;
        }
        return v;
      }
    }
    return segment.codec(column).read(c, row);
  }
}
