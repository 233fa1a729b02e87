package io.copyload.engine.h2;

import java.lang.reflect.Field;
import org.h2.command.CommandContainer;

/** Private fields of H2, reached by reflection; all of them are listed in the package-info. */
final class Internals {
  private Internals() {}

  static Field field(String className, String name) {
    try {
      return field(Class.forName(className, false, CommandContainer.class.getClassLoader()), name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this release of H2 has no " + className, e);
    }
  }

  static Field field(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("this release of H2 has no " + owner + "." + name, e);
    }
  }

  static Object get(Field field, Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  static void set(Field field, Object owner, Object value) {
    try {
      field.set(owner, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
