package io.copyload.engine.export;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Takes UTF-8 and hands on the same text in another encoding. */
public final class TranscodingSink implements ByteSink {
  private final ByteSink sink;
  private final String encodingName;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharsetEncoder encoder;
  private final CharBuffer chars = CharBuffer.allocate(8192);
  private final ByteBuffer encoded = ByteBuffer.allocate(32768);

  /** Begin of a character whose end has not come yet. */
  private final ByteBuffer rest = ByteBuffer.allocate(8);

  /**
   * @param encodingName as messages show it
   */
  public TranscodingSink(ByteSink sink, Charset charset, String encodingName) {
    this.sink = sink;
    this.encodingName = encodingName;
    encoder =
        charset
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /**
   * Fails as writing the text would, but writes nothing.
   *
   * @throws CopyException UNTRANSLATABLE_CHARACTER
   */
  public void check(String text) {
    if (encoder.canEncode(text)) {
      return;
    }
    text.codePoints()
        .mapToObj(Character::toString)
        .filter(character -> !encoder.canEncode(character))
        .findFirst()
        .ifPresent(
            character -> {
              throw untranslatable(character);
            });
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    while (rest.position() > 0 && in.hasRemaining()) {
      rest.put(in.get());
      rest.flip();
      decode(rest, false);
      rest.compact();
    }
    decode(in, false);
    rest.put(in);
  }

  @Override
  public void finish() throws IOException {
    rest.flip();
    decode(rest, true);
    chars.flip();
    encode(true);
    encoded.clear();
    encoder.flush(encoded);
    sink.write(encoded.array(), 0, encoded.position());
    sink.finish();
  }

  private void decode(ByteBuffer in, boolean last) throws IOException {
    while (true) {
      CoderResult result = decoder.decode(in, chars, last);
      if (result.isError()) {
        throw new CopyException(
            CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
            "invalid byte sequence for encoding \"UTF8\": " + hex(in, result.length()));
      }
      chars.flip();
      encode(false);
      chars.compact();
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private void encode(boolean last) throws IOException {
    while (true) {
      encoded.clear();
      CoderResult result = encoder.encode(chars, encoded, last);
      sink.write(encoded.array(), 0, encoded.position());
      if (result.isError()) {
        String character = chars.subSequence(0, result.length()).toString();
        throw untranslatable(character);
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private CopyException untranslatable(String character) {
    byte[] utf8 = character.getBytes(StandardCharsets.UTF_8);
    return new CopyException(
        CopyErrorCode.UNTRANSLATABLE_CHARACTER,
        "character with byte sequence "
            + hex(ByteBuffer.wrap(utf8), utf8.length)
            + " in encoding \"UTF8\" has no equivalent in encoding \""
            + encodingName
            + "\"");
  }

  private static String hex(ByteBuffer in, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ")
          .append(String.format(java.util.Locale.ROOT, "0x%02x", in.get(in.position() + i) & 0xff));
    }
    return text.toString();
  }
}
