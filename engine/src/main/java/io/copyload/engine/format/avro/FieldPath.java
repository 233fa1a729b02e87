package io.copyload.engine.format.avro;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.avro.AvroType.Field;
import io.copyload.engine.format.avro.AvroType.Kind;
import io.copyload.engine.format.json.JsonPath.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The way from a value to one inside of it, by the steps of a JSONPath: names of fields, keys of
 * maps, indexes of arrays.
 *
 * @param from type of the value
 * @param to type of the one inside
 */
record FieldPath(AvroType from, List<Step> steps, AvroType to) {
  /** Redshift's words for an array that is none, or too short. */
  static final String NO_ELEMENT = "Invalid JSONPath format: Not an array or index out of range.";

  /** An index beyond an array's end. */
  static final class NoElementException extends IOException {
    private static final long serialVersionUID = 1L;

    NoElementException() {
      super(NO_ELEMENT);
    }
  }

  /**
   * The path, or null when it leads to a field that does not exist.
   *
   * @throws CopyException when it asks for an element of what is no array, or leads through a union
   *     of several types
   */
  static FieldPath of(AvroType from, List<Step> steps, String objectName) {
    AvroType at = from;
    for (Step step : steps) {
      at = onlyType(at, objectName);
      if (step.key() == null) {
        if (at.kind != Kind.ARRAY) {
          throw new CopyException(CopyErrorCode.BAD_COPY_FILE_FORMAT, NO_ELEMENT)
              .withDetail("\"" + objectName + "\" has " + at + " there.");
        }
        at = at.element();
      } else if (at.kind == Kind.MAP) {
        at = at.element();
      } else {
        int field = at.kind == Kind.RECORD ? indexOf(at, step.key()) : -1;
        if (field < 0) {
          return null;
        }
        at = at.fields.get(field).type();
      }
    }
    return new FieldPath(from, steps, at);
  }

  private static int indexOf(AvroType record, String name) {
    for (int i = 0; i < record.fields.size(); i++) {
      if (record.fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static AvroType onlyType(AvroType type, String objectName) {
    if (type.kind != Kind.UNION) {
      return type;
    }
    AvroType only = null;
    for (AvroType branch : type.inner) {
      if (branch.kind != Kind.NULL) {
        if (only != null) {
          throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "a JSONPath through a union of several types, as \""
                  + objectName
                  + "\" has one, is not supported yet");
        }
        only = branch;
      }
    }
    return only == null ? new AvroType(Kind.NULL) : only;
  }

  /** Moves the cursor from the value to the one inside; false when there is none. */
  boolean walk(BlockCursor in) throws IOException {
    AvroType at = from;
    for (Step step : steps) {
      if (at.kind == Kind.UNION) {
        at = at.inner.get(in.readIndex(at.inner.size(), "branch"));
      }
      if (at.kind == Kind.NULL) {
        return false;
      }
      if (step.key() == null) {
        element(in, at.element(), step.index());
        at = at.element();
      } else if (at.kind == Kind.MAP) {
        if (!entry(in, at.element(), step.key().getBytes(StandardCharsets.UTF_8))) {
          return false;
        }
        at = at.element();
      } else {
        int wanted = indexOf(at, step.key());
        for (int i = 0; i < wanted; i++) {
          in.skip(at.fields.get(i).type());
        }
        Field field = at.fields.get(wanted);
        at = field.type();
      }
    }
    return true;
  }

  private static void element(BlockCursor in, AvroType item, int index) throws IOException {
    long left = index;
    for (long count = in.readItemCount(item); count > 0; count = in.readItemCount(item)) {
      if (item.empty && left < count) {
        return;
      }
      for (long i = 0; i < Math.min(left, count) && !item.empty; i++) {
        in.skip(item);
      }
      if (left < count) {
        return;
      }
      left -= count;
    }
    throw new NoElementException();
  }

  private static boolean entry(BlockCursor in, AvroType item, byte[] key) throws IOException {
    for (long count = in.readItemCount(item); count > 0; count = in.readItemCount(item)) {
      for (long i = 0; i < count; i++) {
        int length = in.readLength();
        int begin = in.position;
        in.position += length;
        if (Arrays.equals(in.bytes, begin, begin + length, key, 0, key.length)) {
          return true;
        }
        in.skip(item);
      }
    }
    return false;
  }
}
