package io.copyload.engine.format;

import io.airlift.compress.MalformedInputException;
import java.io.EOFException;
import java.io.IOException;

/** Says in words what a decoder tripped over in a damaged object. Threads: any. */
public final class DamageText {
  private DamageText() {}

  /**
   * The message of an exception that has one for readers; other exceptions speak of arrays and
   * null, which says nothing about the object.
   */
  public static String of(Throwable e) {
    String message = e.getMessage();
    boolean forReaders =
        e instanceof IOException
            || e instanceof MalformedInputException
            || e instanceof IllegalArgumentException;
    if (forReaders
        && message != null
        && !message.contains("Exception")
        && !message.contains("org.apache.")) {
      return message;
    }
    return e instanceof EOFException
        ? "its bytes end too early"
        : "its bytes contradict each other";
  }
}
