package io.copyload.engine.format.shapefile;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.compress.Codec;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.compress.Decompression;
import io.copyload.engine.compress.ExpansionLimit;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;

/**
 * One file of the set, which may be compressed.
 *
 * @param codec null when it is not compressed
 */
record Component(SourceObject source, Codec codec) {
  private static final long DECODER_BYTES = 1 << 20;

  /**
   * Finds out how a file is compressed.
   *
   * @param named what the statement says, or null
   * @throws CopyException BAD_COPY_FILE_FORMAT when the file is compressed otherwise
   */
  static Component of(SourceObject source, Codec named, CancelToken cancel) throws IOException {
    byte[] head = new byte[Codecs.HEAD_BYTES];
    int length;
    try (ByteReader in = source.open(0, head.length, cancel)) {
      length = readHead(in, head);
    }
    Codec found = Codecs.detect(source.name(), head, length);
    if (named != null && found != named) {
      throw new CopyException(
          CopyErrorCode.BAD_COPY_FILE_FORMAT,
          "\""
              + source.name()
              + "\" is not "
              + named
              + " data"
              + (found == null ? "" : " but " + found));
    }
    return new Component(source, found);
  }

  private static int readHead(ByteReader in, byte[] head) throws IOException {
    int length = 0;
    while (length < head.length) {
      int count = in.read(head, length, head.length - length);
      if (count < 0) {
        break;
      }
      length += count;
    }
    return length;
  }

  /** Whether {@link #open} may start anywhere. */
  boolean seekable() {
    return codec == null && source.seekable() && source.size() >= 0;
  }

  ComponentInput open(long offset, CancelToken cancel) throws IOException {
    if (codec == null) {
      return new ComponentInput(source.name(), source.open(offset, cancel), offset);
    }
    ComponentInput input = new ComponentInput(source.name(), reader(cancel), 0);
    try {
      input.skipTo(offset);
      return input;
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  /** The decompressed bytes from the first one on. */
  ByteReader reader(CancelToken cancel) throws IOException {
    ByteReader in = source.open(0, cancel);
    if (codec == null) {
      return in;
    }
    byte[] head = new byte[Codecs.HEAD_BYTES];
    int length;
    try {
      length = readHead(in, head);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    ByteReader decoded =
        codec.open(head, length, in, Decompression.of(cancel, 1, DECODER_BYTES, () -> {}));
    return new ExpansionLimit(decoded, source.name(), source.size(), () -> 0, ExpansionLimit.USUAL);
  }
}
