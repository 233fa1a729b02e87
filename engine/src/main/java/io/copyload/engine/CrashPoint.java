package io.copyload.engine;

/**
 * Named points at which the crash test kills the JVM, chosen by the system property {@code
 * copyload.crash}. Without the property a point costs one comparison with a constant.
 */
public final class CrashPoint {
  private static final String CHOSEN = System.getProperty("copyload.crash");

  private CrashPoint() {}

  /** Halts the JVM, as a power cut would, when {@code name} is the chosen point. */
  public static void reach(String name) {
    if (CHOSEN != null && CHOSEN.equals(name)) {
      Runtime.getRuntime().halt(86);
    }
  }
}
