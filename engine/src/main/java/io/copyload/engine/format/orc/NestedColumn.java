package io.copyload.engine.format.orc;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.store.ColumnVector;
import java.io.IOException;

/** A column below which there are others; at the top level, its texts are made ahead. */
abstract class NestedColumn extends OrcColumn {
  /** Most bytes of a text. */
  final int mostBytes;

  /** Null below the top level. */
  private NestedText text;

  private boolean[] nulls = new boolean[0];
  private int[] ends = new int[0];
  private int begin;
  private int end;

  NestedColumn(BooleanRuns present, int mostBytes) {
    super(present);
    this.mostBytes = mostBytes;
  }

  /** Makes it a column of the top level. */
  final void writeTo(NestedText.Form form) {
    text = new NestedText(form);
  }

  final void check(NestedText growing) throws IOException {
    if (growing.size() > 2L * mostBytes) {
      throw new IOException("a nested value of more than " + mostBytes + " bytes");
    }
  }

  @Override
  final int prepare(int want) throws IOException {
    if (begin < end) {
      return Math.min(want, end - begin);
    }
    if (nulls.length < want) {
      nulls = new boolean[want];
      ends = new int[want];
    }
    text.clear();
    begin = 0;
    end = 0;
    while (end < want && text.size() <= mostBytes) {
      nulls[end] = nextIsNull();
      if (!nulls[end]) {
        appendPresent(text);
      }
      ends[end++] = text.size();
    }
    return end;
  }

  @Override
  final void read(ColumnVector out, int count) throws IOException {
    out.pointTo(text.bytes());
    for (int row = 0; row < count; row++, begin++) {
      out.nulls[row] = nulls[begin];
      out.begin[row] = begin == 0 ? 0 : ends[begin - 1];
      out.length[row] = ends[begin] - out.begin[row];
    }
  }
}
