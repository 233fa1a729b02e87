package io.copyload.engine.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolvedTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "COPY t FROM 'a' CSV|COPY PUBLIC.T FROM '/x/a' CSV",
        "COPY t FROM ? CSV|COPY PUBLIC.T FROM '/x/a' CSV",
        "COPY t FROM STDIN|COPY PUBLIC.T FROM STDIN",
        "COPY t FROM PROGRAM 'curl -u me:hush x' CSV|COPY PUBLIC.T FROM PROGRAM '****' CSV",
        "COPY t FROM 'a' CREDENTIALS 'k=hush'|COPY PUBLIC.T FROM '/x/a' CREDENTIALS '****'"
      })
  void keepsPlacesAndNoSecrets(String sql, String kept) {
    assertEquals(
        kept.replace("****", OptionValue.STARS),
        ResolvedText.of(sql, (CopyFrom) CopyParser.parse(sql), "PUBLIC.T", "/x/a"));
  }

  /** What is kept can be read again. */
  @Test
  void keepsTheFirstOfManyFiles() {
    String names =
        IntStream.range(0, 1500).mapToObj(i -> "'f" + i + "'").collect(Collectors.joining(", "));
    String sql = "COPY t FROM 's3://b' (FORMAT csv, FILES = [" + names + "], HEADER)";
    String kept = ResolvedText.of(sql, (CopyFrom) CopyParser.parse(sql), "t", "s3://b");
    assertTrue(kept.endsWith("'f999' /* and 500 more */], HEADER)"), kept);
    assertEquals(
        ((CopyFrom) CopyParser.parse(sql)).options().size(),
        ((CopyFrom) CopyParser.parse(kept)).options().size());
  }
}
