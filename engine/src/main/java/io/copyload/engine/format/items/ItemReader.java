package io.copyload.engine.format.items;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.source.ItemObject;
import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts the values of items into vectors. */
final class ItemReader implements VectorReader, ItemObject.Values {
  /** Names that are kept; an input with more different ones looks each up again. */
  private static final int MAX_NAMES = 10_000;

  /** Largest power of ten that is written out. */
  private static final int MAX_ZEROS = 200;

  private final ItemFormat format;
  private final String objectName;
  private final ItemObject.Items items;
  private final List<Wanted> wanted;
  private final boolean[] isText;

  /** A number for each name without regard to case: the column's, or one behind the columns'. */
  private final Map<String, Integer> byFoldedName = new HashMap<>();

  private final Map<String, Integer> byName = new HashMap<>();
  private int nextNumber;

  /** The item in which each number was last seen, and under which name. */
  private long[] seenIn;

  private String[] seenAs;
  private long item;

  private ColumnVector[] vectors;
  private int row;

  ItemReader(ItemFormat format, String objectName, ItemObject.Items items, List<Wanted> wanted) {
    this.format = format;
    this.objectName = objectName;
    this.items = items;
    this.wanted = wanted;
    isText = new boolean[wanted.size()];
    for (int f = 0; f < isText.length; f++) {
      isText[f] = wanted.get(f).type().kind().isCharacter();
      byFoldedName.put(folded(wanted.get(f).name()), f);
    }
    nextNumber = wanted.size();
    seenIn = new long[wanted.size()];
    seenAs = new String[wanted.size()];
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public int read(ColumnVector[] into, int most) throws IOException {
    vectors = into;
    for (ColumnVector vector : into) {
      vector.useHeap();
    }
    for (row = 0; row < most; row++) {
      item++;
      for (int f = 0; f < isText.length; f++) {
        // A column that the item has no value for.
        vectors[f].nulls[row] = !isText[f] || format.emptyAsNull();
        vectors[f].reserve(0);
        vectors[f].commit(row, 0);
      }
      if (!items.next(this)) {
        break;
      }
    }
    return row;
  }

  @Override
  public void text(String name, String value) {
    int f = column(name);
    if (f < isText.length) {
      put(f, value);
    }
  }

  @Override
  public void number(String name, String value) {
    int f = column(name);
    if (f < isText.length) {
      put(f, plain(value));
    }
  }

  /** Without a power of ten, which no column of integers would take. */
  private static String plain(String number) {
    if (number.indexOf('E') < 0 && number.indexOf('e') < 0) {
      return number;
    }
    try {
      BigDecimal value = new BigDecimal(number);
      return Math.abs((long) value.scale()) > MAX_ZEROS ? number : value.toPlainString();
    } catch (NumberFormatException e) {
      return number;
    }
  }

  @Override
  public void other(String name, String type) {
    int f = column(name);
    if (f < isText.length) {
      throw new CopyException(
          CopyErrorCode.DATATYPE_MISMATCH,
          "attribute \""
              + name
              + "\" of \""
              + objectName
              + "\" has the type "
              + type
              + ", which column \""
              + wanted.get(f).name()
              + "\" cannot take",
          null,
          "COPY loads attributes of the types S and N. Leave the column out of a column list.",
          null,
          0,
          null);
    }
  }

  private void put(int f, String value) {
    ColumnVector vector = vectors[f];
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    boolean isNull = false;
    if (bytes.length == 0) {
      isNull = !isText[f] || format.emptyAsNull();
    } else if (!isText[f] || format.blanksAsNull()) {
      isNull = isBlank(bytes);
    }
    vector.nulls[row] = isNull;
    if (!isNull) {
      vector.append(row, bytes, 0, bytes.length);
    }
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  /** The column of a name; a number behind the last column for none. */
  private int column(String name) {
    Integer known = byName.get(name);
    int number = known == null ? number(name) : known;
    if (seenIn[number] == item) {
      throw new CopyException(
          CopyErrorCode.BAD_COPY_FILE_FORMAT,
          "an item of \""
              + objectName
              + "\" has the attributes \""
              + seenAs[number]
              + "\" and \""
              + name
              + "\", which differ only in case");
    }
    seenIn[number] = item;
    seenAs[number] = name;
    return number;
  }

  private int number(String name) {
    if (byFoldedName.size() >= MAX_NAMES + isText.length) {
      // Forgets the names that are not columns'; numbers behind the columns begin again.
      byFoldedName.values().removeIf(number -> number >= isText.length);
      byName.clear();
      nextNumber = isText.length;
      Arrays.fill(seenIn, isText.length, seenIn.length, 0);
    }
    Integer known = byFoldedName.putIfAbsent(folded(name), nextNumber);
    int number = known == null ? nextNumber++ : known;
    byName.put(name, number);
    if (number >= seenIn.length) {
      seenIn = Arrays.copyOf(seenIn, Math.max(16, seenIn.length * 2));
      seenAs = Arrays.copyOf(seenAs, seenIn.length);
    }
    return number;
  }

  @Override
  public void close() {
    // The scan has nothing open.
  }
}
