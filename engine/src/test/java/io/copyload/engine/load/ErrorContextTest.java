package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.convert.RejectReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorContextTest {
  private static Reject reject(String object, RejectReason reason, String column, String value) {
    return new Reject(
        0, object, 2, 1, column, value, "foo,bar", 0, reason, "message", "detail", "hint");
  }

  @Test
  void hasPostgresForms() {
    assertEquals(
        "COPY t, line 2, column a: \"foo\"",
        ErrorContext.of("t", reject("stdin", RejectReason.INVALID_INTEGER, "a", "foo")));
    assertEquals(
        "COPY t, line 2, column a: null input",
        ErrorContext.of("t", reject("stdin", RejectReason.INVALID_INTEGER, "a", null)));
    assertEquals(
        "COPY t, line 2: \"foo,bar\"",
        ErrorContext.of("t", reject("stdin", RejectReason.MISSING_FIELD, "a", null)));
    assertEquals(
        "COPY t, line 2: \"foo,bar\"",
        ErrorContext.of("t", reject("stdin", RejectReason.NOT_NULL, "a", null)));
    assertEquals(
        "COPY t, line 2",
        ErrorContext.of("t", reject("stdin", RejectReason.MALFORMED_RECORD, null, null)));
  }

  @Test
  void namesTheFile() {
    assertEquals(
        "COPY t, file \"/x.csv\", line 2, column a: \"foo\"",
        ErrorContext.of("t", reject("/x.csv", RejectReason.INVALID_INTEGER, "a", "foo")));
  }

  @Test
  void cutsLongTextsAtACharacter() {
    assertEquals("x".repeat(100), ErrorContext.cut("x".repeat(100)));
    assertEquals("x".repeat(100) + "...", ErrorContext.cut("x".repeat(101)));
    assertEquals("x" + "é".repeat(49) + "...", ErrorContext.cut("x" + "é".repeat(50)));
  }

  @Test
  void exceptionCarriesEverything() {
    LoadPlan plan = Loads.plan(Loads.CSV, List.of(), ErrorBudget.NONE, 1, 0, List.of());
    CopyException e =
        ErrorContext.toException(reject("stdin", RejectReason.INVALID_INTEGER, "a", "foo"), plan);
    assertEquals(CopyErrorCode.INVALID_TEXT_REPRESENTATION, e.code());
    assertEquals("message", e.getMessage());
    assertEquals("detail", e.detail());
    assertEquals("hint", e.hint());
    assertEquals("COPY t, line 2, column a: \"foo\"", e.context());
  }
}
