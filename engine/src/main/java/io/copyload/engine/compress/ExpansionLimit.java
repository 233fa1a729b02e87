package io.copyload.engine.compress;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Stops an object that decodes to far more bytes than it has: a small file must not be able to fill
 * disk and time. Up to 256 MB nothing is said; behind that, decoded bytes may be so many times the
 * stored ones. Threads: one.
 */
public final class ExpansionLimit implements ByteReader {
  /** No text that anybody wrote is above it; gzip cannot reach it, zstd and bzip2 can. */
  public static final int USUAL = 1000;

  private static final long FREE_BYTES = 256 << 20;

  private final ByteReader in;
  private final String objectName;
  private final long storedSize;
  private final LongSupplier storedBytes;
  private final int most;
  private final long freeBytes;
  private long decodedBytes;

  /**
   * @param storedSize of the object, negative when it is not known
   * @param storedBytes stored bytes read so far, which count when the size is not known
   * @param most decoded bytes per stored byte; 0 for no limit
   */
  public ExpansionLimit(
      ByteReader in, String objectName, long storedSize, LongSupplier storedBytes, int most) {
    this(in, objectName, storedSize, storedBytes, most, FREE_BYTES);
  }

  ExpansionLimit(
      ByteReader in,
      String objectName,
      long storedSize,
      LongSupplier storedBytes,
      int most,
      long freeBytes) {
    this.in = in;
    this.objectName = objectName;
    this.storedSize = storedSize;
    this.storedBytes = storedBytes;
    this.most = most;
    this.freeBytes = freeBytes;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long stored = storedSize >= 0 ? storedSize : storedBytes.getAsLong();
    long limit = most == 0 ? Long.MAX_VALUE : Math.max(freeBytes, most * stored);
    long left = limit - decodedBytes;
    // The first byte too many is asked for, because the object may end here.
    int count = in.read(buffer, offset, (int) Math.max(1, Math.min(length, left)));
    if (count > 0) {
      if (left <= 0) {
        throw exceeded(
            objectName,
            decodedBytes,
            stored + " stored bytes" + (storedSize >= 0 ? "" : " so far"),
            most);
      }
      decodedBytes += count;
    }
    return count;
  }

  /** Most decoded bytes of an object. */
  public static long limit(long stored, int most) {
    return most == 0 || stored > Long.MAX_VALUE / most
        ? Long.MAX_VALUE
        : Math.max(FREE_BYTES, most * stored);
  }

  /** The failure of an object that has more than that. */
  public static CopyException exceeded(String name, long decoded, long stored, int most) {
    return exceeded(name, decoded, stored + " stored bytes", most);
  }

  private static CopyException exceeded(String name, long decoded, String stored, int most) {
    return new CopyException(
            CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
            "\"" + name + "\" decompresses to more than " + decoded + " bytes, from " + stored)
        .withHint(
            "The property max_expansion allows "
                + most
                + " decompressed bytes per stored byte. If the data are to be trusted, raise it;"
                + " 0 is no limit.");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
