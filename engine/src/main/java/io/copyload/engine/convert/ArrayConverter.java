package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.util.Arrays;

/**
 * ARRAY: {@link ArrayText} or {@link PgArray} cuts the value, the elements go through the converter
 * of the innermost type, and the result is laid out as {@link TargetType} documents. The value's
 * levels must be the column's; an empty array fits all.
 */
final class ArrayConverter implements FieldConverter {
  private final TargetType type;
  private final int depth;
  private final boolean literal;

  /**
   * Whether elements are read while the value is cut. Before PostgreSQL 17 the braces of the whole
   * text were counted first.
   */
  private final boolean inOrder;

  private final TargetType leafType;
  private final FieldConverter leaf;
  private final ArrayElements array;
  private final Complaint complaint = new Complaint();
  private ColumnVector values;
  private byte[] encoded = new byte[256];
  private int encodedSize;
  private boolean refused;

  ArrayConverter(TargetType type, ConversionSpec spec, boolean binary) {
    this.type = type;
    int levels = 0;
    TargetType inner = type;
    while (inner.kind() == TargetType.Kind.ARRAY) {
      inner = inner.element();
      levels++;
    }
    depth = levels;
    leafType = inner;
    leaf = binary ? Converters.ofPgBinary(inner, spec) : Converters.of(inner, spec);
    array = binary ? new PgArray(inner.kind()) : new ArrayText(spec.postgresMajor());
    literal = !binary;
    inOrder = binary || spec.postgresMajor() >= 17;
    values = new ColumnVector(inner, 16);
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      if (end[r] < 0) {
        out.nulls[r] = true;
        continue;
      }
      boolean good = parse(batch.bytes, begin[r], end[r]);
      out.nulls[r] = !good;
      if (good) {
        out.append(r, encoded, 0, encodedSize);
      } else {
        complaint.report(r, rejects);
      }
    }
  }

  private boolean parse(byte[] bytes, int begin, int end) {
    if (!array.parse(bytes, begin, end, complaint)) {
      return inOrder && badElement();
    }
    encodedSize = 0;
    if (array.dimensions == 0) {
      putInt(0);
      return true;
    }
    if (array.dimensions != depth) {
      return complaint.set(
          RejectReason.INVALID_ARRAY,
          literal
              ? "malformed array literal: \"" + Complaint.text(bytes, begin, end) + "\""
              : "array has " + array.dimensions + " dimensions",
          "The column's arrays have " + depth + (depth == 1 ? " dimension." : " dimensions."),
          null);
    }
    TargetType level = type;
    for (int d = 0; d < depth; d++) {
      if (level.precision() >= 0 && array.lengths[d] > level.precision()) {
        return complaint.set(
            RejectReason.TOO_LONG,
            "value too long for type array(" + level.precision() + ")",
            "The array has " + array.lengths[d] + " elements.",
            null);
      }
      level = level.element();
    }
    if (values.capacity() < array.elements.capacity) {
      values = new ColumnVector(leafType, array.elements.capacity);
    }
    refused = false;
    leaf.convert(array.elements, 0, values, this::refuse);
    if (refused) {
      return false;
    }
    encode(0, 0);
    return true;
  }

  /** A bad element before the place where the literal is malformed comes first. */
  private boolean badElement() {
    if (array.elements.recordCount > 0) {
      RejectReason reason = complaint.reason;
      String message = complaint.message;
      String detail = complaint.detail;
      if (values.capacity() < array.elements.capacity) {
        values = new ColumnVector(leafType, array.elements.capacity);
      }
      refused = false;
      leaf.convert(array.elements, 0, values, this::refuse);
      if (!refused) {
        complaint.set(reason, message, detail, null);
      }
    }
    return false;
  }

  private void refuse(
      int element,
      RejectReason reason,
      String message,
      String detail,
      String hint,
      String context) {
    if (!refused) {
      refused = true;
      complaint.set(reason, message, detail, hint);
      complaint.context = context;
      array.reword(complaint, element);
    }
  }

  /**
   * Writes the sub-array of a level whose first element is {@code element}; returns the element
   * behind it.
   */
  private int encode(int level, int element) {
    int next = element;
    int count = array.lengths[level];
    putInt(count);
    for (int i = 0; i < count; i++) {
      if (level + 1 < depth) {
        int lengthAt = encodedSize;
        putInt(0);
        next = encode(level + 1, next);
        int end = encodedSize;
        encodedSize = lengthAt;
        putInt(end - lengthAt - 4);
        encodedSize = end;
      } else {
        encodeElement(next++);
      }
    }
    return next;
  }

  private void encodeElement(int element) {
    if (values.nulls[element]) {
      putInt(-1);
    } else if (leafType.isBytes()) {
      int length = values.length[element];
      putInt(length);
      reserve(length);
      System.arraycopy(values.bytes, values.begin[element], encoded, encodedSize, length);
      encodedSize += length;
    } else {
      putInt(8 * values.lanes.length);
      for (long[] lane : values.lanes) {
        putInt((int) (lane[element] >> 32));
        putInt((int) lane[element]);
      }
    }
  }

  private void reserve(int count) {
    if (encoded.length - encodedSize < count) {
      encoded = Arrays.copyOf(encoded, Math.max(encodedSize + count, encoded.length * 2));
    }
  }

  private void putInt(int value) {
    reserve(4);
    encoded[encodedSize++] = (byte) (value >> 24);
    encoded[encodedSize++] = (byte) (value >> 16);
    encoded[encodedSize++] = (byte) (value >> 8);
    encoded[encodedSize++] = (byte) value;
  }
}
