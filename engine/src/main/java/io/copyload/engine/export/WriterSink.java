package io.copyload.engine.export;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Hands UTF-8 to a writer, which belongs to the caller: it is flushed and not closed. */
public final class WriterSink implements ByteSink {
  private final Writer writer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
  private final CharBuffer chars = CharBuffer.allocate(8192);
  private final ByteBuffer rest = ByteBuffer.allocate(8);

  public WriterSink(Writer writer) {
    this.writer = writer;
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
    writer.flush();
  }

  private void decode(ByteBuffer in, boolean last) throws IOException {
    boolean more = true;
    while (more) {
      more = decoder.decode(in, chars, last).isOverflow();
      writer.write(chars.array(), 0, chars.position());
      chars.clear();
    }
  }
}
