package io.copyload.engine.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  @ParameterizedTest
  @CsvSource({
    "csv/**, csv/1.csv, true",
    "csv/**, csv/a/b.csv, true",
    "csv/**, csv2/1.csv, false",
    "*parquet*, a/parquet/b, true",
    "a/**/b, a/b, true",
    "a/**/b, a/x/y/b, true",
    "a/**/b, a/xb, false",
    "**/x, x, true",
    "**/x, a/x, true",
    "**/x, ax, false",
    "?.csv, 1.csv, true",
    "?.csv, /.csv, true",
    "?.csv, 12.csv, false",
    "[1-3]x, 2x, true",
    "[1-3]x, 4x, false",
    "[!1-3]x, 4x, true",
    "[]]x, ]x, true",
    "[a-]x, -x, true",
    "[*], *, true",
    "A, a, false",
    "'{a,b}', a, false",
  })
  void matches(String pattern, String name, boolean expected) {
    assertEquals(expected, NamePattern.of(pattern).matches(name), pattern + " " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "a***, 3, wildcards are either regular `*` or recursive `**`",
    "a**, 0, recursive wildcards must form a single path component",
    "**a, 2, recursive wildcards must form a single path component",
    "[a, 0, invalid range pattern",
    "x[], 1, invalid range pattern",
    "[!], 0, invalid range pattern",
  })
  void saysWhatIsWrong(String pattern, int position, String why) {
    CopyException e = assertThrows(CopyException.class, () -> NamePattern.of(pattern));
    assertEquals("Pattern syntax error near position " + position + ": " + why, e.getMessage());
  }

  @Test
  void noPatternTakesLong() {
    String name = "a".repeat(1024);
    assertFalse(NamePattern.of("*a".repeat(400) + "b").matches(name));
    assertTrue(NamePattern.of("**/".repeat(300) + "*").matches(name));
  }
}
