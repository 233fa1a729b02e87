package io.copyload.engine.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Lines whose fields have fixed widths in characters (Redshift's FIXEDWIDTH).
 *
 * @param text what the format shares with delimited text: lines, null string, Redshift's rules
 * @param fields in the order of the line
 */
public record FixedSpec(DelimitedSpec text, List<Field> fields) implements FormatSpec {
  /**
   * @param label means nothing
   * @param width in characters, at least 1
   */
  public record Field(String label, int width) {}

  public FixedSpec {
    Objects.requireNonNull(text, "text");
    fields = List.copyOf(fields);
  }

  @Override
  public String historyName() {
    return text.historyName();
  }

  /**
   * Reads {@code 'label:width, label:width, ...'}; blanks around labels and widths do not count.
   *
   * <p>Failures: IllegalArgumentException that says what is wrong with the text.
   */
  public static List<Field> parse(String text) {
    List<Field> fields = new ArrayList<>();
    for (String pair : text.split(",", -1)) {
      int colon = pair.lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(
            "\"" + pair.strip() + "\" is not of the form label:width");
      }
      String width = pair.substring(colon + 1).strip();
      int value;
      try {
        value = Integer.parseInt(width);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("width \"" + width + "\" is not an integer");
      }
      if (value < 1 || value > MAX_WIDTH) {
        throw new IllegalArgumentException("width " + value + " is not between 1 and " + MAX_WIDTH);
      }
      fields.add(new Field(pair.substring(0, colon).strip(), value));
    }
    return fields;
  }

  /** Redshift's longest row is 4 MB. */
  private static final int MAX_WIDTH = 4 << 20;
}
