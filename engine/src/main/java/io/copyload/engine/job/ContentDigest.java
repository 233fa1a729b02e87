package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digest of an object's stored bytes: SHA-256 over the SHA-256 of each block of 1 MB, the last
 * one shorter. Blocks can be taken in any order, so a load that reads an object here and there
 * makes the digest on the way; what it has not read in one piece is read for it afterwards.
 *
 * <p>Threads: any.
 */
final class ContentDigest {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int READ_BYTES = 64 << 10;

  private final long size;
  private final byte[][] blocks;

  /**
   * @param size of the object
   */
  ContentDigest(long size) {
    this.size = size;
    blocks = new byte[Math.toIntExact((size + BLOCK_BYTES - 1) / BLOCK_BYTES)][];
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void put(int block, byte[] hash) {
    blocks[block] = hash;
  }

  private synchronized boolean has(int block) {
    return blocks[block] != null;
  }

  private int blockLength(int block) {
    return (int) Math.min(BLOCK_BYTES, size - (long) block * BLOCK_BYTES);
  }

  /** Takes bytes that somebody reads one behind the other. Threads: one. */
  final class Tap {
    private final MessageDigest hash = sha256();
    private long position;

    /** Bytes of the current block so far; -1 when its first ones were not seen. */
    private int inBlock;

    Tap(long position) {
      this.position = position;
      inBlock = position % BLOCK_BYTES == 0 ? 0 : -1;
    }

    void take(byte[] bytes, int offset, int length) {
      int from = offset;
      int left = length;
      while (left > 0 && position < size) {
        int block = (int) (position / BLOCK_BYTES);
        int rest = (int) ((long) block * BLOCK_BYTES + blockLength(block) - position);
        int count = Math.min(left, rest);
        if (inBlock >= 0) {
          hash.update(bytes, from, count);
          inBlock += count;
        }
        position += count;
        from += count;
        left -= count;
        if (count == rest) {
          if (inBlock >= 0) {
            put(block, hash.digest());
          }
          inBlock = 0;
        }
      }
    }
  }

  /** Reads the blocks that are missing. */
  void complete(SourceObject object, CancelToken cancel) throws IOException {
    byte[] buffer = new byte[READ_BYTES];
    int block = 0;
    while (block < blocks.length) {
      if (has(block)) {
        block++;
        continue;
      }
      int end = block + 1;
      while (end < blocks.length && !has(end)) {
        end++;
      }
      long position = (long) block * BLOCK_BYTES;
      long stop = Math.min(size, (long) end * BLOCK_BYTES);
      Tap tap = new Tap(position);
      try (ByteReader reader = object.open(position, stop, cancel)) {
        while (position < stop) {
          cancel.check();
          int count = reader.read(buffer, 0, (int) Math.min(buffer.length, stop - position));
          if (count < 0) {
            throw new EOFException("the object is shorter than it was");
          }
          tap.take(buffer, 0, count);
          position += count;
        }
      }
      block = end;
    }
  }

  boolean isComplete() {
    for (int i = 0; i < blocks.length; i++) {
      if (!has(i)) {
        return false;
      }
    }
    return true;
  }

  /** The digest in hex; all blocks must be there. */
  String value() {
    MessageDigest all = sha256();
    for (int i = 0; i < blocks.length; i++) {
      if (!has(i)) {
        throw new IllegalStateException("block " + i + " is missing");
      }
      all.update(blocks[i]);
    }
    return HexFormat.of().formatHex(all.digest());
  }

  /** The digest of an object's first bytes. */
  static String of(SourceObject object, long length, CancelToken cancel) throws IOException {
    ContentDigest digest = new ContentDigest(length);
    digest.complete(object, cancel);
    return digest.value();
  }
}
