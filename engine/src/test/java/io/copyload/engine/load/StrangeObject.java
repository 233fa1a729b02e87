package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.util.Random;

/** Bytes that come in short reads of random length. */
record StrangeObject(String name, byte[] bytes, boolean seekable, boolean sized, long seed)
    implements SourceObject {
  @Override
  public long size() {
    return sized ? bytes.length : UNKNOWN_SIZE;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) {
    Random random = new Random(seed ^ offset);
    return new ByteReader() {
      private int position = (int) offset;

      @Override
      public int read(byte[] buffer, int bufferOffset, int length) {
        if (position == bytes.length) {
          return -1;
        }
        int most = Math.min(length, bytes.length - position);
        int count = random.nextInt(4) == 0 ? most : 1 + random.nextInt(most);
        System.arraycopy(bytes, position, buffer, bufferOffset, count);
        position += count;
        return count;
      }

      @Override
      public void close() {}
    };
  }
}
