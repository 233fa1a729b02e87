package io.copyload.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import io.copyload.engine.statement.CopyCommand;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.CopyQuery;
import io.copyload.engine.statement.CopyTo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Compares option and grammar errors with what PostgreSQL 14 to 18 answered to the same statements.
 * The recorded answers lie beside the checkout ({@code ../shared}, or the folder of {@code
 * -Dcopyload.shared}); without them the test is skipped. The rules they prove are restated in
 * {@link CopyResolverTest}.
 */
class PostgresAnswersTest {
  private static final String FILE = "reference/pg-materialize-examples/pg-copy-cases.jsonl";

  /** Codes that a statement's text alone can lead to. */
  private static final Set<String> TEXT_ERRORS = Set.of("42601", "22023", "0A000", "22P02");

  private static final Map<Double, DialectName> DIALECTS =
      Map.of(
          14.0, DialectName.POSTGRESQL14,
          15.0, DialectName.POSTGRESQL15,
          16.0, DialectName.POSTGRESQL16,
          17.0, DialectName.POSTGRESQL17,
          18.0, DialectName.POSTGRESQL);

  private static Path find() {
    String property = System.getProperty("copyload.shared");
    if (property != null) {
      return Path.of(property, FILE);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      Path file = folder.resolve("shared").resolve(FILE);
      if (Files.exists(file)) {
        return file;
      }
      folder = folder.getParent();
    }
    return null;
  }

  @Test
  void answersStatementsAsEachMajorDid() throws IOException {
    Path file = find();
    Assumptions.assumeTrue(file != null && Files.exists(file), "no recorded answers");
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (String line : Files.readAllLines(file)) {
      Map<?, ?> testCase = (Map<?, ?>) new Json(line).value();
      String id = (String) testCase.get("id");
      if (!id.matches("(opt|gram|leg|to)-.*")) {
        continue;
      }
      for (Map.Entry<Double, DialectName> dialect : DIALECTS.entrySet()) {
        String expected = expected(testCase, dialect.getKey());
        if (expected != null) {
          String sql = (String) testCase.get("copy");
          compared++;
          String answer = answer(sql, dialect.getValue(), expected.equals("ok"));
          if (!answer.equals(expected)) {
            wrong.add(
                dialect.getValue()
                    + " "
                    + id
                    + ": "
                    + sql
                    + "\n  expected "
                    + expected
                    + "\n  answered "
                    + answer);
          }
        }
      }
    }
    assertTrue(compared > 1000, "compared only " + compared);
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  /**
   * The error as {@code state@position message}, or ok where only the table or the data could fail.
   */
  private static String expected(Map<?, ?> testCase, double major) {
    for (Object item : (List<?>) testCase.get("expect")) {
      Map<?, ?> answer = (Map<?, ?>) item;
      if (((List<?>) answer.get("pg")).contains(major)) {
        Map<?, ?> error = (Map<?, ?>) answer.get("error");
        if (error == null || !TEXT_ERRORS.contains((String) error.get("sqlstate"))) {
          return "ok";
        }
        Object position = error.get("position");
        String message = (String) error.get("message");
        return message.contains("WHERE condition")
            ? "ok"
            : error.get("sqlstate")
                + "@"
                + (position == null ? 0 : ((Double) position).intValue())
                + " "
                + message;
      }
    }
    return null;
  }

  private static String answer(String sql, DialectName dialect, boolean mayBeUnbuilt) {
    try {
      CopyCommand command = CopyParser.parse(sql);
      if (command instanceof CopyTo copyTo) {
        if (copyTo.query() != null) {
          CopyQuery.forHost(copyTo.query().of(sql), copyTo.query());
        }
        CopyResolver.resolve(copyTo, dialect);
      } else {
        CopyResolver.resolve((CopyFrom) command, dialect);
      }
      return "ok";
    } catch (CopyException e) {
      if (mayBeUnbuilt && e.getMessage().endsWith(" is not supported yet")) {
        return "ok";
      }
      return e.code().sqlState() + "@" + e.position() + " " + e.getMessage();
    }
  }

  /** Enough of JSON for the recorded answers. */
  private static final class Json {
    private final String text;
    private int at;

    Json(String text) {
      this.text = text;
    }

    Object value() {
      blanks();
      char c = text.charAt(at);
      if (c == '{') {
        return object();
      }
      if (c == '[') {
        return array();
      }
      if (c == '"') {
        return string();
      }
      int begin = at;
      while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String word = text.substring(begin, at);
      return word.equals("null") || word.equals("true") || word.equals("false")
          ? null
          : Double.valueOf(word);
    }

    private void blanks() {
      while (text.charAt(at) == ' ') {
        at++;
      }
    }

    private boolean more(char close) {
      blanks();
      if (text.charAt(at) == ',') {
        at++;
        blanks();
      }
      if (text.charAt(at) == close) {
        at++;
        return false;
      }
      return true;
    }

    private Map<String, Object> object() {
      Map<String, Object> map = new LinkedHashMap<>();
      at++;
      while (more('}')) {
        String key = string();
        blanks();
        at++;
        map.put(key, value());
      }
      return map;
    }

    private List<Object> array() {
      List<Object> list = new ArrayList<>();
      at++;
      while (more(']')) {
        list.add(value());
      }
      return list;
    }

    private String string() {
      StringBuilder string = new StringBuilder();
      at++;
      while (text.charAt(at) != '"') {
        char c = text.charAt(at++);
        if (c == '\\') {
          c = text.charAt(at++);
          if (c == 'u') {
            c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
            at += 4;
          } else {
            int known = "bfnrt".indexOf(c);
            c = known < 0 ? c : "\b\f\n\r\t".charAt(known);
          }
        }
        string.append(c);
      }
      at++;
      return string.toString();
    }
  }
}
