package io.copyload.engine.compress;

import io.copyload.engine.CancelToken;

/**
 * What decompression of one object may use. None of it changes what is read.
 *
 * @param threads how many threads read and help
 * @param memoryBytes heap for pieces that are decoded ahead and for dictionaries
 * @param pieceBytes stored bytes of a piece at least, where the format leaves the choice
 * @param moved called when helpers may find work again
 */
public record Decompression(
    CancelToken cancel, int threads, long memoryBytes, int pieceBytes, Runnable moved) {
  private static final int USUAL_PIECE_BYTES = 256 << 10;
  private static final int MAX_PIECE_BYTES = 4 << 20;

  /** Pieces of a usual size. */
  public static Decompression of(
      CancelToken cancel, int threads, long memoryBytes, Runnable moved) {
    return new Decompression(cancel, threads, memoryBytes, USUAL_PIECE_BYTES, moved);
  }

  /** Stored bytes of a piece at most. */
  int pieceLimit() {
    return (int) Math.max(pieceBytes, Math.min(MAX_PIECE_BYTES, memoryBytes / (16L * threads)));
  }
}
