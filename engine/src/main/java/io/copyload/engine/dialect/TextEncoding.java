package io.copyload.engine.dialect;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * A character encoding by PostgreSQL's name.
 *
 * @param name PostgreSQL's own name, as its messages show it
 * @param charset Java's; US-ASCII superset in every case
 */
public record TextEncoding(String name, Charset charset) {
  public static final TextEncoding UTF8 = new TextEncoding("UTF8", StandardCharsets.UTF_8);

  /** Names without punctuation, after the table of encodings in PostgreSQL's documentation. */
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("unicode", "UTF8"),
          Map.entry("utf8", "UTF8"),
          Map.entry("sqlascii", "UTF8"),
          Map.entry("alt", "WIN866"),
          Map.entry("win", "WIN1251"),
          Map.entry("koi8", "KOI8R"),
          Map.entry("abc", "WIN1258"),
          Map.entry("tcvn", "WIN1258"),
          Map.entry("tcvn5712", "WIN1258"),
          Map.entry("vscii", "WIN1258"),
          Map.entry("mskanji", "SJIS"),
          Map.entry("shiftjis", "SJIS"),
          Map.entry("win932", "SJIS"),
          Map.entry("windows932", "SJIS"),
          Map.entry("win936", "GBK"),
          Map.entry("windows936", "GBK"),
          Map.entry("win949", "UHC"),
          Map.entry("windows949", "UHC"),
          Map.entry("win950", "BIG5"),
          Map.entry("windows950", "BIG5"),
          Map.entry("iso88591", "LATIN1"),
          Map.entry("iso88592", "LATIN2"),
          Map.entry("iso88593", "LATIN3"),
          Map.entry("iso88594", "LATIN4"),
          Map.entry("iso88599", "LATIN5"),
          Map.entry("iso885910", "LATIN6"),
          Map.entry("iso885913", "LATIN7"),
          Map.entry("iso885914", "LATIN8"),
          Map.entry("iso885915", "LATIN9"),
          Map.entry("iso885916", "LATIN10"),
          Map.entry("iso88595", "ISO_8859_5"),
          Map.entry("iso88596", "ISO_8859_6"),
          Map.entry("iso88597", "ISO_8859_7"),
          Map.entry("iso88598", "ISO_8859_8"),
          Map.entry("eucjp", "EUC_JP"),
          Map.entry("euccn", "EUC_CN"),
          Map.entry("euckr", "EUC_KR"),
          Map.entry("euctw", "EUC_TW"));

  private static final Map<String, String> CHARSETS =
      Map.ofEntries(
          Map.entry("LATIN1", "ISO-8859-1"),
          Map.entry("LATIN2", "ISO-8859-2"),
          Map.entry("LATIN3", "ISO-8859-3"),
          Map.entry("LATIN4", "ISO-8859-4"),
          Map.entry("LATIN5", "ISO-8859-9"),
          Map.entry("LATIN7", "ISO-8859-13"),
          Map.entry("LATIN9", "ISO-8859-15"),
          Map.entry("LATIN10", "ISO-8859-16"),
          Map.entry("ISO_8859_5", "ISO-8859-5"),
          Map.entry("ISO_8859_6", "ISO-8859-6"),
          Map.entry("ISO_8859_7", "ISO-8859-7"),
          Map.entry("ISO_8859_8", "ISO-8859-8"),
          Map.entry("WIN866", "IBM866"),
          Map.entry("WIN874", "x-windows-874"),
          Map.entry("WIN1250", "windows-1250"),
          Map.entry("WIN1251", "windows-1251"),
          Map.entry("WIN1252", "windows-1252"),
          Map.entry("WIN1253", "windows-1253"),
          Map.entry("WIN1254", "windows-1254"),
          Map.entry("WIN1255", "windows-1255"),
          Map.entry("WIN1256", "windows-1256"),
          Map.entry("WIN1257", "windows-1257"),
          Map.entry("WIN1258", "windows-1258"),
          Map.entry("KOI8R", "KOI8-R"),
          Map.entry("KOI8U", "KOI8-U"),
          Map.entry("EUC_JP", "EUC-JP"),
          Map.entry("EUC_CN", "GB2312"),
          Map.entry("EUC_KR", "EUC-KR"),
          Map.entry("EUC_TW", "x-EUC-TW"),
          Map.entry("SJIS", "windows-31j"),
          Map.entry("GBK", "GBK"),
          Map.entry("UHC", "x-windows-949"),
          Map.entry("BIG5", "x-windows-950"),
          Map.entry("JOHAB", "x-Johab"),
          Map.entry("GB18030", "GB18030"));

  /** The encoding of a name that PostgreSQL knows; null when Java has no such charset. */
  static TextEncoding of(String written) {
    StringBuilder letters = new StringBuilder();
    for (char c : written.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
        letters.append(c);
      }
    }
    String plain = letters.toString();
    String name = ALIASES.get(plain);
    if (name == null) {
      name = plain.replace("windows", "win").toUpperCase(Locale.ROOT);
    }
    if (name.equals("UTF8")) {
      return UTF8;
    }
    String charset = CHARSETS.get(name);
    return charset != null && Charset.isSupported(charset)
        ? new TextEncoding(name, Charset.forName(charset))
        : null;
  }

  public boolean isUtf8() {
    return charset.equals(StandardCharsets.UTF_8);
  }
}
