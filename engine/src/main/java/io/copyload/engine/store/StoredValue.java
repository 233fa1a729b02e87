package io.copyload.engine.store;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;

/** Values in the byte store that may consist of several parts, and how their damage is told. */
final class StoredValue {
  /**
   * Size of every part but the last. Arrays of this size are no humongous objects of the G1
   * collector in heaps of 1 GiB and more, and stay in the cache between encoder, checksum and
   * store.
   */
  static final int PART_BYTES = 256 << 10;

  private StoredValue() {}

  static int partCount(int byteCount) {
    return (int) (((long) byteCount + PART_BYTES - 1) / PART_BYTES);
  }

  /**
   * Reads all parts of a value whose size is known. The result must not be changed.
   *
   * @param key of part 0
   * @throws CopyException DATA_CORRUPTED when a part is missing or has another size
   */
  static byte[] read(ByteStore store, ChunkKey key, int byteCount) {
    List<byte[]> parts = new ArrayList<>();
    for (int part = 0; part < partCount(byteCount); part++) {
      parts.add(store.get(part(key, part)));
    }
    return join(key, parts, byteCount);
  }

  /**
   * Puts together all parts of a value whose size is known; a missing one may be null. The result
   * must not be changed.
   *
   * @param key of part 0
   * @throws CopyException DATA_CORRUPTED when a part is missing or has another size
   */
  static byte[] join(ChunkKey key, List<byte[]> parts, int byteCount) {
    int partCount = partCount(byteCount);
    for (int part = 0; part < partCount; part++) {
      byte[] bytes = part < parts.size() ? parts.get(part) : null;
      if (bytes == null) {
        throw damaged(key, "part " + part + " is missing");
      }
      int expected = Math.min(PART_BYTES, byteCount - part * PART_BYTES);
      if (bytes.length != expected) {
        throw damaged(
            key, "part " + part + " has " + bytes.length + " bytes instead of " + expected);
      }
    }
    if (partCount == 1) {
      return parts.get(0);
    }
    byte[] all = new byte[byteCount];
    for (int part = 0; part < partCount; part++) {
      byte[] bytes = parts.get(part);
      System.arraycopy(bytes, 0, all, part * PART_BYTES, bytes.length);
    }
    return all;
  }

  static ChunkKey part(ChunkKey key, int part) {
    return new ChunkKey(key.tableId(), key.segmentId(), key.rowGroup(), key.column(), part);
  }

  static CopyException damaged(ChunkKey key, String what) {
    String place =
        key.rowGroup() == ChunkKey.FOOTER
            ? "footer"
            : "row group " + key.rowGroup() + ", column " + key.column();
    return new CopyException(
            CopyErrorCode.DATA_CORRUPTED,
            "stored data of table "
                + key.tableId()
                + " is damaged: segment "
                + key.segmentId()
                + ", "
                + place
                + ": "
                + what)
        .withHint("Restore the database from a backup, or drop the table and load it again.");
  }
}
