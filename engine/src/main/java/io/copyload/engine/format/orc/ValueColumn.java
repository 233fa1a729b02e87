package io.copyload.engine.format.orc;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;

/** A column of single values of bounded size. Threads: one. */
final class ValueColumn extends OrcColumn {
  private final ValueDecoder decoder;
  private final ColumnVector one;

  ValueColumn(BooleanRuns present, TargetType type, ValueDecoder decoder) {
    super(present);
    this.decoder = decoder;
    one = new ColumnVector(type, 1);
  }

  @Override
  int prepare(int want) {
    return want;
  }

  @Override
  void read(ColumnVector out, int count) throws IOException {
    nextNulls(out.nulls, 0, count);
    decoder.read(out, count);
  }

  @Override
  void appendPresent(NestedText text) throws IOException {
    decoder.read(one, 1);
    text.value(one);
  }
}
