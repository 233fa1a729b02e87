package io.copyload.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.statement.CopyCommand;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.CopyTo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Materialize's option forms and its texts. */
class MaterializeOptionsTest {
  private static final String NAMES =
      "FORMAT or DELIMITER or NULL or ESCAPE or QUOTE or HEADER or AWS or MAX or FILES or PATTERN";

  private static Object resolve(String sql) {
    CopyCommand command;
    try {
      command = CopyParser.parse(sql);
    } catch (CopyException e) {
      throw MaterializeSyntax.reworded(sql, e);
    }
    return command instanceof CopyTo copyTo
        ? CopyResolver.resolve(copyTo, DialectName.MATERIALIZE).format()
        : CopyResolver.resolve((CopyFrom) command, DialectName.MATERIALIZE).format();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(FORMAT CSV, DELIMITER '|', HEADER)",
        "(FORMAT = 'CSV', DELIMITER = '|', HEADER = true)",
        "WITH (HEADER TRUE, \"format\" = \"Csv\", DELIMITER \"|\")",
        "WITH (FORMAT 'csv', DELIMITER='|', HEADER=TRUE, MAX FILE SIZE = '100MB')"
      })
  void takesItsForms(String options) {
    DelimitedSpec spec = (DelimitedSpec) resolve("COPY INTO t FROM STDIN " + options);
    assertEquals(DelimitedSpec.Style.POSTGRES_CSV, spec.style());
    assertEquals('|', spec.delimiter());
    assertEquals(DelimitedSpec.Header.SKIP, spec.header());
    // An unquoted end marker ends CSV data there.
    assertEquals(DelimitedSpec.EndMarker.WHOLE_LINE, spec.endMarker());
    assertTrue(spec.mixedLines());
  }

  @Test
  void takesWhatOnlyPostgresqlHas() {
    resolve("COPY t FROM STDIN (FORMAT = csv, ON_ERROR = ignore, REJECT_LIMIT = 3)");
    resolve("COPY t FROM STDIN CSV HEADER FORCE NULL *");
    assertEquals(new PgBinarySpec(), resolve("COPY (SELECT 1) TO STDOUT (FORMAT = BINARY)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COPY t FROM STDIN (DELIMITER ',', DELIMITER ',')|42601|DELIMITER specified more than once",
        "COPY t FROM STDIN (FORMAT avro)|22023|unknown FORMAT: avro",
        "COPY t FROM STDIN (FORMAT binary)|0A000|FORMAT BINARY not yet supported",
        "COPY t FROM STDIN (HEADER 'true')|42601|invalid HEADER: cannot use value as boolean",
        "COPY t FROM STDIN (HEADER 1)|42601|invalid HEADER: cannot use value as boolean",
        "COPY t FROM STDIN (DELIMITER 5)|42601|invalid DELIMITER: cannot use value as string",
        "COPY t FROM STDIN (DELIMITER)|42601|invalid DELIMITER: cannot use value as string",
        "COPY t FROM STDIN (FILES = 'a.csv')|42601|invalid FILES: cannot use value as array",
        "COPY t FROM STDIN (DELIMITER 'é')|0A000|COPY delimiter must be a single one-byte character",
        "COPY t FROM STDIN (QUOTE '#')|0A000|COPY quote available only in CSV mode",
        "COPY t FROM STDIN (ESCAPE '#')|0A000|COPY escape available only in CSV mode",
        "COPY t FROM STDIN (HEADER)|0A000|COPY HEADER available only in CSV mode",
        "COPY t FROM STDIN (FORMAT csv, QUOTE ',')|22023|COPY delimiter and quote must be different",
        "COPY t FROM STDIN (FORMAT csv, FILES = ['a'])|0A000|"
            + "COPY FROM ... WITH (FILES ...) only supported from a URL not yet supported",
        "COPY t FROM STDIN (PATTERN = 'a')|0A000|"
            + "COPY FROM ... WITH (FILES ...) only supported from a URL not yet supported",
        "COPY t FROM 's3://b' (FORMAT csv, FILES = ['a'], PATTERN = 'b')|0A000|"
            + "must specify one of FILES or PATTERN not yet supported",
        "COPY t FROM STDIN (FOO 'x')|42601|Expected one of " + NAMES + ", found identifier \"foo\"",
        "COPY t FROM STDIN WITH ()|42601|Expected one of " + NAMES + ", found right parenthesis",
        "COPY (SELECT 1) FROM STDIN|42601|queries not allowed in COPY FROM",
        "COPY INTO t TO STDOUT|42601|Expected identifier, found INTO",
        "COPY t FROM PROGRAM 'ls'|42601|Expected end of statement, found string literal \"ls\"",
        "COPY t TO STDOUT|0A000|named with COPY TO STDOUT unsupported",
        "COPY (SELECT 1) TO STDOUT (DELIMITER ',')|0A000|"
            + "COPY TO does not support DELIMITER option yet",
        "COPY (SELECT 1) TO STDOUT (NULL 'x')|0A000|COPY TO does not support NULL option yet",
        "COPY (SELECT 1) TO STDOUT (FORMAT csv, QUOTE '#')|0A000|"
            + "COPY TO does not support QUOTE option yet"
      })
  void refusesInItsWords(String sql, String state, String message) {
    CopyException e = assertThrows(CopyException.class, () -> resolve(sql), sql);
    assertEquals(message, e.getMessage());
    assertEquals(state, e.code().sqlState());
  }
}
