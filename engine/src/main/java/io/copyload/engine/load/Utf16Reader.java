package io.copyload.engine.load;

import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns UTF-16 into UTF-8, a block at a time.
 *
 * <p>A byte order mark is taken off. A surrogate without its partner becomes the three bytes that
 * UTF-8 forbids for it and a lone last byte becomes 0xff, so that the column that they are in is
 * refused or repaired. An object in another byte order, or without the mark that its encoding asks
 * for, has no data: see {@link #otherEncoding}. Threads: one reads.
 */
final class Utf16Reader implements ByteReader {
  private static final int BLOCK_BYTES = 64 << 10;
  private static final int BIG_MARK = 0xfeff;
  private static final int LITTLE_MARK = 0xfffe;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteReader in;
  private final SourceEncoding encoding;
  private final byte[] encoded = new byte[BLOCK_BYTES];

  // A unit of two bytes takes at most three, a lone surrogate carried over three more.
  private final byte[] utf8 = new byte[BLOCK_BYTES / 2 * 3 + 8];
  private int encodedCount;
  private int utf8Begin;
  private int utf8End;
  private int high = -1;
  private boolean started;
  private boolean littleEndian;
  private boolean inputEnded;
  private boolean ended;
  private volatile boolean otherEncoding;

  /**
   * @param head the first bytes, which {@code in} no longer has
   */
  Utf16Reader(ByteReader in, byte[] head, SourceEncoding encoding) {
    this.in = in;
    this.encoding = encoding;
    System.arraycopy(head, 0, encoded, 0, head.length);
    encodedCount = head.length;
  }

  /** Whether the first bytes have said that the object is in another encoding. */
  boolean otherEncoding() {
    return otherEncoding;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    while (utf8Begin == utf8End) {
      if (ended) {
        return -1;
      }
      transcode();
    }
    int count = Math.min(length, utf8End - utf8Begin);
    System.arraycopy(utf8, utf8Begin, buffer, offset, count);
    utf8Begin += count;
    return count;
  }

  private void transcode() throws IOException {
    if (!inputEnded) {
      int n = in.read(encoded, encodedCount, encoded.length - encodedCount);
      inputEnded = n < 0;
      encodedCount += Math.max(n, 0);
    }
    int from = 0;
    if (!started) {
      if (encodedCount < 2 && !inputEnded) {
        return;
      }
      started = true;
      from = takeMark();
    }
    utf8Begin = 0;
    utf8End = 0;
    if (otherEncoding) {
      ended = true;
      return;
    }
    int to = from + (encodedCount - from & ~1);
    decode(from, to);
    if (inputEnded) {
      if (high >= 0) {
        put(high);
        high = -1;
      }
      if (to < encodedCount) {
        utf8[utf8End++] = (byte) 0xff;
      }
      ended = true;
      return;
    }
    encodedCount -= to;
    System.arraycopy(encoded, to, encoded, 0, encodedCount);
  }

  /** Finds the byte order; returns where the text begins. */
  private int takeMark() {
    littleEndian = encoding == SourceEncoding.UTF16LE;
    if (encodedCount < 2) {
      return 0;
    }
    int first = (encoded[0] & 255) << 8 | encoded[1] & 255;
    if (first != BIG_MARK && first != LITTLE_MARK) {
      otherEncoding = encoding == SourceEncoding.UTF16;
      return 0;
    }
    boolean little = first == LITTLE_MARK;
    otherEncoding = encoding != SourceEncoding.UTF16 && little != littleEndian;
    littleEndian = little;
    return 2;
  }

  private void decode(int from, int to) {
    final byte[] in16 = encoded;
    final byte[] out = utf8;
    final int first = littleEndian ? 1 : 0;
    final long beyondAscii = littleEndian ? 0xff80ff80ff80ff80L : 0x80ff80ff80ff80ffL;
    final int ascii = littleEndian ? 0 : 8;
    int n = utf8End;
    for (int i = from; i < to; i += 2) {
      // Four units of ASCII at a time.
      while (high < 0 && i + 8 <= to) {
        long x = (long) LONGS.get(in16, i);
        if ((x & beyondAscii) != 0) {
          break;
        }
        x >>>= ascii;
        x = (x | x >>> 8) & 0x0000ffff0000ffffL;
        INTS.set(out, n, (int) (x | x >>> 16));
        n += 4;
        i += 8;
      }
      if (i == to) {
        break;
      }
      int unit = (in16[i + first] & 255) << 8 | in16[i + 1 - first] & 255;
      if (unit < 0x80 && high < 0) {
        out[n++] = (byte) unit;
        continue;
      }
      utf8End = n;
      putUnit(unit);
      n = utf8End;
    }
    utf8End = n;
  }

  private void putUnit(int unit) {
    if (high >= 0) {
      if (unit >= 0xdc00 && unit < 0xe000) {
        int point = 0x10000 + (high - 0xd800 << 10) + unit - 0xdc00;
        high = -1;
        utf8[utf8End++] = (byte) (0xf0 | point >> 18);
        utf8[utf8End++] = (byte) (0x80 | point >> 12 & 63);
        utf8[utf8End++] = (byte) (0x80 | point >> 6 & 63);
        utf8[utf8End++] = (byte) (0x80 | point & 63);
        return;
      }
      put(high);
      high = -1;
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
      high = unit;
    } else {
      put(unit);
    }
  }

  private void put(int unit) {
    if (unit < 0x80) {
      utf8[utf8End++] = (byte) unit;
    } else if (unit < 0x800) {
      utf8[utf8End++] = (byte) (0xc0 | unit >> 6);
      utf8[utf8End++] = (byte) (0x80 | unit & 63);
    } else {
      utf8[utf8End++] = (byte) (0xe0 | unit >> 12);
      utf8[utf8End++] = (byte) (0x80 | unit >> 6 & 63);
      utf8[utf8End++] = (byte) (0x80 | unit & 63);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
