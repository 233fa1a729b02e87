package io.copyload.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random clauses; {@code -Dcopyload.seed} repeats a run. */
class CopyResolverFuzzTest {
  private static final String[] NAMES = {
    "FORMAT",
    "DELIMITER",
    "NULL",
    "QUOTE",
    "ESCAPE",
    "HEADER",
    "ENCODING",
    "FREEZE",
    "DEFAULT",
    "FORCE_NULL",
    "FORCE_NOT_NULL",
    "FORCE_QUOTE",
    "ON_ERROR",
    "REJECT_LIMIT",
    "LOG_VERBOSITY",
    "CONVERT_SELECTIVELY",
    "FILES",
    "PATTERN",
    "AWS CONNECTION",
    "MAX FILE SIZE",
    "nix",
    "\"Q\""
  };
  private static final String[] VALUES = {
    "",
    "csv",
    "text",
    "binary",
    "parquet",
    "'CSV'",
    "'|'",
    "','",
    "''",
    "E'\\n'",
    "'é'",
    "x",
    "1",
    "0",
    "-3",
    "1.5",
    "true",
    "off",
    "match",
    "*",
    "(a)",
    "(a, 'b')",
    "['a']",
    "[]",
    "utf8",
    "'LATIN1'",
    "ignore",
    "stop",
    "default",
    "verbose",
    "'\"'",
    "'a,b'",
    "99999999999999999999"
  };
  private static final String[] CLAUSES = {
    "CSV",
    "HEADER",
    "FREEZE",
    "BINARY",
    "DELIMITER '|'",
    "DELIMITER '\\t'",
    "DELIMITER '\\777'",
    "DELIMITER ''",
    "QUOTE '%'",
    "QUOTE ''",
    "NULL AS ''",
    "NULL 'x'",
    "ESCAPE",
    "ESCAPE 'x'",
    "GZIP",
    "MAXERROR 5",
    "MAXERROR 'x'",
    "IGNOREHEADER -1",
    "IGNOREHEADER 99999999999999999999",
    "IGNOREHEADER 3",
    "ENCODING utf8",
    "ENCODING 'utf16'",
    "FORCE NULL a",
    "FORMAT AS CSV",
    "JSON",
    "IAM_ROLE default",
    "SECRET_ACCESS_KEY 'hush'",
    "CREDENTIALS 'hush'",
    "TOKEN 'hush'"
  };

  private final long seed = Long.getLong("copyload.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String pick(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String statement() {
    StringBuilder sql = new StringBuilder("COPY t FROM 'f' ");
    boolean list = random.nextBoolean();
    if (list) {
      sql.append('(').append(pick(NAMES)).append(' ').append(pick(VALUES));
      for (int n = random.nextInt(3); n > 0; n--) {
        sql.append(", ").append(pick(NAMES)).append(random.nextInt(9) == 0 ? " = " : " ");
        sql.append(pick(VALUES));
      }
      sql.append(") ");
    }
    for (int n = list ? random.nextInt(9) / 8 : random.nextInt(4); n > 0; n--) {
      sql.append(pick(CLAUSES)).append(' ');
    }
    return random.nextInt(9) == 0 ? sql + "WHERE a > 1" : sql.toString();
  }

  @Test
  void resolvesOrRefusesAndNeverShowsSecrets() {
    System.out.println("CopyResolverFuzzTest seed " + seed);
    int resolved = 0;
    for (int i = 0; i < 100_000; i++) {
      String sql = statement();
      DialectName property = DialectName.values()[random.nextInt(DialectName.values().length)];
      try {
        CopyFrom copy = (CopyFrom) CopyParser.parse(sql);
        ResolvedCopy answer = CopyResolver.resolve(copy, property);
        assertNotEquals(DialectName.AUTO, answer.dialect());
        assertFalse(answer.toString().contains("hush"));
        resolved++;
      } catch (CopyException e) {
        assertFalse((e + " " + e.hint()).contains("hush"), sql);
        assertTrue(e.position() >= 0 && e.position() <= sql.length() + 1, sql);
      } catch (RuntimeException e) {
        throw new AssertionError(property + " " + sql, e);
      }
    }
    assertTrue(resolved > 5_000, "only " + resolved + " resolved");
  }
}
