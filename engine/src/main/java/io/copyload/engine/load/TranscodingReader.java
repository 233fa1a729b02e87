package io.copyload.engine.load;

import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/** Turns bytes of another encoding into UTF-8, a block at a time. Threads: one reads. */
final class TranscodingReader implements ByteReader {
  private static final int BLOCK_BYTES = 64 << 10;

  private final ByteReader in;
  private final CharsetDecoder decoder;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final ByteBuffer encoded = ByteBuffer.allocate(BLOCK_BYTES);
  private final CharBuffer chars = CharBuffer.allocate(2 * BLOCK_BYTES);
  private final ByteBuffer utf8 = ByteBuffer.allocate(6 * BLOCK_BYTES + 1);
  private boolean inputEnded;
  private boolean ended;
  private volatile TranscodedObject.Failure failure;

  /**
   * @param head the first bytes, which {@code in} no longer has
   */
  TranscodingReader(ByteReader in, byte[] head, Charset charset) {
    this.in = in;
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    encoded.put(head);
    utf8.flip();
  }

  TranscodedObject.Failure failure() {
    return failure;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    while (!utf8.hasRemaining()) {
      if (ended) {
        return -1;
      }
      transcode();
    }
    int count = Math.min(length, utf8.remaining());
    utf8.get(buffer, offset, count);
    return count;
  }

  private void transcode() throws IOException {
    if (!inputEnded && encoded.hasRemaining()) {
      int n = in.read(encoded.array(), encoded.position(), encoded.remaining());
      inputEnded = n < 0;
      encoded.position(encoded.position() + Math.max(n, 0));
    }
    encoded.flip();
    chars.clear();
    CoderResult result = decoder.decode(encoded, chars, inputEnded);
    if (result.isError()) {
      failure = unreadable();
      ended = true;
    } else if (inputEnded && result.isUnderflow()) {
      decoder.flush(chars);
      ended = true;
    }
    encoded.compact();
    chars.flip();
    utf8.clear();
    encoder.encode(chars, utf8, false);
    if (failure != null) {
      utf8.put((byte) 0xff);
    }
    utf8.flip();
  }

  private TranscodedObject.Failure unreadable() {
    String charset = decoder.charset().name();
    byte[] all = encoded.array();
    int at = encoded.position();
    int end = encoded.limit();
    StringJoiner bytes = new StringJoiner(" ");
    int length = Math.min(EncodedCharacter.length(charset, all, at, end), end - at);
    for (int i = at; i < at + length; i++) {
      bytes.add(String.format("0x%02x", all[i] & 255));
    }
    return new TranscodedObject.Failure(
        !EncodedCharacter.isWellFormed(charset, all, at, end), bytes.toString());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
