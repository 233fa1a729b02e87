package io.copyload.engine.format.shapefile;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The encoding of a .dbf: what the .cpg says, else the language driver byte, else UTF-8. */
final class CodePage {
  private static final Map<Integer, String> BY_LANGUAGE =
      Map.ofEntries(
          Map.entry(0x01, "IBM437"),
          Map.entry(0x02, "IBM850"),
          Map.entry(0x03, "windows-1252"),
          Map.entry(0x57, "windows-1252"),
          Map.entry(0x58, "windows-1252"),
          Map.entry(0x59, "windows-1252"),
          Map.entry(0x08, "IBM865"),
          Map.entry(0x64, "IBM852"),
          Map.entry(0x65, "IBM866"),
          Map.entry(0x66, "IBM865"),
          Map.entry(0x13, "windows-31j"),
          Map.entry(0x7b, "windows-31j"),
          Map.entry(0x4d, "GBK"),
          Map.entry(0x7a, "GBK"),
          Map.entry(0x4e, "x-windows-949"),
          Map.entry(0x79, "x-windows-949"),
          Map.entry(0x4f, "x-windows-950"),
          Map.entry(0x78, "x-windows-950"),
          Map.entry(0x7c, "x-windows-874"),
          Map.entry(0xc8, "windows-1250"),
          Map.entry(0xc9, "windows-1251"),
          Map.entry(0xca, "windows-1254"),
          Map.entry(0xcb, "windows-1253"),
          Map.entry(0xcc, "windows-1257"));

  private CodePage() {}

  /**
   * @param cpg content of the .cpg, or null when there is none
   * @throws IOException when the encoding is not known
   */
  static Charset of(String cpg, int language) throws IOException {
    if (cpg == null || cpg.isBlank()) {
      String name = BY_LANGUAGE.get(language);
      return name == null ? StandardCharsets.UTF_8 : charset(name, name);
    }
    String written = cpg.strip();
    String name =
        written
            .toUpperCase(Locale.ROOT)
            .replaceAll("^(ANSI|OEM|CP|WINDOWS)[ _-]?(?=\\d)", "")
            .replaceAll("[ _]", "-");
    if (name.startsWith("ISO-8859") || name.startsWith("ISO8859") || name.startsWith("8859")) {
      String digits = name.replaceAll("[^0-9]", "");
      String part = digits.substring(4);
      return charset(part.isEmpty() ? "ISO-8859-1" : "ISO-8859-" + part, written);
    }
    if (name.startsWith("ISO-88") && name.matches("ISO-8859\\d+")) {
      return charset("ISO-8859-" + name.substring(8), written);
    }
    if (!name.matches("\\d+")) {
      return charset(name.equals("UTF8") ? "UTF-8" : name, written);
    }
    return switch (name) {
      case "65001" -> StandardCharsets.UTF_8;
      case "932" -> charset("windows-31j", written);
      case "936" -> charset("GBK", written);
      case "949" -> charset("x-windows-949", written);
      case "950" -> charset("x-windows-950", written);
      case "874" -> charset("x-windows-874", written);
      case "54936" -> charset("GB18030", written);
      case "20127" -> StandardCharsets.US_ASCII;
      case "28591" -> StandardCharsets.ISO_8859_1;
      default -> charset(name.length() == 4 ? "windows-" + name : "IBM" + name, written);
    };
  }

  private static Charset charset(String name, String written) throws IOException {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new IOException("the encoding \"" + written + "\" of the .dbf is not known", e);
    }
  }
}
