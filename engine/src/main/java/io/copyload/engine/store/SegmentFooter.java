package io.copyload.engine.store;

import io.copyload.engine.store.encoding.ChunkInput;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.MalformedChunkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes and reads {@link SegmentInfo} under {@link ChunkKey#FOOTER}, with version and checksum.
 */
public final class SegmentFooter {
  static final int MAGIC = 0x54464C43;
  static final int VERSION = 1;

  /** Magic number, version and size. */
  private static final int HEADER_BYTES = 12;

  /** Deepest nesting of array types. */
  private static final int MAX_TYPE_DEPTH = 32;

  private static final int HAS_ZONE = 1;
  private static final int HAS_MIN_BYTES = 2;
  private static final int HAS_MAX_BYTES = 4;

  private SegmentFooter() {}

  /** Puts the footer into the store. */
  public static void write(ByteStore store, SegmentInfo info) {
    ChunkKey key = key(info.tableId(), info.segmentId());
    // The size stands in front, so the footer is written twice, the first time for its size only.
    ChunkOutput out = new ChunkOutput(StoredValue.PART_BYTES);
    out.begin((part, bytes) -> {});
    write(out, info, 0);
    int byteCount = out.byteCount();
    out.begin((part, bytes) -> store.put(StoredValue.part(key, part), bytes));
    write(out, info, byteCount);
  }

  private static void write(ChunkOutput out, SegmentInfo info, int byteCount) {
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(byteCount);
    out.writeInt(info.tableId());
    out.writeLong(info.segmentId());
    out.writeLong(info.firstRowId());
    out.writeLong(info.rowCount());
    out.writeInt(info.columnIds().size());
    for (int i = 0; i < info.columnIds().size(); i++) {
      out.writeInt(info.columnIds().get(i));
      writeType(out, info.types().get(i));
    }
    out.writeInt(info.rowGroups().size());
    for (RowGroupInfo group : info.rowGroups()) {
      out.writeInt(group.number());
      out.writeInt(group.rowCount());
      for (ChunkInfo chunk : group.chunks()) {
        writeChunk(out, chunk);
      }
    }
    out.finish();
  }

  private static void writeType(ChunkOutput out, TargetType type) {
    writeText(out, type.kind().name());
    out.writeLong(type.precision());
    out.writeInt(type.scale());
    out.writeInt(type.enumLabels().size());
    for (String label : type.enumLabels()) {
      writeText(out, label);
    }
    out.writeByte(type.element() == null ? 0 : 1);
    if (type.element() != null) {
      writeType(out, type.element());
    }
  }

  private static void writeText(ChunkOutput out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.writeBytes(bytes, 0, bytes.length);
  }

  private static void writeChunk(ChunkOutput out, ChunkInfo chunk) {
    out.writeInt(chunk.partCount());
    out.writeInt(chunk.byteCount());
    out.writeInt(chunk.checksum());
    out.writeInt(chunk.nullCount());
    out.writeByte(
        (chunk.hasZone() ? HAS_ZONE : 0)
            | (chunk.minBytes() != null ? HAS_MIN_BYTES : 0)
            | (chunk.maxBytes() != null ? HAS_MAX_BYTES : 0));
    if (chunk.hasZone()) {
      out.writeLong(chunk.min());
      out.writeLong(chunk.max());
    }
    writePrefix(out, chunk.minBytes());
    writePrefix(out, chunk.maxBytes());
  }

  private static void writePrefix(ChunkOutput out, ChunkInfo.Prefix prefix) {
    if (prefix != null) {
      byte[] bytes = prefix.bytes();
      out.writeByte(bytes.length);
      out.writeBytes(bytes, 0, bytes.length);
    }
  }

  /** Reads the footer; {@code CopyException} DATA_CORRUPTED when it is missing or damaged. */
  public static SegmentInfo read(ByteStore store, int tableId, long segmentId) {
    ChunkKey key = key(tableId, segmentId);
    byte[] first = store.get(key);
    if (first == null) {
      throw StoredValue.damaged(key, "part 0 is missing");
    }
    try {
      ChunkInput head = new ChunkInput(first, 0, first.length);
      expect("magic number", MAGIC, head.readInt());
      int version = head.readInt();
      if (version < 1 || version > VERSION) {
        throw new MalformedChunkException(
            "its version is " + version + ", this release reads 1 to " + VERSION);
      }
      int byteCount = head.readInt();
      if (byteCount < HEADER_BYTES + Integer.BYTES) {
        throw new MalformedChunkException("its size of " + byteCount + " bytes is out of range");
      }
      byte[] bytes = StoredValue.read(store, key, byteCount);
      int end = bytes.length - Integer.BYTES;
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, end);
      if ((int) crc.getValue() != new ChunkInput(bytes, end, bytes.length).readInt()) {
        throw new MalformedChunkException("its checksum does not match");
      }
      ChunkInput in = new ChunkInput(bytes, HEADER_BYTES, end);
      SegmentInfo info = readInfo(in);
      expect("number of bytes left", 0, in.remaining());
      if (info.tableId() != tableId || info.segmentId() != segmentId) {
        throw new MalformedChunkException(
            "it belongs to table " + info.tableId() + ", segment " + info.segmentId());
      }
      return info;
    } catch (MalformedChunkException e) {
      throw StoredValue.damaged(key, e.getMessage());
    }
  }

  private static SegmentInfo readInfo(ChunkInput in) {
    int tableId = in.readInt();
    long segmentId = in.readLong();
    long firstRowId = in.readLong();
    long rowCount = in.readLong();
    int columnCount = in.readCount(in.remaining());
    List<Integer> columnIds = new ArrayList<>();
    List<TargetType> types = new ArrayList<>();
    for (int i = 0; i < columnCount; i++) {
      columnIds.add(in.readInt());
      types.add(readType(in, MAX_TYPE_DEPTH));
    }
    int groupCount = in.readCount(in.remaining());
    List<RowGroupInfo> groups = new ArrayList<>();
    long sum = 0;
    for (int i = 0; i < groupCount; i++) {
      int number = in.readInt();
      int groupRows = in.readCount(RowGroupWriter.MAX_ROWS);
      List<ChunkInfo> chunks = new ArrayList<>();
      for (int column = 0; column < columnCount; column++) {
        chunks.add(readChunk(in, groupRows));
      }
      groups.add(new RowGroupInfo(number, groupRows, chunks));
      sum += groupRows;
    }
    if (sum != rowCount) {
      throw new MalformedChunkException(
          "its row groups have " + sum + " rows instead of " + rowCount);
    }
    return new SegmentInfo(tableId, segmentId, firstRowId, rowCount, columnIds, types, groups);
  }

  private static TargetType readType(ChunkInput in, int depth) {
    if (depth == 0) {
      throw new MalformedChunkException("its types are nested too deeply");
    }
    String name = readText(in);
    TargetType.Kind kind =
        Arrays.stream(TargetType.Kind.values())
            .filter(k -> k.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new MalformedChunkException("type " + name + " is unknown"));
    long precision = in.readLong();
    int scale = in.readInt();
    int labelCount = in.readCount(in.remaining());
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < labelCount; i++) {
      labels.add(readText(in));
    }
    TargetType element = in.readUnsignedByte() == 0 ? null : readType(in, depth - 1);
    if ((kind == TargetType.Kind.ARRAY) != (element != null)) {
      throw new MalformedChunkException("its type " + name + " is incomplete");
    }
    return new TargetType(kind, precision, scale, labels, element);
  }

  private static String readText(ChunkInput in) {
    int length = in.readCount(in.remaining());
    int begin = in.skip(length);
    return new String(in.bytes(), begin, length, StandardCharsets.UTF_8);
  }

  private static ChunkInfo readChunk(ChunkInput in, int rowCount) {
    int partCount = in.readInt();
    int byteCount = in.readCount(Integer.MAX_VALUE);
    expect("number of parts", StoredValue.partCount(byteCount), partCount);
    int checksum = in.readInt();
    int nullCount = in.readCount(rowCount);
    int flags = in.readUnsignedByte();
    boolean hasZone = (flags & HAS_ZONE) != 0;
    long min = hasZone ? in.readLong() : 0;
    long max = hasZone ? in.readLong() : 0;
    ChunkInfo.Prefix minBytes = (flags & HAS_MIN_BYTES) != 0 ? readPrefix(in) : null;
    ChunkInfo.Prefix maxBytes = (flags & HAS_MAX_BYTES) != 0 ? readPrefix(in) : null;
    return new ChunkInfo(
        partCount, byteCount, checksum, nullCount, hasZone, min, max, minBytes, maxBytes);
  }

  private static ChunkInfo.Prefix readPrefix(ChunkInput in) {
    int length = in.readUnsignedByte();
    if (length > ChunkInfo.Prefix.MAX_LENGTH) {
      throw new MalformedChunkException("a prefix of " + length + " bytes is out of range");
    }
    return ChunkInfo.Prefix.of(in.bytes(), in.skip(length), length);
  }

  private static ChunkKey key(int tableId, long segmentId) {
    return new ChunkKey(tableId, segmentId, ChunkKey.FOOTER, 0, 0);
  }

  private static void expect(String what, int expected, int actual) {
    if (expected != actual) {
      throw new MalformedChunkException(
          "its " + what + " is " + actual + " instead of " + expected);
    }
  }
}
