package io.copyload.engine.format.orc;

import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

/** Makes the readers of a stripe's columns. Threads: one. */
final class StripeColumns {
  private static final int MIN_VALUE_BYTES = 16 << 20;
  private static final int MAX_VALUE_BYTES = 1 << 29;

  private final StripeStreams streams;
  private final OrcTail tail;
  private final int mostBytes;

  StripeColumns(StripeStreams streams, OrcTail tail, int columnCount, long bytes) {
    this.streams = streams;
    this.tail = tail;
    mostBytes = (int) Math.max(MIN_VALUE_BYTES, Math.min(MAX_VALUE_BYTES, bytes / 2 / columnCount));
  }

  OrcColumn column(OrcType type) throws IOException {
    BooleanRuns present = streams.present(type);
    return switch (type.kind()) {
      case STRUCT -> new NestedColumns.Struct(present, mostBytes, type.names(), children(type));
      case LIST ->
          new NestedColumns.Sequence(
              present,
              mostBytes,
              integers(type, StripeFooter.LENGTH, false),
              column(type.children().get(0)));
      case MAP ->
          new NestedColumns.Mapping(
              present,
              mostBytes,
              integers(type, StripeFooter.LENGTH, false),
              column(type.children().get(0)),
              column(type.children().get(1)));
      case UNION ->
          new NestedColumns.Union(
              present,
              mostBytes,
              new ByteRuns(streams.input(type, StripeFooter.DATA)),
              children(type));
      case STRING, VARCHAR -> bytes(type, present, TextRule.TEXT);
      case CHAR -> bytes(type, present, TextRule.PADDED_TEXT);
      case BINARY, GEOMETRY, GEOGRAPHY -> bytes(type, present, TextRule.BYTES);
      default -> new ValueColumn(present, OrcObject.valueType(type), decoder(type));
    };
  }

  private List<OrcColumn> children(OrcType type) throws IOException {
    List<OrcColumn> children = new ArrayList<>();
    for (OrcType child : type.children()) {
      children.add(column(child));
    }
    return children;
  }

  private IntegerRuns integers(OrcType type, int kind, boolean signed) throws IOException {
    return IntegerRuns.of(streams.input(type, kind), streams.encoding(type).version2(), signed);
  }

  private OrcColumn bytes(OrcType type, BooleanRuns present, TextRule rule) throws IOException {
    TargetType valueType = OrcObject.valueType(type);
    StripeFooter.Encoding encoding = streams.encoding(type);
    IntegerRuns lengths = integers(type, StripeFooter.LENGTH, false);
    if (encoding.dictionary()) {
      return new ValueColumn(
          present,
          valueType,
          new ValueDecoders.Dictionary(
              integers(type, StripeFooter.DATA, false),
              streams.input(type, StripeFooter.DICTIONARY_DATA),
              lengths,
              encoding.dictionarySize(),
              rule,
              streams.heap()));
    }
    return new BytesColumn(
        present, valueType, rule, streams.input(type, StripeFooter.DATA), lengths, mostBytes);
  }

  private ValueDecoder decoder(OrcType type) throws IOException {
    return switch (type.kind()) {
      case BOOLEAN -> ValueDecoders.booleans(streams.input(type, StripeFooter.DATA));
      case BYTE -> ValueDecoders.bytes(streams.input(type, StripeFooter.DATA));
      case SHORT ->
          ValueDecoders.integers(integers(type, StripeFooter.DATA, true), Short.MAX_VALUE);
      case INT ->
          ValueDecoders.integers(integers(type, StripeFooter.DATA, true), Integer.MAX_VALUE);
      case LONG -> ValueDecoders.integers(integers(type, StripeFooter.DATA, true), Long.MAX_VALUE);
      case FLOAT -> ValueDecoders.floats(streams.input(type, StripeFooter.DATA));
      case DOUBLE -> ValueDecoders.doubles(streams.input(type, StripeFooter.DATA));
      case DATE -> ValueDecoders.dates(integers(type, StripeFooter.DATA, true), tail.hybrid());
      case TIMESTAMP, TIMESTAMP_INSTANT -> timestamps(type);
      case DECIMAL -> decimals(type);
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private ValueDecoder timestamps(OrcType type) throws IOException {
    boolean instant = type.kind() == OrcType.Kind.TIMESTAMP_INSTANT;
    return new TimestampDecoder(
        integers(type, StripeFooter.DATA, true),
        integers(type, StripeFooter.SECONDARY, false),
        instant ? TimeZone.getTimeZone("UTC") : streams.footer().zone(),
        tail.hybrid(),
        instant);
  }

  private ValueDecoder decimals(OrcType type) throws IOException {
    TargetType valueType = OrcObject.valueType(type);
    StreamInput data = streams.input(type, StripeFooter.DATA);
    if (tail.decimal64() && !valueType.isBytes()) {
      long limit = java.math.BigInteger.TEN.pow(type.precision()).longValueExact();
      return ValueDecoders.shortDecimals(IntegerRuns.of(data, true, true), limit);
    }
    return new ValueDecoders.Decimals(
        data,
        integers(type, StripeFooter.SECONDARY, true),
        type.precision(),
        type.scale(),
        !valueType.isBytes());
  }
}
