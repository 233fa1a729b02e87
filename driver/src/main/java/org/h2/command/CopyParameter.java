package org.h2.command;

import java.sql.ResultSetMetaData;
import org.h2.api.ErrorCode;
import org.h2.expression.ParameterInterface;
import org.h2.message.DbException;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueLob;
import org.h2.value.ValueNull;

/**
 * A {@code ?} of a COPY, or of a statement next to one whose own parameters do not exist before it
 * runs.
 */
public final class CopyParameter implements ParameterInterface {
  private final int number;
  private Value value;

  CopyParameter(int number) {
    this.number = number;
  }

  @Override
  public void setValue(Value newValue, boolean closeOld) {
    if (closeOld && value instanceof ValueLob lob) {
      lob.remove();
    }
    value = newValue;
  }

  @Override
  public Value getParamValue() {
    return value == null ? ValueNull.INSTANCE : value;
  }

  @Override
  public void checkSet() {
    if (value == null) {
      throw DbException.get(ErrorCode.PARAMETER_NOT_SET_1, "#" + number);
    }
  }

  @Override
  public boolean isValueSet() {
    return value != null;
  }

  @Override
  public TypeInfo getType() {
    return TypeInfo.TYPE_VARCHAR;
  }

  @Override
  public int getNullable() {
    return ResultSetMetaData.columnNullableUnknown;
  }

  /**
   * The object as the application gave it; what went through H2's own setters comes back as text,
   * bytes or a stream.
   */
  Object object() {
    if (value == null || value == ValueNull.INSTANCE) {
      return null;
    }
    if (value instanceof ObjectValue o) {
      return o.object();
    }
    return switch (value.getValueType()) {
      case Value.BLOB -> value.getInputStream();
      case Value.CLOB -> value.getReader();
      case Value.BINARY, Value.VARBINARY -> value.getBytes();
      default -> value.getString();
    };
  }
}
