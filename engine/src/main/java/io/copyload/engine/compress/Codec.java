package io.copyload.engine.compress;

import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.util.List;

/**
 * A compression: how it is recognised, and how its bytes are decoded. One file per codec; {@link
 * Codecs} lists them.
 */
public abstract class Codec {
  private final String name;
  private final List<String> endings;

  /**
   * @param name in lower case, for messages
   * @param endings what names of such files end in, in lower case
   */
  Codec(String name, String... endings) {
    this.name = name;
    this.endings = List.of(endings);
  }

  public final String name() {
    return name;
  }

  final boolean hasEnding(String lowerCaseName) {
    for (String ending : endings) {
      if (lowerCaseName.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether these first bytes of an object say this codec. {@code length} is at least {@link
   * Codecs#HEAD_BYTES} unless the object is shorter.
   */
  abstract boolean matches(byte[] head, int length);

  /** Whether the first bytes of such an object say nothing, so that its name has to. */
  boolean hasNoMagic() {
    return false;
  }

  abstract Decompressor open(StoredInput in, Decompression how) throws IOException;

  /**
   * Decodes an object. The decompressor owns {@code in}, also when this method fails.
   *
   * @param head the first stored bytes, already read
   * @param in the stored bytes behind them
   */
  public final Decompressor open(byte[] head, int length, ByteReader in, Decompression how)
      throws IOException {
    StoredInput stored = new StoredInput(head, length, in);
    try {
      return open(stored, how);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** The failure of bytes that cannot be decoded. */
  final IOException damaged(String what, long storedOffset) {
    return new IOException(name + " data " + what + " (stored byte " + storedOffset + ")");
  }

  final IOException damaged(long storedOffset) {
    return damaged("is damaged", storedOffset);
  }

  final IOException truncated(long storedOffset) {
    return damaged("ends too early", storedOffset);
  }

  final IOException trailing(long storedOffset) {
    return new IOException(
        "there is something else behind the " + name + " data (stored byte " + storedOffset + ")");
  }

  final IOException wrongChecksum(long storedOffset) {
    return damaged("has a wrong checksum", storedOffset);
  }

  @Override
  public final String toString() {
    return name;
  }
}
