package io.copyload.engine.format.shapefile;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SRID that a .prj names: by its EPSG code if it has one, else by the name that ESRI gave the
 * most used systems; 0 for all others.
 */
final class Projection {
  /** The authority of the outermost system stands last. */
  private static final Pattern CODE =
      Pattern.compile(
          "(?:AUTHORITY\\[\\s*\"EPSG\"\\s*,\\s*\"?(\\d{4,6})\"?\\s*]|ID\\[\\s*\"EPSG\"\\s*,\\s*(\\d{4,6})\\s*])"
              + "\\s*]\\s*$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME = Pattern.compile("^\\s*\\w+\\s*\\[\\s*\"([^\"]*)\"");

  private static final Pattern ZONE =
      Pattern.compile("(WGS_1984|ETRS_1989|NAD_1983|NAD_1927)_UTM_ZONE_(\\d{1,2})(N|S)");

  private static final Map<String, Integer> NAMED =
      Map.ofEntries(
          Map.entry("GCS_WGS_1984", 4326),
          Map.entry("WGS_84", 4326),
          Map.entry("WGS_1984", 4326),
          Map.entry("GCS_NORTH_AMERICAN_1983", 4269),
          Map.entry("GCS_NORTH_AMERICAN_1927", 4267),
          Map.entry("GCS_ETRS_1989", 4258),
          Map.entry("GCS_GDA_1994", 4283),
          Map.entry("GDA2020", 7844),
          Map.entry("GCS_GDA2020", 7844),
          Map.entry("GCS_NZGD_2000", 4167),
          Map.entry("GCS_JGD_2000", 4612),
          Map.entry("GCS_JGD_2011", 6668),
          Map.entry("WGS_1984_WEB_MERCATOR_AUXILIARY_SPHERE", 3857),
          Map.entry("WGS_84_/_PSEUDO-MERCATOR", 3857),
          Map.entry("BRITISH_NATIONAL_GRID", 27700),
          Map.entry("RGF_1993_LAMBERT_93", 2154),
          Map.entry("RGF93_LAMBERT_93", 2154),
          Map.entry("CH1903_LV03", 21781),
          Map.entry("CH1903+_LV95", 2056),
          Map.entry("ETRS_1989_LAEA", 3035),
          Map.entry("ETRS_1989_LCC", 3034),
          Map.entry("NZGD_2000_NEW_ZEALAND_TRANSVERSE_MERCATOR", 2193),
          Map.entry("RD_NEW", 28992),
          Map.entry("BELGE_LAMBERT_1972", 31370),
          Map.entry("BELGE_LAMBERT_2008", 3812),
          Map.entry("SWEREF99_TM", 3006),
          Map.entry("MGI_AUSTRIA_LAMBERT", 31287),
          Map.entry("NAD_1983_CONTIGUOUS_USA_ALBERS", 5070));

  private Projection() {}

  static int srid(String wkt) {
    Matcher code = CODE.matcher(wkt);
    if (code.find()) {
      return Integer.parseInt(code.group(1) != null ? code.group(1) : code.group(2));
    }
    Matcher named = NAME.matcher(wkt);
    if (!named.find()) {
      return 0;
    }
    String name = named.group(1).strip().toUpperCase(Locale.ROOT).replace(' ', '_');
    Integer known = NAMED.get(name);
    if (known != null) {
      return known;
    }
    Matcher zone = ZONE.matcher(name);
    return zone.matches()
        ? utm(zone.group(1), Integer.parseInt(zone.group(2)), zone.group(3).equals("N"))
        : 0;
  }

  private static int utm(String datum, int zone, boolean north) {
    if (zone < 1 || zone > 60) {
      return 0;
    }
    return switch (datum) {
      case "WGS_1984" -> (north ? 32600 : 32700) + zone;
      case "ETRS_1989" -> north && zone >= 28 && zone <= 38 ? 25800 + zone : 0;
      case "NAD_1983" -> north && zone <= 23 ? 26900 + zone : 0;
      default -> north && zone <= 22 ? 26700 + zone : 0;
    };
  }
}
