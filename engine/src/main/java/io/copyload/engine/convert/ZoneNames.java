package io.copyload.engine.convert;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Time zones by name, in any case: the abbreviations of PostgreSQL's Default set that are not tied
 * to a place, the IANA database, and POSIX zones without daylight saving such as {@code GMT+3},
 * which count westward.
 *
 * <p>Threads: one owner (the index of IANA names is built when first needed).
 */
final class ZoneNames {
  /**
   * Abbreviations with their offset in minutes east; a trailing {@code *} marks daylight saving
   * time.
   */
  private static final String[] ABBREVIATIONS = {
    "acdt* 630",
    "acst 570",
    "adt* -180",
    "aedt* 660",
    "aest 600",
    "akdt* -480",
    "akst -540",
    "ast -240",
    "awst 480",
    "bst* 60",
    "cadt* 630",
    "cast 570",
    "cct 480",
    "cdt* -300",
    "cest* 120",
    "cet 60",
    "cetdst* 120",
    "cst -360",
    "edt* -240",
    "eest* 180",
    "eet 120",
    "eetdst* 180",
    "est -300",
    "fet 180",
    "gmt 0",
    "hkt 480",
    "hst -600",
    "idt* 180",
    "ist 120",
    "jst 540",
    "kdt* 600",
    "kst 540",
    "mdt* -360",
    "mest* 120",
    "mesz* 120",
    "met 60",
    "metdst* 120",
    "mez 60",
    "msd* 240",
    "msk 180",
    "mst -420",
    "ndt* -150",
    "nst -210",
    "nut -660",
    "nzdt* 780",
    "nzst 720",
    "nzt 720",
    "pdt* -420",
    "pht 480",
    "pkt 300",
    "pst -480",
    "sadt* 630",
    "sast 120",
    "sgt 480",
    "uct 0",
    "ut 0",
    "utc 0",
    "wadt* 480",
    "wast 420",
    "wat 60",
    "wdt* 540",
    "wet 0",
    "wetdst* 60",
    "z 0",
    "zulu 0"
  };

  private static final Map<String, Integer> OFFSETS = offsets();
  private static final Set<String> DAYLIGHT = daylight();

  private static final int MAX_HOURS = 167;

  private Map<String, String> ianaNames;

  private static Map<String, Integer> offsets() {
    Map<String, Integer> offsets = new HashMap<>();
    for (String entry : ABBREVIATIONS) {
      String[] parts = entry.replace("*", "").split(" ");
      offsets.put(parts[0], Integer.parseInt(parts[1]) * 60);
    }
    return Map.copyOf(offsets);
  }

  private static Set<String> daylight() {
    Set<String> names = new HashSet<>();
    for (String entry : ABBREVIATIONS) {
      int star = entry.indexOf('*');
      if (star > 0) {
        names.add(entry.substring(0, star));
      }
    }
    return Set.copyOf(names);
  }

  /** Offset of an abbreviation in seconds east, or null. */
  static Integer abbreviation(String lowerCase) {
    return OFFSETS.get(lowerCase);
  }

  static boolean isDaylight(String lowerCase) {
    return DAYLIGHT.contains(lowerCase);
  }

  /** The zone, or null when there is none of this name. */
  ZoneId zone(String lowerCase) {
    if (ianaNames == null) {
      Map<String, String> names = new HashMap<>();
      for (String id : ZoneId.getAvailableZoneIds()) {
        names.put(id.toLowerCase(Locale.ROOT), id);
      }
      ianaNames = names;
    }
    String id = ianaNames.get(lowerCase);
    if (id != null) {
      return ZoneId.of(id);
    }
    Integer offset = OFFSETS.get(lowerCase);
    return offset == null ? null : ZoneOffset.ofTotalSeconds(offset);
  }

  /**
   * Seconds east of a POSIX zone, null when the name is not one: a name, a sign or none, hours,
   * minutes, seconds; positive is west. Up to a week away.
   */
  static Integer posix(String name) {
    int i = 0;
    while (i < name.length()
        && !Ascii.isDigit(name.charAt(i))
        && "+-,".indexOf(name.charAt(i)) < 0) {
      i++;
    }
    if (i == 0 || i == name.length()) {
      return null;
    }
    boolean east = name.charAt(i) == '-';
    if (east || name.charAt(i) == '+') {
      i++;
    }
    int seconds = 0;
    int unit = 3600;
    String[] parts = name.substring(i).split(":", -1);
    if (parts.length > 3) {
      return null;
    }
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 9 || !part.chars().allMatch(Ascii::isDigit)) {
        return null;
      }
      int number = Integer.parseInt(part);
      if (number > (unit == 3600 ? MAX_HOURS : unit == 60 ? 59 : 60)) {
        return null;
      }
      seconds += number * unit;
      unit /= 60;
    }
    return east ? seconds : -seconds;
  }
}
