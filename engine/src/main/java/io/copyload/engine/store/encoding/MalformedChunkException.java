package io.copyload.engine.store.encoding;

/** Encoded bytes contradict themselves. The reader of the chunk adds where that was. */
public final class MalformedChunkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedChunkException(String message) {
    super(message);
  }
}
