package io.copyload.engine.h2;

import io.copyload.engine.store.ColumnEncoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What Redshift's CREATE TABLE says of a table and H2 has no place for. It lives in the parameters
 * of the table's engine, so that the catalog, SCRIPT and the copies of ALTER TABLE carry it.
 *
 * @param distStyle AUTO, EVEN, KEY or ALL
 * @param distKey column, or null
 * @param sortKey columns, most significant first; empty for none
 * @param interleaved style of the sort key
 * @param backup false after BACKUP NO
 * @param encodings of the columns for which one was asked; empty means ENCODE AUTO
 * @param typeNames of columns whose type H2 calls by another name
 */
record TableAttributes(
    String distStyle,
    String distKey,
    List<String> sortKey,
    boolean interleaved,
    boolean backup,
    Map<String, ColumnEncoding> encodings,
    Map<String, String> typeNames) {
  static final TableAttributes NONE =
      new TableAttributes("AUTO", null, List.of(), false, true, Map.of(), Map.of());

  /** First of our parameters; in front of it may be ones that are not ours. */
  private static final String MARK = "redshift";

  private static final String DIST_STYLE = "diststyle";
  private static final String DIST_KEY = "distkey";
  private static final String SORT_KEY = "sortkey";
  private static final String INTERLEAVED = "interleaved sortkey";
  private static final String BACKUP = "backup";
  private static final String ENCODE = "encode ";
  private static final String TYPE = "type ";

  TableAttributes {
    sortKey = List.copyOf(sortKey);
    encodings = Collections.unmodifiableMap(new LinkedHashMap<>(encodings));
    typeNames = Collections.unmodifiableMap(new LinkedHashMap<>(typeNames));
  }

  /** Reads engine parameters; what is not understood is passed over. */
  static TableAttributes of(List<String> parameters) {
    int mark = parameters.indexOf(MARK);
    TableAttributes read = NONE;
    for (int i = mark + 1; mark >= 0 && i + 1 < parameters.size(); i += 2) {
      read = read.with(parameters.get(i), parameters.get(i + 1));
    }
    return read;
  }

  private TableAttributes with(String key, String value) {
    if (key.startsWith(ENCODE)) {
      ColumnEncoding encoding = ColumnEncoding.named(key.substring(ENCODE.length()));
      return encoding == null ? this : withEncoding(value, encoding);
    }
    if (key.startsWith(TYPE)) {
      return withTypeName(value, key.substring(TYPE.length()));
    }
    return switch (key) {
      case DIST_STYLE -> withDistribution(value, distKey);
      case DIST_KEY -> withDistribution(distStyle, value);
      case SORT_KEY, INTERLEAVED -> {
        List<String> longer = new ArrayList<>(sortKey);
        longer.add(value);
        yield withSortKey(longer, key.equals(INTERLEAVED));
      }
      case BACKUP -> withBackup(!value.equals("no"));
      default -> this;
    };
  }

  /**
   * The engine parameters for these attributes.
   *
   * @param others parameters that the table has now; those that are not ours stay
   */
  ArrayList<String> toParameters(List<String> others) {
    int mark = others.indexOf(MARK);
    ArrayList<String> parameters = new ArrayList<>(mark < 0 ? others : others.subList(0, mark));
    if (equals(NONE)) {
      return parameters;
    }
    parameters.add(MARK);
    if (!distStyle.equals("AUTO")) {
      add(parameters, DIST_STYLE, distStyle);
    }
    if (distKey != null) {
      add(parameters, DIST_KEY, distKey);
    }
    for (String column : sortKey) {
      add(parameters, interleaved ? INTERLEAVED : SORT_KEY, column);
    }
    if (!backup) {
      add(parameters, BACKUP, "no");
    }
    encodings.forEach((column, encoding) -> add(parameters, ENCODE + encoding.sqlName(), column));
    typeNames.forEach((column, name) -> add(parameters, TYPE + name, column));
    return parameters;
  }

  private static void add(List<String> parameters, String key, String value) {
    parameters.add(key);
    parameters.add(value);
  }

  TableAttributes withDistribution(String style, String key) {
    return new TableAttributes(
        style.toUpperCase(Locale.ROOT), key, sortKey, interleaved, backup, encodings, typeNames);
  }

  TableAttributes withSortKey(List<String> columns, boolean isInterleaved) {
    return new TableAttributes(
        distStyle, distKey, columns, isInterleaved, backup, encodings, typeNames);
  }

  TableAttributes withBackup(boolean yes) {
    return new TableAttributes(distStyle, distKey, sortKey, interleaved, yes, encodings, typeNames);
  }

  TableAttributes withEncodings(Map<String, ColumnEncoding> all) {
    return new TableAttributes(distStyle, distKey, sortKey, interleaved, backup, all, typeNames);
  }

  TableAttributes withEncoding(String column, ColumnEncoding encoding) {
    Map<String, ColumnEncoding> more = new LinkedHashMap<>(encodings);
    more.put(column, encoding);
    return withEncodings(more);
  }

  TableAttributes withTypeName(String column, String name) {
    Map<String, String> more = new LinkedHashMap<>(typeNames);
    more.put(column, name);
    return new TableAttributes(distStyle, distKey, sortKey, interleaved, backup, encodings, more);
  }

  /** The attributes of the columns that are still there. */
  TableAttributes retaining(Predicate<String> isColumn) {
    return mapped(name -> isColumn.test(name) ? name : null);
  }

  TableAttributes renamed(String from, String to) {
    return mapped(name -> name.equals(from) ? to : name);
  }

  private TableAttributes mapped(UnaryOperator<String> rename) {
    List<String> newSortKey = new ArrayList<>();
    for (String column : sortKey) {
      String name = rename.apply(column);
      if (name == null) {
        // What is sorted by the first columns is not sorted by those behind a gap.
        break;
      }
      newSortKey.add(name);
    }
    String newDistKey = distKey == null ? null : rename.apply(distKey);
    return new TableAttributes(
        distKey != null && newDistKey == null && distStyle.equals("KEY") ? "AUTO" : distStyle,
        newDistKey,
        newSortKey,
        interleaved && !newSortKey.isEmpty(),
        backup,
        mapped(encodings, rename),
        mapped(typeNames, rename));
  }

  private static <T> Map<String, T> mapped(Map<String, T> map, UnaryOperator<String> rename) {
    Map<String, T> result = new LinkedHashMap<>();
    map.forEach(
        (column, value) -> {
          String name = rename.apply(column);
          if (name != null) {
            result.put(name, value);
          }
        });
    return result;
  }

  boolean isSortKey(String column) {
    return sortKey.contains(column);
  }
}
