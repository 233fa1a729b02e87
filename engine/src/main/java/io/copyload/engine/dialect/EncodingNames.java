package io.copyload.engine.dialect;

import java.util.Locale;
import java.util.Set;

/** Names of character encodings that PostgreSQL 18 knows, including aliases. */
final class EncodingNames {
  private static final Set<String> POSTGRESQL =
      Set.of(
          "abc",
          "alt",
          "big5",
          "euccn",
          "eucjis2004",
          "eucjp",
          "euckr",
          "euctw",
          "gb18030",
          "gbk",
          "iso88591",
          "iso885910",
          "iso885913",
          "iso885914",
          "iso885915",
          "iso885916",
          "iso88592",
          "iso88593",
          "iso88594",
          "iso88595",
          "iso88596",
          "iso88597",
          "iso88598",
          "iso88599",
          "johab",
          "koi8",
          "koi8r",
          "koi8u",
          "latin1",
          "latin10",
          "latin2",
          "latin3",
          "latin4",
          "latin5",
          "latin6",
          "latin7",
          "latin8",
          "latin9",
          "mskanji",
          "muleinternal",
          "shiftjis",
          "shiftjis2004",
          "sjis",
          "sqlascii",
          "tcvn",
          "tcvn5712",
          "uhc",
          "unicode",
          "utf8",
          "vscii",
          "win",
          "win1250",
          "win1251",
          "win1252",
          "win1253",
          "win1254",
          "win1255",
          "win1256",
          "win1257",
          "win1258",
          "win866",
          "win874",
          "win932",
          "win936",
          "win949",
          "win950",
          "windows1250",
          "windows1251",
          "windows1252",
          "windows1253",
          "windows1254",
          "windows1255",
          "windows1256",
          "windows1257",
          "windows1258",
          "windows866",
          "windows874",
          "windows932",
          "windows936",
          "windows949",
          "windows950");

  private static final Set<String> REDSHIFT =
      Set.of("utf8", "utf16", "utf16le", "utf16be", "iso88591");

  private EncodingNames() {}

  static boolean isKnown(String name, DialectName dialect) {
    return (dialect == DialectName.REDSHIFT ? REDSHIFT : POSTGRESQL).contains(plain(name));
  }

  static boolean isUtf8(String name) {
    String plain = plain(name);
    return plain.equals("utf8") || plain.equals("unicode");
  }

  /** Case and punctuation do not count. */
  private static String plain(String name) {
    StringBuilder plain = new StringBuilder();
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
