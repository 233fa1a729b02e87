package io.copyload.engine.load;

/**
 * Thrown inside a slice to leave a unit whose result no longer matters. Never leaves the pipeline.
 */
final class SliceStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SliceStopped() {
    super(null, null, false, false);
  }
}
