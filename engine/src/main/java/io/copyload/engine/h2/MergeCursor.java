package io.copyload.engine.h2;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.result.SearchRow;

/** Several cursors in index order as one. */
final class MergeCursor implements Cursor {
  private final PriorityQueue<Cursor> waiting;
  private Cursor current;
  private List<Cursor> unstarted;

  MergeCursor(Index index, List<Cursor> cursors, boolean reverse) {
    Comparator<Cursor> order =
        (a, b) -> {
          SearchRow x = a.getSearchRow();
          SearchRow y = b.getSearchRow();
          int c = index.compareRows(x, y);
          return c != 0 ? c : Long.compare(x.getKey(), y.getKey());
        };
    waiting = new PriorityQueue<>(cursors.size(), reverse ? order.reversed() : order);
    unstarted = cursors;
  }

  @Override
  public boolean next() {
    if (unstarted != null) {
      for (Cursor cursor : unstarted) {
        if (cursor.next()) {
          waiting.add(cursor);
        }
      }
      unstarted = null;
    } else if (current != null && current.next()) {
      if (waiting.isEmpty()) {
        return true;
      }
      waiting.add(current);
    }
    current = waiting.poll();
    return current != null;
  }

  @Override
  public SearchRow getSearchRow() {
    return current.getSearchRow();
  }

  @Override
  public Row get() {
    return current.get();
  }

  @Override
  public boolean previous() {
    throw DbException.getUnsupportedException("previous");
  }
}
