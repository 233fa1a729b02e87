package io.copyload.engine.format.orc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

/**
 * What a stripe holds.
 *
 * @param encodings one per type of the file
 * @param zone of the writer
 */
record StripeFooter(List<Stream> streams, List<Encoding> encodings, TimeZone zone) {
  /** Numbers of the kinds of streams that hold data. */
  static final int PRESENT = 0;

  static final int DATA = 1;
  static final int LENGTH = 2;
  static final int DICTIONARY_DATA = 3;
  static final int SECONDARY = 5;

  /**
   * A stream.
   *
   * @param begin in the file
   * @param length stored bytes
   */
  record Stream(int kind, int column, long begin, long length) {}

  /** How a column is stored. */
  record Encoding(boolean dictionary, boolean version2, int dictionarySize) {}

  /**
   * Reads it.
   *
   * @param stripe whose streams stand one behind the other from its first byte
   */
  static StripeFooter read(WireMessage message, OrcTail.Stripe stripe) throws IOException {
    List<Stream> streams = new ArrayList<>();
    List<Encoding> encodings = new ArrayList<>();
    String zone = "";
    long at = stripe.offset();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> {
          Stream stream = stream(message.message(), at);
          if (stream.length < 0 || stream.length > stripe.footerOffset() - at) {
            throw new IOException(
                "a stream claims " + stream.length + " bytes, more than its stripe has");
          }
          at += stream.length;
          streams.add(stream);
        }
        case 2 -> encodings.add(encoding(message.message()));
        case 3 -> zone = message.text();
        default -> message.skip();
      }
    }
    return new StripeFooter(streams, encodings, zone(zone));
  }

  private static Stream stream(WireMessage message, long at) throws IOException {
    int kind = 0;
    int column = 0;
    long length = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> kind = message.number(Integer.MAX_VALUE);
        case 2 -> column = message.number(Integer.MAX_VALUE);
        case 3 -> length = message.number();
        default -> message.skip();
      }
    }
    return new Stream(kind, column, at, length);
  }

  private static Encoding encoding(WireMessage message) throws IOException {
    int kind = 0;
    int size = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> kind = message.number(3);
        case 2 -> size = message.number(Integer.MAX_VALUE);
        default -> message.skip();
      }
    }
    return new Encoding((kind & 1) != 0, kind >= 2, size);
  }

  private static TimeZone zone(String name) throws IOException {
    TimeZone zone = TimeZone.getTimeZone(name.isEmpty() ? "UTC" : name);
    // An unknown name becomes GMT.
    if (zone.getID().equals("GMT") && !name.isEmpty() && !name.equals("GMT")) {
      throw new IOException("its writer's time zone \"" + name + "\" is not known");
    }
    return zone;
  }

  /** The stream of a column; null when there is none. */
  Stream find(int column, int kind) {
    for (Stream stream : streams) {
      if (stream.column == column && stream.kind == kind) {
        return stream;
      }
    }
    return null;
  }
}
