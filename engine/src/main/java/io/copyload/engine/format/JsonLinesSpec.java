package io.copyload.engine.format;

/** A JSON object per row and line, as COPY TO writes it. */
public record JsonLinesSpec() implements FormatSpec {
  @Override
  public String historyName() {
    return "json";
  }
}
