package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.h2.value.ExtTypeInfoGeometry;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueGeometry;
import org.junit.jupiter.api.Test;

class HostTypesTest {
  private static final TargetType JSON = TargetType.of(Kind.JSON);
  private static final TargetType GEOMETRY = TargetType.of(Kind.GEOMETRY);

  private static byte[] parse(TargetType type, String text) {
    byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
    return new HostTypes().parse(type, bytes, 1, bytes.length - 1);
  }

  private static String refused(TargetType type, String text) {
    return assertThrows(IllegalArgumentException.class, () -> parse(type, text)).getMessage();
  }

  @Test
  void jsonIsNormalisedAsByH2() {
    assertEquals(
        "{\"a\":[1,2.50,null],\"é\":\"é\"}",
        new String(
            parse(JSON, " {\"a\" : [1, 2.50, null], \"é\":\"\\u00e9\"} "), StandardCharsets.UTF_8));
    // A lone surrogate has no UTF-8.
    assertEquals("The database cannot hold this document.", refused(JSON, "\"\\ud83d\""));
    assertEquals(
        "value too long for type json(3)", refused(TargetType.of(Kind.JSON, 3, 0), "[1,2]"));
  }

  @Test
  void geometryIsReadFromEwktAndHexEwkb() {
    byte[] expected = ValueGeometry.get("SRID=4326;POINT (1 2)").getBytesNoCopy();
    assertArrayEquals(expected, parse(GEOMETRY, " SRID=4326;POINT(1 2) "));
    assertArrayEquals(expected, parse(GEOMETRY, HexFormat.of().formatHex(expected)));
    assertArrayEquals(
        expected, parse(GEOMETRY, HexFormat.of().withUpperCase().formatHex(expected)));
    assertEquals("parse error - invalid geometry", refused(GEOMETRY, "POINT(1)"));
    assertEquals("parse error - invalid geometry", refused(GEOMETRY, "01"));
    assertEquals("parse error - invalid geometry", refused(GEOMETRY, "0x"));
  }

  @Test
  void aGeometryMustHaveTheTypeAndSridOfItsColumn() {
    TargetType point =
        TargetTypes.of(
            TypeInfo.getTypeInfo(Value.GEOMETRY, -1, -1, new ExtTypeInfoGeometry(1, 4326)));
    parse(point, "SRID=4326;POINT(1 2)");
    assertEquals(
        "Geometry type (LINESTRING) does not match column type (POINT)",
        refused(point, "SRID=4326;LINESTRING(1 2, 3 4)"));
    assertEquals(
        "Geometry SRID (0) does not match column SRID (4326)", refused(point, "POINT(1 2)"));
    TargetType anyType =
        TargetTypes.of(TypeInfo.getTypeInfo(Value.GEOMETRY, -1, -1, new ExtTypeInfoGeometry(0, 0)));
    parse(anyType, "LINESTRING(1 2, 3 4)");
    assertEquals(
        "Geometry SRID (1) does not match column SRID (0)", refused(anyType, "SRID=1;POINT(1 2)"));
  }
}
