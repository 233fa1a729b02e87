package io.copyload.engine.h2;

import org.h2.result.DefaultRow;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.value.Value;
import org.h2.value.ValueBigint;

/**
 * A window on the row where a cursor stands: values are decoded when asked for, and change when the
 * cursor moves. Real rows, which live on, are made by {@link #copy}.
 */
final class SegmentRow extends Row {
  private RowGroupView view;
  private int row;

  void position(RowGroupView newView, int newRow) {
    view = newView;
    row = newRow;
    key = newView.firstRowId() + newRow;
  }

  Row copy() {
    Row result = new DefaultRow(getValueList());
    result.setKey(key);
    return result;
  }

  @Override
  public int getColumnCount() {
    return view.columnCount();
  }

  @Override
  public Value getValue(int column) {
    return column == ROWID_INDEX ? ValueBigint.get(key) : view.value(column, row);
  }

  @Override
  public Value[] getValueList() {
    Value[] values = new Value[view.columnCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = view.value(i, row);
    }
    return values;
  }

  @Override
  public int getMemory() {
    return 0;
  }

  @Override
  public void setValue(int column, Value value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copyFrom(SearchRow source) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String toString() {
    return copy().toString();
  }
}
