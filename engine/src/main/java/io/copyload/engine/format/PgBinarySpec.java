package io.copyload.engine.format;

/**
 * PostgreSQL's binary COPY format, which has no options: a header, tuples of length-prefixed
 * fields, and a trailer, as the COPY page of PostgreSQL's documentation describes.
 */
public record PgBinarySpec() implements FormatSpec {
  @Override
  public String historyName() {
    return "binary";
  }
}
