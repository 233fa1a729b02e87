package io.copyload.engine.source.ssh;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last of what a command writes to its standard error. Threads: any. */
final class ErrorTail extends OutputStream {
  private static final int TAIL_BYTES = 2048;
  private static final int SHOWN_CHARACTERS = 500;

  private final byte[] tail = new byte[TAIL_BYTES];
  private long count;

  @Override
  public synchronized void write(int b) {
    tail[(int) (count++ % TAIL_BYTES)] = (byte) b;
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    for (int i = 0; i < length; i++) {
      tail[(int) (count++ % TAIL_BYTES)] = bytes[offset + i];
    }
  }

  /** The last characters, fit for a message. */
  synchronized String text() {
    int length = (int) Math.min(count, TAIL_BYTES);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = tail[(int) ((count - length + i) % TAIL_BYTES)];
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    int cut = Math.max(0, text.length() - SHOWN_CHARACTERS);
    String shown = (cut > 0 ? "..." : "") + text.substring(cut);
    return shown.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?");
  }
}
