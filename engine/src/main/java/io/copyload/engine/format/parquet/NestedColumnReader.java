package io.copyload.engine.format.parquet;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.store.ColumnVector;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** A column of the top level that is a group or repeated: each row becomes one text. */
final class NestedColumnReader implements ColumnReader {
  private final Shape shape;
  private final NestedText text;
  private final List<? extends Closeable> leaves;

  NestedColumnReader(Shape shape, NestedText.Form form, List<? extends Closeable> leaves) {
    this.shape = shape;
    this.text = new NestedText(form);
    this.leaves = leaves;
  }

  @Override
  public void read(ColumnVector out, int count) throws IOException {
    out.useHeap();
    for (int row = 0; row < count; row++) {
      out.nulls[row] = shape.isNull();
      if (out.nulls[row]) {
        shape.skip();
        continue;
      }
      text.clear();
      shape.appendPresent(text);
      out.append(row, text.bytes(), 0, text.size());
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable leaf : leaves) {
      leaf.close();
    }
  }
}
