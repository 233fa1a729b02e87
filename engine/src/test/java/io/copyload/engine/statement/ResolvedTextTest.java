package io.copyload.engine.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
