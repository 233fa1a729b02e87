package io.copyload.engine.load;

import io.copyload.engine.store.ColumnVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Keeps every row as text, in input order, and checks how the pipeline uses a sink. */
final class CollectingSink implements RowSink {
  private final TreeMap<Long, List<String>> byUnit = new TreeMap<>();
  private int opened;
  private int closed;

  @Override
  public synchronized Slice openSlice() {
    opened++;
    return new Collector();
  }

  synchronized List<String> rows() {
    if (opened != closed) {
      throw new AssertionError(opened + " slices opened, " + closed + " closed");
    }
    List<String> all = new ArrayList<>();
    byUnit.values().forEach(all::addAll);
    return all;
  }

  private synchronized void put(long unit, List<String> rows) {
    if (byUnit.put(unit, rows) != null) {
      throw new AssertionError("unit " + unit + " ended twice");
    }
  }

  private synchronized void countClose() {
    closed++;
  }

  static String row(ColumnVector[] columns, int r) {
    StringBuilder text = new StringBuilder();
    for (ColumnVector column : columns) {
      text.append(text.length() == 0 ? "" : "|");
      if (column.nulls[r]) {
        text.append("NULL");
      } else if (column.type().isBytes()) {
        text.append('<')
            .append(
                new String(
                    column.bytes, column.begin[r], column.length[r], StandardCharsets.ISO_8859_1))
            .append('>');
      } else {
        for (long[] lane : column.lanes) {
          text.append(lane[r]).append(' ');
        }
      }
    }
    return text.toString();
  }

  private final class Collector implements Slice {
    private List<String> open = new ArrayList<>();
    private boolean isClosed;

    @Override
    public void rows(ColumnVector[] columns, int[] selection, int count) {
      for (int i = 0; i < count; i++) {
        open.add(row(columns, selection == null ? i : selection[i]));
      }
    }

    @Override
    public void endUnit(long unit) {
      put(unit, open);
      open = new ArrayList<>();
    }

    @Override
    public void close() {
      if (isClosed) {
        throw new AssertionError("slice closed twice");
      }
      isClosed = true;
      countClose();
    }
  }
}
