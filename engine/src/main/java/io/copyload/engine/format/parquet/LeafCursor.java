package io.copyload.engine.format.parquet;

import java.io.Closeable;
import java.io.IOException;

/**
 * Walks the levels and values of one leaf column of a nested one: a repetition level, a definition
 * level and, where that is the highest, a value at a time. Threads: one.
 */
final class LeafCursor implements Closeable {
  private static final int BATCH = 1024;

  private final ChunkPages pages;
  private final LeafValues values;
  private final LeafType type;
  private final int maxRepetition;
  private final int maxDefinition;
  private final RawValues raw;
  private final int[] repetitions;
  private final int[] definitions;
  private int left;
  private int count;
  private int at;
  private int valueAt;

  LeafCursor(ChunkPages pages, LeafValues values, LeafType type, int repetition, int definition) {
    this.pages = pages;
    this.values = values;
    this.type = type;
    maxRepetition = repetition;
    maxDefinition = definition;
    raw = new RawValues(BATCH, type.rawIsBytes());
    repetitions = new int[BATCH];
    definitions = new int[BATCH];
  }

  LeafType type() {
    return type;
  }

  /** Repetition level of the current position; 0 behind the last one. */
  int repetition() throws IOException {
    return atEnd() ? 0 : repetitions[at];
  }

  /** Definition level of the current position. */
  int definition() throws IOException {
    if (atEnd()) {
      throw new IOException("the column chunk has fewer values than the row group has rows");
    }
    return definitions[at];
  }

  boolean isPresent() throws IOException {
    return definition() == maxDefinition;
  }

  /** The raw values, of which {@link #valueIndex} is the current one if it is present. */
  RawValues raw() {
    return raw;
  }

  int valueIndex() {
    return valueAt;
  }

  void advance() throws IOException {
    if (atEnd()) {
      throw new IOException("the column chunk has fewer values than the row group has rows");
    }
    if (definitions[at] == maxDefinition) {
      valueAt++;
    }
    at++;
  }

  private boolean atEnd() throws IOException {
    if (at < count) {
      return false;
    }
    if (left == 0 && !more()) {
      return true;
    }
    batch();
    return false;
  }

  private boolean more() throws IOException {
    if (!pages.next()) {
      return false;
    }
    left = pages.valueCount;
    values.beginPage(pages);
    return true;
  }

  private void batch() throws IOException {
    count = Math.min(left, BATCH);
    left -= count;
    at = 0;
    valueAt = 0;
    if (maxRepetition > 0) {
      pages.repetition.read(repetitions, 0, count);
    }
    int present = count;
    if (maxDefinition > 0) {
      pages.definition.read(definitions, 0, count);
      present = 0;
      for (int i = 0; i < count; i++) {
        if (definitions[i] == maxDefinition) {
          present++;
        }
      }
    }
    values.read(raw, 0, present);
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }
}
