package io.copyload.engine.store;

/**
 * Takes column chunks over from one segment to another as they are stored, so that ALTER TABLE
 * neither decodes nor encodes what does not change. Checksums stay as they were: damage is told by
 * the first read, as it would have been before.
 *
 * <p>Threads: any.
 */
public final class SegmentCopy {
  private SegmentCopy() {}

  /**
   * Copies the parts of one chunk; holds one part at a time.
   *
   * @param from key of the chunk's part 0
   * @param to key of part 0 of the copy
   * @param betweenParts called before each part; what it throws ends the copying
   * @throws io.copyload.engine.CopyException DATA_CORRUPTED when a part is missing
   */
  public static void copyChunk(
      ByteStore store, ChunkKey from, ChunkKey to, ChunkInfo chunk, Runnable betweenParts) {
    for (int part = 0; part < chunk.partCount(); part++) {
      betweenParts.run();
      byte[] bytes = store.get(StoredValue.part(from, part));
      if (bytes == null) {
        throw StoredValue.damaged(from, "part " + part + " is missing");
      }
      store.put(StoredValue.part(to, part), bytes);
    }
  }
}
