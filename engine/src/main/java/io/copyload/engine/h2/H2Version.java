package io.copyload.engine.h2;

import org.h2.engine.Constants;
import org.h2.message.DbException;

/** The one build of H2 whose internals this package knows. */
final class H2Version {
  private static final int BUILD_ID = 240;
  private static final String NAME = "2.4.240";

  private H2Version() {}

  /** Throws an error that names both versions when another H2 is on the class path. */
  static void check() {
    // Read by reflection: constants would otherwise be compiled in.
    Object found = read("BUILD_ID");
    if (!Integer.valueOf(BUILD_ID).equals(found)) {
      throw DbException.getUnsupportedException(
          "columnar tables with H2 "
              + read("FULL_VERSION")
              + "; put h2-"
              + NAME
              + ".jar on the class path");
    }
  }

  private static Object read(String constant) {
    try {
      return Constants.class.getField(constant).get(null);
    } catch (ReflectiveOperationException e) {
      return "unknown";
    }
  }
}
