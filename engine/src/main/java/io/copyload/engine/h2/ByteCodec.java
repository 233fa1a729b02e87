package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.h2.engine.CastDataProvider;
import org.h2.engine.Mode;
import org.h2.value.ExtTypeInfoRow;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueBinary;
import org.h2.value.ValueBlob;
import org.h2.value.ValueChar;
import org.h2.value.ValueClob;
import org.h2.value.ValueCollectionBase;
import org.h2.value.ValueDecfloat;
import org.h2.value.ValueGeometry;
import org.h2.value.ValueJavaObject;
import org.h2.value.ValueJson;
import org.h2.value.ValueLob;
import org.h2.value.ValueNull;
import org.h2.value.ValueNumeric;
import org.h2.value.ValueRow;
import org.h2.value.ValueVarbinary;
import org.h2.value.ValueVarchar;
import org.h2.value.ValueVarcharIgnoreCase;

/** Codecs of the types whose values are byte strings. */
abstract class ByteCodec extends ValueCodec {
  /** Longest value that can be written: H2's own limit for byte strings. */
  static final int MAX_VALUE_BYTES = 1_000_000_000;

  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  ByteCodec(TargetType target) {
    super(target);
  }

  static ValueCodec of(TypeInfo type, TargetType target, CastDataProvider provider) {
    return switch (target.kind()) {
      case NUMERIC -> new OfNumeric(target);
      case DECFLOAT -> new OfDecfloat(target);
      case CHAR -> new OfChar(target, provider);
      case VARCHAR -> new OfVarchar(target);
      case VARCHAR_IGNORECASE -> new OfVarcharIgnoreCase(target);
      case CLOB -> new OfClob(target);
      case BINARY -> new OfBinary(target);
      case VARBINARY -> new OfVarbinary(target);
      case BLOB -> new OfBlob(target);
      case JSON -> new OfJson(target);
      case GEOMETRY -> new OfGeometry(target);
      case ARRAY -> new OfArray(target, type, provider);
      case OTHER ->
          type.getValueType() == Value.ROW
              ? new OfRow(target, type, provider)
              : new OfJavaObject(target);
      default -> throw new IllegalArgumentException("not a byte type: " + target.kind());
    };
  }

  abstract Value value(byte[] bytes, int begin, int length);

  /** The value's bytes; the array may be the value's own. */
  abstract byte[] bytes(Value value);

  @Override
  final Value notNull(DecodedColumn column, int row) {
    return value(column.bytes(), column.begin(row), column.length(row));
  }

  @Override
  final Value notNull(ColumnVector vector, int row) {
    return value(vector.bytes, vector.begin[row], vector.length[row]);
  }

  @Override
  final void put(Value value, ColumnVector out, int row) {
    byte[] bytes = bytes(value);
    if (bytes.length > MAX_VALUE_BYTES) {
      throw tooLong(bytes.length);
    }
    out.append(row, bytes, 0, bytes.length);
  }

  @Override
  final byte[] toElement(Value value) {
    return bytes(value);
  }

  @Override
  final Value ofElement(byte[] bytes, int begin, int length) {
    return value(bytes, begin, length);
  }

  static CopyException tooLong(long length) {
    return new CopyException(
        CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
        "value of "
            + length
            + " bytes is longer than a columnar table can store ("
            + MAX_VALUE_BYTES
            + " bytes)");
  }

  static byte[] copy(byte[] bytes, int begin, int length) {
    return Arrays.copyOfRange(bytes, begin, begin + length);
  }

