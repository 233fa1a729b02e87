package org.h2.command;

import org.h2.engine.CastDataProvider;
import org.h2.value.CompareMode;
import org.h2.value.TypeInfo;
import org.h2.value.Value;

/**
 * Carries a stream, path or other object unread through H2's parameter and batch lists to a COPY
 * command. It is never stored or compared as a value.
 */
public final class ObjectValue extends Value {
  private final Object object;

  public ObjectValue(Object object) {
    this.object = object;
  }

  Object object() {
    return object;
  }

  @Override
  public TypeInfo getType() {
    return TypeInfo.TYPE_JAVA_OBJECT;
  }

  @Override
  public int getValueType() {
    return JAVA_OBJECT;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(object);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObjectValue v && v.object == object;
  }

  @Override
  public String getString() {
    return "?";
  }

  @Override
  public StringBuilder getSQL(StringBuilder builder, int sqlFlags) {
    return builder.append('?');
  }

  @Override
  public int compareTypeSafe(Value v, CompareMode mode, CastDataProvider provider) {
    return Integer.compare(hashCode(), v.hashCode());
  }
}
