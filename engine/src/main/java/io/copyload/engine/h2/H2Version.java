package io.copyload.engine.h2;

import org.h2.engine.Constants;
import org.h2.message.DbException;

/** The one build of H2 whose internals this package knows. */
final class H2Version {
  private static final int BUILD_ID = 252;
  private static final String NAME = "2.5.252";

  private H2Version() {}

  /** Throws an error that names both versions when another H2 is on the class path. */
  static void check() {
    // Read by reflection: the constant would otherwise be compiled in.
    int found;
    try {
      found = Constants.class.getField("BUILD_ID").getInt(null);
    } catch (ReflectiveOperationException e) {
      found = -1;
    }
    if (found != BUILD_ID) {
      throw DbException.getUnsupportedException(
          "columnar tables with H2 "
              + Constants.FULL_VERSION
              + "; put h2-"
              + NAME
              + ".jar on the class path");
    }
  }
}
