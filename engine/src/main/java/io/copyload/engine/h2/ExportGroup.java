package io.copyload.engine.h2;

import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The columns of one row group while its pieces are written: decoded once, by whichever task needs
 * one first, and given up with the last piece. Threads: any.
 */
final class ExportGroup {
  private final Segment segment;
  private final int group;
  private final int[] columnIndexes;
  private final Slot[] slots;
  private final AtomicInteger tasks = new AtomicInteger();

  private boolean read;

  private static final class Slot {
    private Supplier<DecodedColumn> bytes;
    private DecodedColumn column;
  }

  ExportGroup(Segment segment, int group, int[] columnIndexes) {
    this.segment = segment;
    this.group = group;
    this.columnIndexes = columnIndexes;
    slots = new Slot[columnIndexes.length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
    }
  }

  List<TargetType> types() {
    List<TargetType> types = new ArrayList<>(columnIndexes.length);
    for (int index : columnIndexes) {
      types.add(segment.type(index));
    }
    return types;
  }

  private synchronized void readAll() {
    if (!read) {
      List<Supplier<DecodedColumn>> columns = segment.passingColumns(group, columnIndexes);
      for (int i = 0; i < slots.length; i++) {
        slots[i].bytes = columns.get(i);
      }
      read = true;
    }
  }

  DecodedColumn[] columns() {
    readAll();
    DecodedColumn[] columns = new DecodedColumn[slots.length];
    // Tasks that begin together begin with different columns, so that none waits for long.
    int first = (tasks.getAndIncrement() & 1) == 0 ? 0 : slots.length / 2;
    for (int k = 0; k < slots.length; k++) {
      int i = (first + k) % slots.length;
      Slot slot = slots[i];
      synchronized (slot) {
        if (slot.column == null) {
          slot.column = Segment.decoded(slot.bytes);
          slot.bytes = null;
        }
        columns[i] = slot.column;
      }
    }
    return columns;
  }
}
