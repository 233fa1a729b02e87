package io.copyload.engine.format.orc;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands at the end of an ORC file. The format's specification: orc.apache.org/specification.
 *
 * @param blockBytes most bytes of a decompressed block
 * @param decimal64 whether decimals of up to 18 digits are stored as integers
 * @param hybrid whether dates before 1582 are Julian
 */
record OrcTail(
    OrcCodec codec,
    int blockBytes,
    boolean decimal64,
    boolean hybrid,
    OrcType root,
    List<Stripe> stripes) {
  /** Read at the end of the file at once: enough for most footers. */
  private static final int TAIL_BYTES = 16 << 10;

  /** A block's stored length has 23 bits, and no block is longer than when it is not compressed. */
  private static final int MAX_BLOCK_BYTES = 8 << 20;

  private static final int DEFAULT_BLOCK_BYTES = 256 << 10;

  /** The version of files written while version 2 was tried out. */
  private static final int UNSTABLE_MINOR = 9999;

  /** Where a stripe lies: index streams, data streams, footer. */
  record Stripe(long offset, long indexBytes, long dataBytes, long footerBytes, long rows) {
    private static Stripe read(WireMessage message) throws IOException {
      long[] numbers = new long[6];
      while (message.next()) {
        if (message.field() <= 5) {
          numbers[message.field()] = message.number();
        } else {
          message.skip();
        }
      }
      return new Stripe(numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }

    long footerOffset() {
      return offset + indexBytes + dataBytes;
    }

    private void check(long size, int number) throws IOException {
      if (offset < 0
          || offset > size
          || indexBytes < 0
          || indexBytes > size - offset
          || dataBytes < 0
          || dataBytes > size - offset - indexBytes
          || footerBytes < 0
          || footerBytes > size - footerOffset()
          || rows < 0) {
        throw new IOException(
            "stripe "
                + number
                + " claims "
                + rows
                + " rows in bytes that a file of "
                + size
                + " does not have");
      }
    }
  }

  /**
   * Reads the end of a file.
   *
   * @param maxBytes longest footer
   * @throws IOException when it is no ORC file, is encrypted, or its footer is damaged
   */
  static OrcTail read(SourceObject object, long maxBytes, CancelToken cancel) throws IOException {
    long size = object.size();
    if (size < 0 || !object.seekable()) {
      throw new IOException("ORC is read from files and stores, not from streams");
    }
    if (size < 4) {
      throw new IOException("it is not an ORC file: it has only " + size + " bytes");
    }
    byte[] tail = bytes(object, Math.max(0, size - TAIL_BYTES), size, cancel);
    int postscriptEnd = tail.length - 1;
    int postscriptBegin = postscriptEnd - (tail[postscriptEnd] & 0xff);
    if (postscriptBegin < 0) {
      throw new IOException("it is not an ORC file: its last byte is no postscript's length");
    }
    Postscript postscript;
    try {
      postscript = Postscript.read(new WireMessage(tail, postscriptBegin, postscriptEnd));
    } catch (IOException e) {
      throw new IOException("it is not an ORC file: " + e.getMessage(), e);
    }
    if (!"ORC".equals(postscript.magic) && !startsWithMagic(object, cancel)) {
      throw new IOException("it is not an ORC file: its postscript does not end in \"ORC\"");
    }
    long length = postscript.footerBytes;
    if (length < 0 || length > size - 1 - (postscriptEnd - postscriptBegin)) {
      throw new IOException("its footer claims " + length + " bytes, the file has only " + size);
    }
    if (length > maxBytes) {
      throw new IOException(
          "its footer of " + length + " bytes is longer than the " + maxBytes + " allowed");
    }
    int begin = postscriptBegin - (int) length;
    byte[] stored = tail;
    if (begin < 0) {
      long end = size - 1 - (postscriptEnd - postscriptBegin);
      stored = bytes(object, end - length, end, cancel);
      begin = 0;
    }
    try {
      byte[] footer =
          plain(stored, begin, (int) length, postscript.codec, postscript.blockBytes, maxBytes);
      return footer(new WireMessage(footer, 0, footer.length), postscript, size);
    } catch (IOException e) {
      throw new IOException("its footer is damaged: " + DamageText.of(e), e);
    }
  }

  private static boolean startsWithMagic(SourceObject object, CancelToken cancel)
      throws IOException {
    byte[] head = bytes(object, 0, 3, cancel);
    return head[0] == 'O' && head[1] == 'R' && head[2] == 'C';
  }

  private record Postscript(
      long footerBytes, OrcCodec codec, int blockBytes, boolean decimal64, String magic) {
    private static Postscript read(WireMessage message) throws IOException {
      long footerBytes = -1;
      int codec = 0;
      int blockBytes = DEFAULT_BLOCK_BYTES;
      List<Long> version = new ArrayList<>();
      String magic = "";
      while (message.next()) {
        switch (message.field()) {
          case 1 -> footerBytes = message.number();
          case 2 -> codec = message.number(Integer.MAX_VALUE);
          case 3 -> blockBytes = message.number(Integer.MAX_VALUE);
          case 4 -> {
            if (message.isPacked()) {
              WireMessage numbers = message.message();
              while (numbers.hasMore()) {
                version.add(numbers.packedNumber());
              }
            } else {
              version.add(message.number());
            }
          }
          case 8000 -> magic = message.text();
          default -> message.skip();
        }
      }
      if (codec >= OrcCodec.values().length) {
        throw new IOException("its compression has the unknown number " + codec);
      }
      if (blockBytes <= 0 || blockBytes > MAX_BLOCK_BYTES) {
        throw new IOException("its compressed blocks claim to have " + blockBytes + " bytes");
      }
      boolean unstable = version.equals(List.of(1L, (long) UNSTABLE_MINOR));
      if (!version.isEmpty()
          && !unstable
          && !version.equals(List.of(0L, 11L))
          && !version.equals(List.of(0L, 12L))) {
        throw new IOException("its version " + version + " is not known");
      }
      return new Postscript(footerBytes, OrcCodec.values()[codec], blockBytes, unstable, magic);
    }
  }

  private static OrcTail footer(WireMessage message, Postscript postscript, long size)
      throws IOException {
    List<Stripe> stripes = new ArrayList<>();
    List<OrcType.Entry> types = new ArrayList<>();
    long rows = -1;
    boolean hybrid = true;
    while (message.next()) {
      switch (message.field()) {
        case 3 -> {
          Stripe stripe = Stripe.read(message.message());
          stripe.check(size, stripes.size());
          stripes.add(stripe);
        }
        case 4 -> types.add(OrcType.Entry.read(message.message()));
        case 6 -> rows = message.number();
        case 10 -> {
          if (message.message().hasMore()) {
            throw new IOException("it has encrypted columns, which are not supported");
          }
        }
        case 11 -> hybrid = message.number() != 2;
        default -> message.skip();
      }
    }
    long sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.rows;
      if (sum < 0) {
        throw new IOException("its stripes claim more rows than can be counted");
      }
    }
    if (rows >= 0 && rows != sum) {
      throw new IOException("it claims " + rows + " rows, its stripes have " + sum);
    }
    return new OrcTail(
        postscript.codec,
        postscript.blockBytes,
        postscript.decimal64,
        hybrid,
        OrcType.tree(types),
        stripes);
  }

  /** Metadata as it is when it is not compressed. */
  static byte[] plain(
      byte[] stored, int begin, int length, OrcCodec codec, int blockBytes, long maxBytes)
      throws IOException {
    HeapBudget heap = new HeapBudget(Long.MAX_VALUE);
    StreamInput in = new StreamInput(stored, begin, begin + length, codec, blockBytes, heap);
    byte[] plain = new byte[Math.max(64, length)];
    int size = 0;
    while (true) {
      int count = in.readMost(plain, size, plain.length - size);
      size += count;
      if (size < plain.length) {
        return java.util.Arrays.copyOf(plain, size);
      }
      if (size >= maxBytes) {
        throw new IOException("it has more than the " + maxBytes + " bytes allowed");
      }
      plain = java.util.Arrays.copyOf(plain, (int) Math.min(2L * size, maxBytes + 1));
    }
  }

  /** A part of a file. */
  static byte[] bytes(SourceObject object, long from, long to, CancelToken cancel)
      throws IOException {
    byte[] bytes = new byte[(int) (to - from)];
    try (ByteReader reader = object.open(from, to, cancel)) {
      int at = 0;
      while (at < bytes.length) {
        int count = reader.read(bytes, at, bytes.length - at);
        if (count < 0) {
          throw new EOFException("the file is shorter than its planned size");
        }
        at += count;
      }
    }
    return bytes;
  }
}
