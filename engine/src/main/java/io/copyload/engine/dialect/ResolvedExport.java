package io.copyload.engine.dialect;

import io.copyload.engine.format.FormatSpec;
import java.util.Objects;

/**
 * The options of a COPY TO with every default filled in and every check passed.
 *
 * @param dialect never AUTO
 * @param forceQuote columns whose values are always quoted
 * @param encoding what the text is written in
 * @param place what is said about an address
 */
public record ResolvedExport(
    DialectName dialect,
    FormatSpec format,
    ColumnChoice forceQuote,
    TextEncoding encoding,
    ExportPlace place) {
  public ResolvedExport {
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(forceQuote, "forceQuote");
    Objects.requireNonNull(encoding, "encoding");
    Objects.requireNonNull(place, "place");
  }
}
