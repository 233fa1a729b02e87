package io.copyload.engine.store;

import io.copyload.engine.store.encoding.ByteStringBlock;
import io.copyload.engine.store.encoding.ByteStringEncoder;
import io.copyload.engine.store.encoding.ChunkInput;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.LaneDecoder;
import io.copyload.engine.store.encoding.LaneEncoder;
import io.copyload.engine.store.encoding.MalformedChunkException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Layout of a column chunk, as the package describes it. */
final class ColumnChunk {
  static final int MAGIC = 0xC7;
  static final int VERSION = 2;

  private static final int HAS_NULL_MASK = 1;
  private static final int ALL_NULL = 2;

  private ColumnChunk() {}

  /**
   * Writes the rows of {@code column}, at least one, to {@code out}, which has been begun, and
   * finishes it.
   */
  static ChunkInfo write(
      ColumnBuilder column, LaneEncoder lanes, ByteStringEncoder byteStrings, ChunkOutput out) {
    boolean allNull = column.nullCount == column.rowCount;
    out.writeByte(MAGIC);
    out.writeByte(column.version());
    out.writeByte(allNull ? ALL_NULL : column.nullCount > 0 ? HAS_NULL_MASK : 0);
    out.writeByte(column.laneCount());
    out.writeInt(column.rowCount);
    if (allNull) {
      out.finish();
      return new ChunkInfo(
          out.partCount(),
          out.byteCount(),
          out.checksum(),
          column.nullCount,
          false,
          0,
          0,
          null,
          null);
    }
    if (column.nullCount > 0) {
      out.writeLongs(column.nullBits(column.rowCount), wordCount(column.rowCount));
    }
    column.encode(lanes, byteStrings, out);
    out.finish();
    return column.info(out);
  }

  /**
   * Reads a chunk. Nothing is allocated before the checksum and the counts have been found good.
   *
   * @param chunk all its parts, one behind the other; may become part of the result
   */
  static DecodedColumn decode(byte[] chunk, TargetType type, int rowCount, ChunkInfo info) {
    int end = chunk.length - Integer.BYTES;
    if (end < 0) {
      throw new MalformedChunkException("it ends too early");
    }
    CRC32C crc = new CRC32C();
    crc.update(chunk, 0, end);
    int stored = new ChunkInput(chunk, end, chunk.length).readInt();
    if ((int) crc.getValue() != stored || stored != info.checksum()) {
      throw new MalformedChunkException("its checksum does not match");
    }
    ChunkInput in = new ChunkInput(chunk, 0, end);
    expect("magic number", MAGIC, in.readUnsignedByte());
    int version = in.readUnsignedByte();
    if (version < 1 || version > VERSION) {
      throw new MalformedChunkException(
          "its version is " + version + ", this release reads 1 to " + VERSION);
    }
    int flags = in.readUnsignedByte();
    int laneCount = type.laneCount();
    expect("number of lanes", laneCount, in.readUnsignedByte());
    expect("number of rows", rowCount, in.readInt());
    if (flags == ALL_NULL) {
      expect("number of NULLs", info.nullCount(), rowCount);
      expect("number of bytes left", 0, in.remaining());
      return allNull(laneCount, rowCount);
    }
    long[] nullBits = null;
    if (flags == HAS_NULL_MASK) {
      nullBits = new long[wordCount(rowCount)];
      in.readLongs(nullBits, nullBits.length);
    } else {
      expect("flags", 0, flags);
    }
    int nullCount = 0;
    if (nullBits != null) {
      for (long word : nullBits) {
        nullCount += Long.bitCount(word);
      }
    }
    expect("number of NULLs", info.nullCount(), nullCount);
    DecodedColumn column;
    if (laneCount == 0) {
      ByteStringBlock block = ByteStringBlock.decode(in, rowCount);
      column =
          new DecodedColumn(
              rowCount, nullBits, null, block.codes(), block.offsets(), block.bytes());
    } else {
      long[][] lanes = new long[laneCount][];
      for (int lane = 0; lane < laneCount; lane++) {
        lanes[lane] = LaneDecoder.decode(in, rowCount);
      }
      column = new DecodedColumn(rowCount, nullBits, lanes, null, null, null);
    }
    expect("number of bytes left", 0, in.remaining());
    return column;
  }

  private static DecodedColumn allNull(int laneCount, int rowCount) {
    long[] nullBits = new long[wordCount(rowCount)];
    Arrays.fill(nullBits, -1L);
    if ((rowCount & 63) != 0) {
      nullBits[nullBits.length - 1] = (1L << rowCount) - 1;
    }
    if (laneCount == 0) {
      return new DecodedColumn(rowCount, nullBits, null, null, new int[rowCount + 1], new byte[0]);
    }
    long[][] lanes = new long[laneCount][];
    Arrays.fill(lanes, new long[rowCount]);
    return new DecodedColumn(rowCount, nullBits, lanes, null, null, null);
  }

  private static int wordCount(int rowCount) {
    return (rowCount + 63) >> 6;
  }

  private static void expect(String what, int expected, int actual) {
    if (expected != actual) {
      throw new MalformedChunkException(
          "its " + what + " is " + actual + " instead of " + expected);
    }
  }
}
