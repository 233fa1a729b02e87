package io.copyload.engine.convert;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Time zones by name, in any case: the abbreviations of PostgreSQL's Default set, the IANA
 * database, and POSIX zones without daylight saving such as {@code GMT+3}, which count westward.
 *
 * <p>Threads: one owner (the index of IANA names is built when first needed).
 */
final class ZoneNames {
  /**
   * PostgreSQL's set Default of 14 to 18: an offset in minutes east, of daylight saving time with a
   * {@code *}; or the place whose offset at the time holds.
   */
  private static final String ABBREVIATIONS =
      """
      acdt* 630, acsst* 630, acst 570, act -300, acwst 525, adt* -180, aedt* 660, aesst* 660
      aest 600, aft 270, akdt* -480, akst -540, almst* 420, almt 360, amst Asia/Yerevan
      amt -240, anast Asia/Anadyr, anat Asia/Anadyr, arst America/Argentina/Buenos_Aires
      art America/Argentina/Buenos_Aires, ast -240, awsst* 540, awst 480, azost* 0, azot -60
      azst Asia/Baku, azt Asia/Baku, bdst* 120, bdt 360, bnt 480, bort 480, bot -240, bra -180
      brst* -120, brt -180, bst* 60, btt 360, cadt* 630, cast 570, cct 480, cdt* -300
      cest* 120, cet 60, cetdst* 120, chadt* 825, chast 765, chut 600, ckt Pacific/Rarotonga
      clst* -180, clt America/Santiago, cot -300, cst -360, cxt 420, davt Antarctica/Davis
      ddut 600, easst Pacific/Easter, east Pacific/Easter, eat 180, edt* -240, eest* 180
      eet 120, eetdst* 180, egst* 0, egt -60, est -300, fet 180, fjst* 780, fjt 720
      fkst Atlantic/Stanley, fkt Atlantic/Stanley, fnst* -60, fnt -120, galt -360, gamt -540
      gest Asia/Tbilisi, get Asia/Tbilisi, gft -180, gilt 720, gmt 0, gyt America/Guyana
      hkt 480, hst -600, ict 420, idt* 180, iot Indian/Chagos, irkst Asia/Irkutsk
      irkt Asia/Irkutsk, irt 210, ist 120, jayt 540, jst 540, kdt* 600, kgst* 360
      kgt Asia/Bishkek, kost Pacific/Kosrae, krast Asia/Krasnoyarsk, krat Asia/Krasnoyarsk
      kst 540, lhdt Australia/Lord_Howe, lhst 630, ligt 600, lint Pacific/Kiritimati
      lkt Asia/Colombo, magst Asia/Magadan, magt Asia/Magadan, mart -570
      mawt Antarctica/Mawson, mdt* -360, mest* 120, mesz* 120, met 60, metdst* 120, mez 60
      mht 720, mmt 390, mpt 600, msd* 240, msk Europe/Moscow, mst -420, must* 300, mut 240
      mvt 300, myt 480, ndt* -150, nft -210, novst Asia/Novosibirsk, novt Asia/Novosibirsk
      npt 345, nst -210, nut Pacific/Niue, nzdt* 780, nzst 720, nzt 720, omsst Asia/Omsk
      omst Asia/Omsk, pdt* -420, pet -300, petst Asia/Kamchatka, pett Asia/Kamchatka, pgt 600
      pht 480, pkst* 360, pkt 300, pmdt* -120, pmst -180, pont 660, pst -480, pwt 540
      pyst* -180, pyt America/Asuncion, ret 240, sadt* 630, sast 120, sct 240
      sgt Asia/Singapore, taht -600, tft 300, tjt 300, tkt Pacific/Fakaofo, tmt Asia/Ashgabat
      tot 780, trut 600, tvt 720, uct 0, ulast* 540, ulat Asia/Ulaanbaatar, ut 0, utc 0
      uyst* -120, uyt -180, uzst* 360, uzt 300, vet America/Caracas, vlast Asia/Vladivostok
      vlat Asia/Vladivostok, volt Europe/Volgograd, vut 660, wadt* 480, wakt 720, wast 420
      wat 60, wdt* 540, wet 0, wetdst* 60, wft 720, wgst* -120, wgt -180, xjt 360
      yakst Asia/Yakutsk, yakt Asia/Yakutsk, yapt 600, yekst* 360, yekt Asia/Yekaterinburg
      z 0, zulu 0
      """;

  private static final Map<String, Integer> OFFSETS = new HashMap<>();
  private static final Set<String> DAYLIGHT = new HashSet<>();
  private static final Map<String, ZoneId> PLACES = new HashMap<>();

  static {
    for (String entry : ABBREVIATIONS.strip().split(",?\\s*\n|, ")) {
      String[] parts = entry.split(" ");
      String name = parts[0].replace("*", "");
      if (parts[1].indexOf('/') > 0) {
        PLACES.put(name, ZoneId.of(parts[1]));
      } else {
        OFFSETS.put(name, Integer.parseInt(parts[1]) * 60);
      }
      if (parts[0].endsWith("*")) {
        DAYLIGHT.add(name);
      }
    }
  }

  private static final int MAX_HOURS = 167;

  private Map<String, String> ianaNames;

  /** Offset of an abbreviation in seconds east, or null. */
  static Integer abbreviation(String lowerCase) {
    return OFFSETS.get(lowerCase);
  }

  /** The place that an abbreviation is tied to, or null. */
  static ZoneId place(String lowerCase) {
    return PLACES.get(lowerCase);
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
