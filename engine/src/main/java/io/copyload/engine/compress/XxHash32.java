package io.copyload.engine.compress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** xxHash of 32 bits with seed 0 (xxhash_spec.md of the xxHash project). Threads: one. */
final class XxHash32 {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int PRIME_1 = 0x9e3779b1;
  private static final int PRIME_2 = 0x85ebca77;
  private static final int PRIME_3 = 0xc2b2ae3d;
  private static final int PRIME_4 = 0x27d4eb2f;
  private static final int PRIME_5 = 0x165667b1;
  private static final int STRIPE_BYTES = 16;

  private int v1;
  private int v2;
  private int v3;
  private int v4;
  private long total;
  private final byte[] rest = new byte[STRIPE_BYTES];
  private int restCount;

  XxHash32() {
    reset();
  }

  static int of(byte[] bytes, int begin, int count) {
    XxHash32 hash = new XxHash32();
    hash.update(bytes, begin, count);
    return hash.value();
  }

  void reset() {
    v1 = PRIME_1 + PRIME_2;
    v2 = PRIME_2;
    v3 = 0;
    v4 = -PRIME_1;
    total = 0;
    restCount = 0;
  }

  void update(byte[] bytes, int begin, int count) {
    total += count;
    int p = begin;
    int end = begin + count;
    if (restCount > 0) {
      int n = Math.min(STRIPE_BYTES - restCount, count);
      System.arraycopy(bytes, p, rest, restCount, n);
      restCount += n;
      p += n;
      if (restCount < STRIPE_BYTES) {
        return;
      }
      stripes(rest, 0, STRIPE_BYTES);
      restCount = 0;
    }
    int whole = (end - p) & -STRIPE_BYTES;
    stripes(bytes, p, p + whole);
    p += whole;
    restCount = end - p;
    System.arraycopy(bytes, p, rest, 0, restCount);
  }

  private void stripes(byte[] bytes, int begin, int end) {
    int a = v1;
    int b = v2;
    int c = v3;
    int d = v4;
    for (int p = begin; p < end; p += STRIPE_BYTES) {
      a = round(a, (int) INTS.get(bytes, p));
      b = round(b, (int) INTS.get(bytes, p + 4));
      c = round(c, (int) INTS.get(bytes, p + 8));
      d = round(d, (int) INTS.get(bytes, p + 12));
    }
    v1 = a;
    v2 = b;
    v3 = c;
    v4 = d;
  }

  private static int round(int accumulator, int lane) {
    return Integer.rotateLeft(accumulator + lane * PRIME_2, 13) * PRIME_1;
  }

  int value() {
    int hash =
        total >= STRIPE_BYTES
            ? Integer.rotateLeft(v1, 1)
                + Integer.rotateLeft(v2, 7)
                + Integer.rotateLeft(v3, 12)
                + Integer.rotateLeft(v4, 18)
            : PRIME_5;
    hash += (int) total;
    int p = 0;
    for (; p + 4 <= restCount; p += 4) {
      hash = Integer.rotateLeft(hash + (int) INTS.get(rest, p) * PRIME_3, 17) * PRIME_4;
    }
    for (; p < restCount; p++) {
      hash = Integer.rotateLeft(hash + (rest[p] & 255) * PRIME_5, 11) * PRIME_1;
    }
    hash = (hash ^ hash >>> 15) * PRIME_2;
    hash = (hash ^ hash >>> 13) * PRIME_3;
    return hash ^ hash >>> 16;
  }
}
