package io.copyload.engine.store.encoding;

import java.util.Arrays;

/**
 * Writes lane blocks the way that somebody asked for by a name of Redshift's, whatever is in them.
 * Where the way would take more room than the values as they are, those are written.
 *
 * <p>Threads: one owner.
 */
public final class NamedLaneEncoder {
  /** Entries of a dictionary with one-byte codes. */
  private static final int BYTE_CODES = 1 << Byte.SIZE;

  private static final int TABLE_BITS = 10;

  /** What a value beside the rule takes at most: a row number and itself. */
  private static final int PATCH_BYTES = Integer.BYTES + Long.BYTES;

  private final LaneEncoder lanes;

  public NamedLaneEncoder(LaneEncoder lanes) {
    this.lanes = lanes;
  }

  /**
   * The values as they are.
   *
   * @param bits width in which the values fit by their type: 8, 16, 32 or 64
   */
  public void raw(long[] values, int count, int bits, ChunkOutput out) {
    long base = bits == Long.SIZE ? 0 : -(1L << bits - 1);
    if (bits == Long.SIZE || !fit(values, count, bits)) {
      out.writeByte(LaneEncoding.RAW.tag());
      out.writeLongs(values, count);
      return;
    }
    writePacked(values, count, base, bits, out);
  }

  /** The fewest bits, without runs and dictionaries (AZ64). */
  public void bitPacked(long[] values, int count, ChunkOutput out) {
    lanes.encodeBitPacked(values, count, out);
  }

  /** So many bits for what fits, and the others beside (MOSTLY8, MOSTLY16, MOSTLY32). */
  public void mostly(long[] values, int count, int bits, ChunkOutput out) {
    long base = -(1L << bits - 1);
    int patches = 0;
    for (int i = 0; i < count; i++) {
      patches += isWithin(values[i], bits) ? 0 : 1;
    }
    if (patches == 0) {
      writePacked(values, count, base, bits, out);
      return;
    }
    if (isTooMuch(BitPacking.packedBytes(count, bits), patches, count)) {
      raw(values, count, Long.SIZE, out);
      return;
    }
    long[] packed = Arrays.copyOf(values, count);
    long[] rows = new long[patches];
    long[] patched = new long[patches];
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (!isWithin(values[i], bits)) {
        rows[next] = i;
        patched[next++] = values[i];
        packed[i] = base;
      }
    }
    out.writeByte(LaneEncoding.PATCHED.tag());
    writePacked(packed, count, base, bits, out);
    writePatches(rows, patched, out);
  }

  /** Distances from the row before in so many bits (DELTA, DELTA32K). */
  public void differences(long[] values, int count, int bits, ChunkOutput out) {
    long[] differences = new long[count];
    differences[0] = values[0];
    for (int i = 1; i < count; i++) {
      differences[i] = values[i] - values[i - 1];
    }
    out.writeByte(LaneEncoding.DIFFERENCES.tag());
    mostly(differences, count, bits, out);
  }

  /** Values and how often each repeats (RUNLENGTH). */
  public void runs(long[] values, int count, ChunkOutput out) {
    lanes.writeRuns(values, count, out);
  }

  /** Codes of the first 256 distinct values, and the others beside (BYTEDICT). */
  public void byteDictionary(long[] values, int count, ChunkOutput out) {
    long[] entries = new long[BYTE_CODES];
    int[] table = new int[1 << TABLE_BITS];
    int[] codes = new int[count];
    int size = 0;
    int patches = 0;
    for (int i = 0; i < count; i++) {
      int slot = (int) (values[i] * 0x9E3779B97F4A7C15L >>> Long.SIZE - TABLE_BITS);
      while (table[slot] != 0 && entries[table[slot] - 1] != values[i]) {
        slot = slot + 1 & table.length - 1;
      }
      if (table[slot] == 0 && size < BYTE_CODES) {
        entries[size] = values[i];
        table[slot] = ++size;
      }
      codes[i] = table[slot] - 1;
      patches += codes[i] < 0 ? 1 : 0;
    }
    int width = BitPacking.width(size - 1L);
    if (patches > 0 && isTooMuch(BitPacking.packedBytes(count, width), patches, count)) {
      raw(values, count, Long.SIZE, out);
      return;
    }
    long[] rows = new long[patches];
    long[] patched = new long[patches];
    int next = 0;
    for (int i = 0; next < patches; i++) {
      if (codes[i] < 0) {
        rows[next] = i;
        patched[next++] = values[i];
        codes[i] = 0;
      }
    }
    if (patches > 0) {
      out.writeByte(LaneEncoding.PATCHED.tag());
    }
    out.writeByte(LaneEncoding.DICTIONARY.tag());
    out.writeInt(size);
    lanes.encodeFlat(entries, size, out);
    out.writeByte(width);
    BitPacking.pack(codes, count, width, out);
    if (patches > 0) {
      writePatches(rows, patched, out);
    }
  }

  /** The values as they are, compressed. */
  public void compressed(BlockCodec codec, long[] values, int count, int bits, ChunkOutput out) {
    int width = (fit(values, count, bits) ? bits : Long.SIZE) / Byte.SIZE;
    byte[] bytes = new byte[count * width];
    int at = 0;
    for (int i = 0; i < count; i++) {
      for (int b = 0; b < width; b++) {
        bytes[at++] = (byte) (values[i] >> b * Byte.SIZE);
      }
    }
    out.writeByte(LaneEncoding.COMPRESSED.tag());
    out.writeByte(codec.tag());
    out.writeByte(width);
    codec.write(bytes, bytes.length, out);
  }

  private static boolean isWithin(long value, int bits) {
    return value << Long.SIZE - bits >> Long.SIZE - bits == value;
  }

  private static boolean fit(long[] values, int count, int bits) {
    boolean fit = true;
    for (int i = 0; i < count; i++) {
      fit &= isWithin(values[i], bits);
    }
    return fit;
  }

  private static boolean isTooMuch(long bytes, int patches, int count) {
    return bytes + (long) patches * PATCH_BYTES > (long) count * Long.BYTES;
  }

  private static void writePacked(long[] values, int count, long base, int bits, ChunkOutput out) {
    out.writeByte(LaneEncoding.PACKED.tag());
    out.writeLong(base);
    out.writeByte(bits);
    BitPacking.pack(values, count, base, bits, out);
  }

  private void writePatches(long[] rows, long[] values, ChunkOutput out) {
    out.writeInt(rows.length);
    lanes.encodeFlat(rows, rows.length, out);
    lanes.encodeFlat(values, values.length, out);
  }
}
