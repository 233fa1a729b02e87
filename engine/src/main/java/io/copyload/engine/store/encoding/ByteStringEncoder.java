package io.copyload.engine.store.encoding;

import io.airlift.compress.lz4.Lz4Compressor;
import java.util.Arrays;

/**
 * Writes byte-string blocks. Threads: one owner; it keeps scratch arrays.
 *
 * <p>Whether values get a dictionary is decided while they are appended, by {@link
 * ByteStringDictionary}; this class decides about constants and compression.
 */
public final class ByteStringEncoder {
  /**
   * Bytes are compressed when this part of the sample remains or less. Compressing costs a load 3
   * to 9 ns a byte here, writing some 1 ns: a column must be very repetitive to be worth it.
   * TPC-H's comments, at 0.43, are not.
   */
  public static final double MAX_LZ4_RATIO = 0.25;

  /** Less is never compressed. */
  public static final int MIN_LZ4_BYTES = 4 << 10;

  /**
   * Shorter values on average are never compressed: they hardly ever reach the ratio, and the
   * attempt would cost every first load of a process the warming up of the compressor.
   */
  public static final int MIN_LZ4_VALUE_BYTES = 40;

  /** Bytes that LZ4 sees at once. */
  static final int LZ4_BLOCK_BYTES = 64 << 10;

  /** The sample is this many pieces from all over the bytes ... */
  private static final int SAMPLE_PIECES = 4;

  /** ... of this many bytes. */
  private static final int SAMPLE_BYTES = 4 << 10;

  private final LaneEncoder lanes;
  private final Lz4Compressor lz4 = new Lz4Compressor();
  private byte[] compressed = new byte[0];
  private long[] scratch = new long[0];

  public ByteStringEncoder(LaneEncoder lanes) {
    this.lanes = lanes;
  }

  /**
   * Writes {@code count} rows, at least one, whose values are entries of a dictionary that is not
   * empty.
   */
  public ByteStringEncoding encode(
      ByteStringDictionary dictionary, int[] codes, int count, ChunkOutput out) {
    int size = dictionary.size();
    int total = dictionary.offset(size);
    if (size == 1) {
      out.writeByte(ByteStringEncoding.CONSTANT.tag());
      out.writeInt(total);
      out.writeBytes(dictionary.bytes(), 0, total);
      return ByteStringEncoding.CONSTANT;
    }
    reserve(size);
    for (int i = 0; i < size; i++) {
      scratch[i] = dictionary.length(i);
    }
    out.writeByte(ByteStringEncoding.DICTIONARY.tag());
    out.writeInt(size);
    lanes.encode(scratch, size, out);
    out.writeInt(total);
    out.writeBytes(dictionary.bytes(), 0, total);
    int width = BitPacking.width(size - 1L);
    out.writeByte(width);
    BitPacking.pack(codes, count, width, out);
    return ByteStringEncoding.DICTIONARY;
  }

  /**
   * Bytes that {@link #encode(ByteStringDictionary, int[], int, ChunkOutput)} will write, roughly.
   */
  public static long estimate(ByteStringDictionary dictionary, int count) {
    int size = dictionary.size();
    return dictionary.offset(size)
        + size
        + BitPacking.packedBytes(count, BitPacking.width(Math.max(0, size - 1L)));
  }

  /**
   * Writes {@code count} rows, at least one, whose values lie one behind the other from {@code
   * bytes[0]}.
   */
  public ByteStringEncoding encode(
      byte[] bytes, int total, int[] lengths, int count, ChunkOutput out) {
    boolean compress =
        total >= MIN_LZ4_BYTES
            && total >= (long) count * MIN_LZ4_VALUE_BYTES
            && compressesWell(bytes, total);
    return encode(bytes, total, lengths, count, compress, out);
  }

  /** As {@link #encode(byte[], int, int[], int, ChunkOutput)}, never compressed. */
  void encodePlain(byte[] bytes, int total, int[] lengths, int count, ChunkOutput out) {
    encode(bytes, total, lengths, count, false, out);
  }

  private ByteStringEncoding encode(
      byte[] bytes, int total, int[] lengths, int count, boolean compress, ChunkOutput out) {
    ByteStringEncoding encoding =
        compress ? ByteStringEncoding.PLAIN_LZ4 : ByteStringEncoding.PLAIN;
    reserve(count);
    for (int i = 0; i < count; i++) {
      scratch[i] = lengths[i];
    }
    out.writeByte(encoding.tag());
    lanes.encode(scratch, count, out);
    out.writeInt(total);
    if (compress) {
      for (int from = 0; from < total; from += LZ4_BLOCK_BYTES) {
        int n = compress(bytes, from, Math.min(LZ4_BLOCK_BYTES, total - from));
        out.writeInt(n);
        out.writeBytes(compressed, 0, n);
      }
    } else {
      out.writeBytes(bytes, 0, total);
    }
    return encoding;
  }

  private boolean compressesWell(byte[] bytes, int total) {
    int piece = Math.min(SAMPLE_BYTES, total);
    int stride = (total - piece) / (SAMPLE_PIECES - 1);
    int sum = 0;
    for (int i = 0; i < SAMPLE_PIECES; i++) {
      sum += compress(bytes, i * stride, piece);
    }
    return sum <= SAMPLE_PIECES * piece * MAX_LZ4_RATIO;
  }

  private int compress(byte[] bytes, int from, int count) {
    int most = lz4.maxCompressedLength(count);
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    return lz4.compress(bytes, from, count, compressed, 0, compressed.length);
  }

  private void reserve(int count) {
    if (scratch.length < count) {
      scratch = Arrays.copyOf(scratch, count);
    }
  }
}
