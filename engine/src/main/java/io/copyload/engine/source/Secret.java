package io.copyload.engine.source;

import java.util.Objects;

/** A text that nobody may see: it prints as stars. */
public final class Secret {
  private final String text;

  public Secret(String text) {
    this.text = Objects.requireNonNull(text, "text");
  }

  /** The text itself, for the one who needs it to sign or decrypt. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "***";
  }
}
