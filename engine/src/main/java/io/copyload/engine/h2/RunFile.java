package io.copyload.engine.h2;

import io.copyload.engine.CopyException;
import io.copyload.engine.store.ByteStore;
import io.copyload.engine.store.ChunkKey;
import io.copyload.engine.store.TargetType;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.h2.table.IndexColumn;

/**
 * Stores the run of one index over one segment in the byte store, under the index's object id in
 * place of a table's, so that it goes with {@link ByteStore#removeSegment}. A run that is missing
 * or damaged is not an error: it can always be built again.
 *
 * <p>Format, all integers big-endian: under row group {@link ChunkKey#FOOTER}, the head: int32
 * CRC32C of the rest, byte version 1, the signature (int16 column count, and per column int32
 * column number, int32 sort type, byte kind, int64 precision, int32 scale; int16 number of unique
 * columns), int32 block count, and per block int64 first row, int32 row count, byte flags (1:
 * stored in order, 2: distinct), int32 CRC32C of its order. Under row group n, the order of block
 * n: int32 each, in parts of {@link #PART_ENTRIES}.
 */
final class RunFile implements RunBuilder.Sink {
  private static final byte VERSION = 1;
  private static final int STORED_IN_ORDER = 1;
  private static final int DISTINCT = 2;
  static final int PART_ENTRIES = ByteStore.MAX_PART_BYTES / 4;

  private final ByteStore store;
  private final int indexId;
  private final long segmentId;
  private final byte[] signature;
  private final boolean writing;
  private final List<Integer> checksums = new ArrayList<>();

  /**
   * @param writing whether built runs are stored; otherwise they stay in memory
   */
  RunFile(
      ByteStore store,
      int indexId,
      Segment segment,
      IndexColumn[] columns,
      int uniqueColumnCount,
      boolean writing) {
    this.store = store;
    this.indexId = indexId;
    this.segmentId = segment.id();
    this.writing = writing;
    ByteBuffer out = ByteBuffer.allocate(4 + columns.length * 21);
    out.putShort((short) columns.length);
    for (IndexColumn column : columns) {
      int id = column.column.getColumnId();
      TargetType type = segment.type(id);
      out.putInt(id)
          .putInt(column.sortType)
          .put((byte) type.kind().ordinal())
          .putLong(type.precision())
          .putInt(type.scale());
    }
    signature = out.putShort((short) uniqueColumnCount).array();
  }

  @Override
  public Supplier<int[]> store(int block, int[] order) {
    if (!writing) {
      return () -> order;
    }
    CRC32C crc = new CRC32C();
    for (int part = 0, at = 0; at < order.length; part++) {
      int n = Math.min(PART_ENTRIES, order.length - at);
      ByteBuffer out = ByteBuffer.allocate(4 * n);
      out.asIntBuffer().put(order, at, n);
      crc.update(out.array());
      put(block, part, out.array());
      at += n;
    }
    while (checksums.size() < block) {
      checksums.add(0);
    }
    checksums.add((int) crc.getValue());
    return loader(block, order.length, (int) crc.getValue());
  }

  private void put(int block, int part, byte[] value) {
    try {
      store.put(new ChunkKey(indexId, segmentId, block, 0, part), value);
    } catch (CopyException e) {
      throw Segment.failure(e);
    }
  }

  private byte[] get(int block, int part) {
    try {
      return store.get(new ChunkKey(indexId, segmentId, block, 0, part));
    } catch (CopyException e) {
      throw Segment.failure(e);
    }
  }

  private Supplier<int[]> loader(int block, int rowCount, int checksum) {
    return () -> {
      int[] order = read(block, rowCount, checksum);
      if (order == null) {
        throw new RunLostException();
      }
      return order;
    };
  }

  /** The bytes of a run have gone while it was in use; whoever meets it builds the run again. */
  static final class RunLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private int[] read(int block, int rowCount, int checksum) {
    int[] order = new int[rowCount];
    CRC32C crc = new CRC32C();
    for (int part = 0, at = 0; at < rowCount; part++) {
      byte[] bytes = get(block, part);
      int n = Math.min(PART_ENTRIES, rowCount - at);
      if (bytes == null || bytes.length != 4 * n) {
        return null;
      }
      crc.update(bytes);
      IntBuffer in = ByteBuffer.wrap(bytes).asIntBuffer();
      in.get(order, at, n);
      at += n;
    }
    return (int) crc.getValue() == checksum ? order : null;
  }

  /** Stores the head, after all blocks. */
  void finish(SortedRun run) {
    if (!writing) {
      return;
    }
    List<SortedRun.Block> blocks = run.blocks();
    ByteBuffer out = ByteBuffer.allocate(4 + 1 + signature.length + 4 + blocks.size() * 17);
    out.position(4);
    out.put(VERSION).put(signature).putInt(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      SortedRun.Block block = blocks.get(i);
      int flags =
          (block.isStoredInOrder() ? STORED_IN_ORDER : 0) | (block.isDistinct() ? DISTINCT : 0);
      out.putLong(block.firstRow())
          .putInt(block.rowCount())
          .put((byte) flags)
          .putInt(block.isStoredInOrder() ? 0 : checksums.get(i));
    }
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 4, out.capacity() - 4);
    out.putInt(0, (int) crc.getValue());
    put(ChunkKey.FOOTER, 0, out.array());
  }

  /** The stored run, or null when there is none that fits. */
  SortedRun read(RowOrder order) {
    byte[] bytes = get(ChunkKey.FOOTER, 0);
    if (bytes == null || bytes.length < 9 + signature.length) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 4, bytes.length - 4);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != (int) crc.getValue() || in.get() != VERSION) {
      return null;
    }
    byte[] found = new byte[signature.length];
    in.get(found);
    if (!Arrays.equals(found, signature)) {
      return null;
    }
    int count = in.getInt();
    if (in.remaining() != 17L * count) {
      return null;
    }
    List<SortedRun.Block> blocks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long firstRow = in.getLong();
      int rowCount = in.getInt();
      int flags = in.get();
      int checksum = in.getInt();
      blocks.add(
          new SortedRun.Block(
              firstRow,
              rowCount,
              (flags & DISTINCT) != 0,
              null,
              (flags & STORED_IN_ORDER) != 0 ? null : loader(i, rowCount, checksum)));
    }
    return new SortedRun(order, blocks);
  }
}
