package io.copyload.engine.source.hdfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.copyload.engine.CopyException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns as the examples of Hadoop's {@code FileSystem.globStatus} have them. */
class PathPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "/a/b~/a/b~true",
        "/a/b~/a/c~false",
        "/a/*~/a/bc~true",
        "/a/*~/a/b/c~false",
        "/a/*.csv~/a/x.csv~true",
        "/a/*.csv~/a/xcsv~false",
        "/*/b~/x/b~true",
        "/a/?~/a/x~true",
        "/a/?~/a/xy~false",
        "/a/[bc]x~/a/cx~true",
        "/a/[b-d]x~/a/cx~true",
        "/a/[^b-d]x~/a/cx~false",
        "/a/[!b-d]x~/a/ex~true",
        "/a/[]x]~/a/]~true",
        "/a/[a\\-c]~/a/b~false",
        "/a/[a\\-c]~/a/-~true",
        "/a/\\*~/a/*~true",
        "/a/\\*~/a/b~false",
        "/a/{b,cd}~/a/cd~true",
        "/a/{b,c{d,e}}f~/a/cef~true",
        "/a/{b,c{d,e}}f~/a/cf~false",
        "/a/x{,y}~/a/x~true",
        "/{a/b,c}/d~/a/b/d~true",
        "/{a/b,c}/d~/c/d~true",
        "/{a/b,c}/d~/a/d~false",
        "/a/{b*,[cd]}~/a/bxx~true",
        "/a/[{]~/a/{~true",
      })
  void matches(String pattern, String path, boolean expected) {
    assertEquals(
        expected, PathPattern.of(pattern).stream().anyMatch(one -> one.matches(path)), pattern);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "/a/[b~a [ without ]",
        "/a/{b~a { without }",
        "/a/b}~a } without {",
        "/a/[c-a]~a range",
        "/a/{b,../c}~a part . or ..",
        "/a/b\\~a backslash",
      })
  void whatIsNoPatternIsRefused(String pattern, String text) {
    CopyException e = assertThrows(CopyException.class, () -> PathPattern.of(pattern));
    assertEquals("42602", e.code().sqlState());
    assertEquals(true, e.getMessage().contains(text), e.getMessage());
  }

  @Test
  void timeAndAlternativesHaveALimit() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          PathPattern stars = PathPattern.of("/" + "*a".repeat(100) + "b").get(0);
          assertEquals(false, stars.matches("/" + "a".repeat(255)));
        });
    CopyException e =
        assertThrows(CopyException.class, () -> PathPattern.of("/" + "{a,b/c}".repeat(30)));
    assertEquals("54000", e.code().sqlState());
    assertThrows(CopyException.class, () -> PathPattern.of("/" + "{a,b}".repeat(30)));
  }
}
