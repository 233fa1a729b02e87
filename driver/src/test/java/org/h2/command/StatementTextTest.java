package org.h2.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "0 | SELECT '?'",
        "2 | SELECT ?, ?",
        "3 | SELECT ?1, ?3",
        "1 | SELECT \"a?\", ?",
        "1 | SELECT ? -- ?",
        "1 | SELECT /* ? /* ? */ */ ?",
        "1 | SELECT $$ ? $$, ?",
        "1 | SELECT a$b ? c$d",
        "1 | SELECT 'it''s ?', ?",
        "0 | SELECT '?",
        "0 | SELECT /* ?",
      })
  void parametersAreCounted(int count, String sql) {
    assertEquals(count, StatementText.countParameters(sql, false));
  }

  @Test
  void escapesOfCopyStringsAreUnderstood() {
    assertEquals(1, StatementText.countParameters("COPY t FROM ? NULL E'\\'?'", true));
    assertEquals(0, StatementText.countParameters("COPY t FROM $a$ ? $$ ? $a$", true));
  }

  @Test
  void shownTextHasNoStrings() {
    assertEquals(
        "COPY t FROM '***'   CREDENTIALS '***' NULL E'***' ESCAPE '***' \"a'b\"",
        StatementText.withoutStrings(
            "COPY t FROM 's3://k' /* 'secret' */ CREDENTIALS 'it''s secret' NULL E'\\'secret' ESCAPE $x$secret$x$ \"a'b\""));
    assertEquals("COPY t FROM '***'", StatementText.withoutStrings("COPY t FROM 'secret"));
  }
}
