package io.copyload.engine.convert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the abbreviations of one time zone mean, such as {@code IST} in Asia/Kolkata: the resource
 * {@code zone-abbreviations.txt}, because Java's own time zones have no history of names.
 * PostgreSQL asks it from 18 on about the session's zone, and always about the zones that its set
 * Default ties an abbreviation to.
 *
 * <p>Threads: any.
 */
final class ZoneAbbreviations {
  /**
   * Seconds east of UTC.
   *
   * @param daylight whether it is the name of a daylight saving time
   * @param first before the first change
   * @param times of the changes, in seconds since 1970, ascending; empty for most
   * @param offsets from each change on
   */
  record Meaning(boolean daylight, int first, long[] times, int[] offsets) {
    boolean isFixed() {
      return times.length == 0;
    }

    int offset(long epochSecond) {
      int i = times.length;
      while (i > 0 && epochSecond < times[i - 1]) {
        i--;
      }
      return i == 0 ? first : offsets[i - 1];
    }
  }

  /** The lines of the resource, by each of their zones. */
  private static final class Lines {
    static final Map<String, String> BY_ZONE = read();

    private static Map<String, String> read() {
      Map<String, String> lines = new HashMap<>();
      try (InputStream in = ZoneAbbreviations.class.getResourceAsStream("zone-abbreviations.txt");
          BufferedReader reader =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (!line.startsWith("#")) {
            int colon = line.indexOf(": ");
            for (String zone : line.substring(0, colon).split(",")) {
              lines.put(zone, line.substring(colon + 2));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return lines;
    }
  }

  private final Map<String, Meaning> meanings = new HashMap<>();

  private ZoneAbbreviations() {}

  /** Those of a zone; none for one that the IANA database lacks. */
  static ZoneAbbreviations of(String zone) {
    ZoneAbbreviations found = new ZoneAbbreviations();
    String line = Lines.BY_ZONE.get(zone);
    String[] words = line == null ? new String[0] : line.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      found.meanings.put(words[i].toLowerCase(Locale.ROOT), meaning(words[i + 1]));
    }
    return found;
  }

  private static Meaning meaning(String text) {
    boolean daylight = text.startsWith("*");
    String[] parts = text.substring(daylight ? 1 : 0).split("@");
    long[] times = new long[parts.length - 1];
    int[] offsets = new int[parts.length - 1];
    for (int i = 1; i < parts.length; i++) {
      int colon = parts[i].indexOf(':');
      times[i - 1] = Long.parseLong(parts[i].substring(0, colon));
      offsets[i - 1] = Integer.parseInt(parts[i].substring(colon + 1));
    }
    return new Meaning(daylight, Integer.parseInt(parts[0]), times, offsets);
  }

  /** What an abbreviation means in the zone; null when it does not know it. */
  Meaning find(String lowerCase) {
    return meanings.get(lowerCase);
  }
}