  /** Reads a large object fully, with the limit checked before anything big is allocated. */
  static byte[] content(ValueLob lob) {
    long length = lob.octetLength();
    if (length > MAX_VALUE_BYTES) {
      throw tooLong(length);
    }
    try (InputStream in = lob.getInputStream()) {
      byte[] bytes = in.readNBytes(MAX_VALUE_BYTES);
      if (bytes.length == MAX_VALUE_BYTES && in.read() >= 0) {
        throw tooLong(MAX_VALUE_BYTES + 1L);
      }
      return bytes;
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE, "could not read a large object: " + e.getMessage(), e);
    }
  }

  /** A number of at most eight bytes fits BigDecimal's compact form and needs no BigInteger. */
  static BigDecimal number(byte[] bytes, int begin, int length, int scale) {
    if (length > 8) {
      return new BigDecimal(new BigInteger(bytes, begin, length), scale);
    }
    long unscaled = bytes[begin];
    for (int i = begin + 1; i < begin + length; i++) {
      unscaled = unscaled << 8 | bytes[i] & 0xff;
    }
    return BigDecimal.valueOf(unscaled, scale);
  }

  private static final class OfNumeric extends ByteCodec {
    private final int scale;

    OfNumeric(TargetType target) {
      super(target);
      scale = target.scale();
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueNumeric.get(number(bytes, begin, length, scale));
    }

    @Override
    byte[] bytes(Value value) {
      return LaneCodec.atScale(value.getBigDecimal(), scale).unscaledValue().toByteArray();
    }
  }

  private static final class OfDecfloat extends ByteCodec {
    OfDecfloat(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      int scale = (int) INT32.get(bytes, begin);
      if (scale == Integer.MIN_VALUE) {
        return switch (bytes[begin + 4]) {
          case 0 -> ValueDecfloat.NAN;
          case 1 -> ValueDecfloat.POSITIVE_INFINITY;
          default -> ValueDecfloat.NEGATIVE_INFINITY;
        };
      }
      return ValueDecfloat.get(number(bytes, begin + 4, length - 4, scale));
    }

    @Override
    byte[] bytes(Value value) {
      int scale = Integer.MIN_VALUE;
      byte[] unscaled = new byte[1];
      if (value == ValueDecfloat.POSITIVE_INFINITY) {
        unscaled[0] = 1;
      } else if (value == ValueDecfloat.NEGATIVE_INFINITY) {
        unscaled[0] = -1;
      } else if (value != ValueDecfloat.NAN) {
        BigDecimal number = value.getBigDecimal();
        scale = number.scale();
        unscaled = number.unscaledValue().toByteArray();
      }
      byte[] bytes = new byte[4 + unscaled.length];
      INT32.set(bytes, 0, scale);
      System.arraycopy(unscaled, 0, bytes, 4, unscaled.length);
      return bytes;
    }
  }

  private static final class OfChar extends ByteCodec {
    private final int length;
    private final CastDataProvider provider;

    OfChar(TargetType target, CastDataProvider provider) {
      super(target);
      length = (int) target.precision();
      this.provider = provider;
    }

    @Override
    Value value(byte[] bytes, int begin, int count) {
      String text = SurrogateUtf8.decode(bytes, begin, count);
      int missing = length - text.length();
      if (missing > 0
          && (provider == null || provider.getMode().charPadding == Mode.CharPadding.ALWAYS)) {
        text = text.concat(" ".repeat(missing));
      }
      return ValueChar.get(text);
    }

    @Override
    byte[] bytes(Value value) {
      String text = value.getString();
      int end = text.length();
      while (end > 0 && text.charAt(end - 1) == ' ') {
        end--;
      }
      return SurrogateUtf8.encode(text.substring(0, end));
    }
  }

  private static final class OfVarchar extends ByteCodec {
    OfVarchar(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueVarchar.get(SurrogateUtf8.decode(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return SurrogateUtf8.encode(value.getString());
    }
  }

  private static final class OfVarcharIgnoreCase extends ByteCodec {
    OfVarcharIgnoreCase(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueVarcharIgnoreCase.get(SurrogateUtf8.decode(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return SurrogateUtf8.encode(value.getString());
    }
  }

  private static final class OfClob extends ByteCodec {
    OfClob(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueClob.createSmall(
          copy(bytes, begin, length), SurrogateUtf8.charLength(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return content((ValueLob) value);
    }
  }

  private static final class OfBinary extends ByteCodec {
    OfBinary(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueBinary.getNoCopy(copy(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return value.getBytesNoCopy();
    }
  }

  private static final class OfVarbinary extends ByteCodec {
    OfVarbinary(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueVarbinary.getNoCopy(copy(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return value.getBytesNoCopy();
    }
  }

  private static final class OfBlob extends ByteCodec {
    OfBlob(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueBlob.createSmall(copy(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return content((ValueLob) value);
    }
  }

  private static final class OfJson extends ByteCodec {
    OfJson(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueJson.getInternal(copy(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return value.getBytesNoCopy();
    }
  }

  private static final class OfGeometry extends ByteCodec {
    OfGeometry(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueGeometry.get(copy(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return value.getBytesNoCopy();
    }
  }

  /** Element count, then per element its length (-1 is NULL) and its bytes. */
  private abstract static class OfCollection extends ByteCodec {
    OfCollection(TargetType target) {
      super(target);
    }

    /** Codec of element {@code index}. */
    abstract ValueCodec codec(int index);

    abstract Value collection(Value[] values);

    @Override
    final Value value(byte[] bytes, int begin, int length) {
      Value[] values = new Value[(int) INT32.get(bytes, begin)];
      int at = begin + 4;
      for (int i = 0; i < values.length; i++) {
        int size = (int) INT32.get(bytes, at);
        at += 4;
        if (size < 0) {
          values[i] = ValueNull.INSTANCE;
        } else {
          values[i] = codec(i).ofElement(bytes, at, size);
          at += size;
        }
      }
      return collection(values);
    }

    @Override
    final byte[] bytes(Value value) {
      Value[] values = ((ValueCollectionBase) value).getList();
      byte[][] parts = new byte[values.length][];
      long size = 4;
      for (int i = 0; i < values.length; i++) {
        size += 4;
        if (values[i] != ValueNull.INSTANCE) {
          parts[i] = codec(i).toElement(values[i]);
          size += parts[i].length;
        }
        if (size > MAX_VALUE_BYTES) {
          throw tooLong(size);
        }
      }
      byte[] bytes = new byte[(int) size];
      INT32.set(bytes, 0, values.length);
      int at = 4;
      for (byte[] part : parts) {
        INT32.set(bytes, at, part == null ? -1 : part.length);
        at += 4;
        if (part != null) {
          System.arraycopy(part, 0, bytes, at, part.length);
          at += part.length;
        }
      }
      return bytes;
    }
  }

  private static final class OfArray extends OfCollection {
    private final TypeInfo component;
    private final ValueCodec elements;
    private final CastDataProvider provider;

    OfArray(TargetType target, TypeInfo type, CastDataProvider provider) {
      super(target);
      component = type.getExtTypeInfo() instanceof TypeInfo c ? c : TypeInfo.TYPE_NULL;
      elements = ValueCodec.of(component, provider);
      this.provider = provider;
    }

    @Override
    ValueCodec codec(int index) {
      return elements;
    }

    @Override
    Value collection(Value[] values) {
      return ValueArray.get(component, values, provider);
    }
  }

  private static final class OfRow extends OfCollection {
    private final TypeInfo type;
    private final List<ValueCodec> fields;

    OfRow(TargetType target, TypeInfo type, CastDataProvider provider) {
      super(target);
      this.type = type;
      fields = new ArrayList<>();
      for (Map.Entry<String, TypeInfo> field :
          ((ExtTypeInfoRow) type.getExtTypeInfo()).getFields()) {
        fields.add(ValueCodec.of(field.getValue(), provider));
      }
    }

    @Override
    ValueCodec codec(int index) {
      return fields.get(index);
    }

    @Override
    Value collection(Value[] values) {
      return ValueRow.get(type, values);
    }
  }

  private static final class OfJavaObject extends ByteCodec {
    OfJavaObject(TargetType target) {
      super(target);
    }

    @Override
    Value value(byte[] bytes, int begin, int length) {
      return ValueJavaObject.getNoCopy(copy(bytes, begin, length));
    }

    @Override
    byte[] bytes(Value value) {
      return value.getBytesNoCopy();
    }
  }
}
