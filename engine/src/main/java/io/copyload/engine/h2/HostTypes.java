package io.copyload.engine.h2;

import io.copyload.engine.convert.ForeignTypes;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.h2.message.DbException;
import org.h2.util.geometry.EWKTUtils;
import org.h2.value.ValueGeometry;
import org.h2.value.ValueJson;

/**
 * Text of JSON and GEOMETRY values as H2 reads it: JSON text, and EWKT or EWKB in hexadecimal
 * digits. The bytes are those that H2 itself would store. Type and SRID that a GEOMETRY column
 * demands are checked here, with PostGIS's messages. Threads: any.
 */
public final class HostTypes implements ForeignTypes {
  @Override
  public byte[] parse(TargetType type, byte[] text, int begin, int end) {
    String value = new String(text, begin, end - begin, StandardCharsets.UTF_8);
    return switch (type.kind()) {
      case JSON -> json(type, value);
      case GEOMETRY -> geometry(type, value);
      default -> throw new IllegalArgumentException("cannot read text as " + type.kind());
    };
  }

  private static byte[] json(TargetType type, String text) {
    byte[] bytes;
    try {
      bytes = ValueJson.fromJson(text).getBytesNoCopy();
    } catch (DbException e) {
      // Its syntax has been checked.
      throw new IllegalArgumentException("The database cannot hold this document.", e);
    }
    if (type.precision() >= 0 && bytes.length > type.precision()) {
      throw new IllegalArgumentException("value too long for type json(" + type.precision() + ")");
    }
    return bytes;
  }

  private static byte[] geometry(TargetType type, String text) {
    ValueGeometry value;
    try {
      String trimmed = text.strip();
      value =
          trimmed.startsWith("0")
              ? ValueGeometry.getFromEWKB(HexFormat.of().parseHex(trimmed))
              : ValueGeometry.get(trimmed);
    } catch (DbException | IllegalArgumentException e) {
      throw new IllegalArgumentException("parse error - invalid geometry", e);
    }
    return checked(type, value);
  }

  @Override
  public byte[] geometry(TargetType type, byte[] ewkb) {
    ValueGeometry value;
    try {
      value = ValueGeometry.getFromEWKB(ewkb);
    } catch (DbException | IllegalArgumentException e) {
      throw new IllegalArgumentException("parse error - invalid geometry", e);
    }
    return checked(type, value);
  }

  private static byte[] checked(TargetType type, ValueGeometry value) {
    if (type.kind() == Kind.GEOMETRY && type.precision() >= 0) {
      int demanded = (int) type.precision();
      int found = value.getTypeAndDimensionSystem();
      if (demanded != 0 && demanded != found) {
        throw new IllegalArgumentException(
            "Geometry type ("
                + name(found)
                + ") does not match column type ("
                + name(demanded)
                + ")");
      }
      if (type.scale() != Integer.MIN_VALUE && type.scale() != value.getSRID()) {
        throw new IllegalArgumentException(
            "Geometry SRID ("
                + value.getSRID()
                + ") does not match column SRID ("
                + type.scale()
                + ")");
      }
    }
    return value.getBytesNoCopy();
  }

  private static String name(int typeAndDimensions) {
    return EWKTUtils.formatGeometryTypeAndDimensionSystem(new StringBuilder(), typeAndDimensions)
        .toString();
  }
}
