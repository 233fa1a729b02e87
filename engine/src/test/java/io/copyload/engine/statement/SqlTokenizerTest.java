package io.copyload.engine.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTokenizerTest {
  private static List<Token> tokens(String sql) {
    SqlTokenizer tokenizer = new SqlTokenizer(sql, 0);
    List<Token> tokens = new ArrayList<>();
    Token token = tokenizer.next();
    while (!token.isEnd()) {
      tokens.add(token);
      token = tokenizer.next();
    }
    return tokens;
  }

  private static Token only(String sql) {
    List<Token> tokens = tokens(sql);
    assertEquals(1, tokens.size(), tokens::toString);
    assertEquals(new TextRange(0, sql.length()), tokens.get(0).range());
    return tokens.get(0);
  }

  private static void assertString(String expected, String sql) {
    Token token = only(sql);
    assertEquals(Token.Kind.STRING, token.kind());
    assertEquals(expected, token.text());
  }

  @Test
  void decodesEveryKindOfString() {
    assertString("", "''");
    assertString("it's", "'it''s'");
    assertString("\\t", "'\\t'");
    assertString("a\tb\n\b\f\r\u000b", "E'a\\tb\\n\\b\\f\\r\\v'");
    assertString("'x\\q'", "e'\\'x\\\\\\q'''");
    assertString("AS4", "E'\\101\\1234'");
    assertString("A42", "E'\\x4142'");
    assertString("é€😀", "E'\\xc3\\xa9\\u20ac\\U0001F600'");
    assertString("xg", "E'\\xg'");
    assertString("\t€😀\\", "U&'\\0009\\20AC\\+01F600\\\\'");
    assertString("😀", "U&'\\D83D\\DE00'");
    assertString("d\u0061t!!", "u&'d!0061t!!!!' UESCAPE '!'");
    assertString("a'b;--", "$$a'b;--$$");
    assertString("a$$b", "$x_1$a$$b$x_1$");
    assertString("", "$$$$");
  }

  @Test
  void joinsStringsAcrossLineEndsOnly() {
    assertString("abc", "'ab'  \n 'c'");
    assertEquals(2, tokens("'ab' 'c'").size());
  }

  @Test
  void readsIdentifiersWithTheirCase() {
    assertEquals("Ab$_1é", only("Ab$_1é").text());
    assertEquals("a$$b", only("a$$b").text());
    assertEquals("a\"B", only("\"a\"\"B\"").text());
    assertEquals(Token.Kind.QUOTED_IDENTIFIER, only("\"select\"").kind());
    assertEquals("dät", only("U&\"d\\00E4t\"").text());
    assertEquals("x`y", only("`x``y`").text());
    assertEquals(Token.Kind.WORD, only("e").kind());
    assertEquals(Token.Kind.WORD, only("u").kind());
  }

  @ParameterizedTest
  @CsvSource({"1", "12.5", ".5", "1e5", "1.1E-05", "1.", "1_000"})
  void readsNumbers(String text) {
    assertEquals(Token.Kind.NUMBER, only(text).kind());
    assertEquals(text, only(text).text());
  }

  @Test
  void leavesSignsToTheGrammar() {
    assertEquals(List.of("-", "1"), tokens("-1").stream().map(Token::text).toList());
  }

  @Test
  void readsParameters() {
    assertEquals("", only("?").text());
    assertEquals("12", only("?12").text());
    assertEquals("3", only("$3").text());
    assertEquals(Token.Kind.PARAMETER, only("$3").kind());
  }

  @Test
  void skipsBlanksAndComments() {
    assertEquals(
        List.of("a", "b", "c", "d"),
        tokens(" a -- x;'\nb/* ' /* nested */ \" */c // y\r\u00a0d--").stream()
            .map(Token::text)
            .toList());
  }

  @Test
  void keepsRanges() {
    String sql = "copy  t E'\\'' ||x::text";
    assertEquals(
        List.of("copy", "t", "E'\\''", "||", "x", "::", "text"),
        tokens(sql).stream().map(t -> t.range().of(sql)).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "a 'b~unterminated quoted string~3",
        "E'\\'~unterminated quoted string~1",
        "a \"b~unterminated quoted identifier~3",
        "a $x$ b$$~unterminated dollar-quoted string~3",
        "a /* /* */~unterminated /* comment~3",
        "/**/ a /* b~unterminated /* comment~8",
        "12ab~trailing junk after numeric literal~1",
        "\"\"~zero-length delimited identifier at or near \"\"\"\"~1",
        "U&'\\00g1'~invalid Unicode escape~1",
        "U&'\\D83D'~invalid Unicode surrogate pair~1",
        "U&'\\0000'~invalid Unicode escape value~1",
        "U&'a' UESCAPE '+'~invalid Unicode escape character~15",
        "E'\\u12'~invalid Unicode escape~3",
      })
  void refusesBrokenText(String sql, String message, int position) {
    CopyException e = assertThrows(CopyException.class, () -> tokens(sql));
    assertEquals(message, e.getMessage());
    assertEquals("42601", e.code().sqlState());
    assertEquals(position, e.position());
  }

  @Test
  void refusesBytesThatAreNoText() {
    for (String sql : List.of("E'\\xff'", "E'\\0'", "E'\\303'")) {
      CopyException e = assertThrows(CopyException.class, () -> tokens(sql));
      assertEquals("22021", e.code().sqlState());
    }
  }

  @Test
  void doesNotPrintStrings() {
    assertFalse(only("'topsecret'").toString().contains("topsecret"));
  }
}
