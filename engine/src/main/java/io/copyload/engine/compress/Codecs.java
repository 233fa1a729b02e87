package io.copyload.engine.compress;

import java.util.List;
import java.util.Locale;

/** All codecs, and the one place that tells which of them an object has. */
public final class Codecs {
  /** As many first bytes of an object tell its codec. */
  public static final int HEAD_BYTES = 10;

  private static final List<Codec> ALL =
      List.of(
          new GzipCodec(),
          new Bzip2Codec(),
          new LzopCodec(),
          new ZstdCodec(),
          new Lz4Codec(),
          new XzCodec(),
          new BrotliCodec());

  private Codecs() {}

  /**
   * The codec of an object, or null when it is not compressed. The content decides; the name does
   * only where the content of a codec says nothing.
   *
   * @param head the first {@link #HEAD_BYTES} bytes, or all when there are fewer
   */
  public static Codec detect(String name, byte[] head, int length) {
    String lowerCaseName = name.toLowerCase(Locale.ROOT);
    if (length == 0) {
      return null;
    }
    Codec found = null;
    for (Codec codec : ALL) {
      if (codec.matches(head, length) && (found == null || codec.hasEnding(lowerCaseName))) {
        found = codec;
      }
    }
    if (found != null) {
      return found;
    }
    for (Codec codec : ALL) {
      if (codec.hasNoMagic() && codec.hasEnding(lowerCaseName)) {
        return codec;
      }
    }
    return null;
  }

  /** The codec of that name; it must exist. */
  public static Codec named(String name) {
    for (Codec codec : ALL) {
      if (codec.name().equals(name)) {
        return codec;
      }
    }
    throw new IllegalArgumentException("no codec " + name);
  }

  /** Whether the name says that an object holds more data than stored bytes. */
  public static boolean isNamedCompressed(String name) {
    String lowerCaseName = name.toLowerCase(Locale.ROOT);
    return ALL.stream().anyMatch(codec -> codec.hasEnding(lowerCaseName));
  }
}
