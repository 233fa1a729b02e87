package io.copyload.engine.format.shapefile;

import io.copyload.engine.format.VectorReader.Fault;
import io.copyload.engine.store.ColumnVector;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Puts the fields of an attribute record into vectors. Blank fields are NULL. Threads: one. */
final class AttributeDecoder {
  private final DbfHeader.Field[] fields;
  private final Charset charset;
  private final boolean utf8;

  AttributeDecoder(DbfHeader header, Charset charset) {
    fields = header.fields().toArray(new DbfHeader.Field[0]);
    this.charset = charset;
    utf8 = charset.equals(StandardCharsets.UTF_8);
  }

  /**
   * Decodes one record.
   *
   * @param vectors whose first one is the geometry's
   * @return what is wrong with the record, or null
   */
  Fault decode(byte[] bytes, int record, ColumnVector[] vectors, int row) {
    Fault fault = null;
    for (int f = 0; f < fields.length; f++) {
      DbfHeader.Field field = fields[f];
      ColumnVector vector = vectors[f + 1];
      int begin = record + field.offset();
      int end = begin + field.length();
      while (end > begin && isBlank(bytes[end - 1])) {
        end--;
      }
      vector.nulls[row] = true;
      switch (field.kind()) {
        case 'C' -> text(bytes, begin, end, vector, row);
        case 'L' -> truth(bytes[begin], vector, row);
        case 'D' -> {
          String wrong = date(bytes, begin, end, vector, row);
          if (wrong != null && fault == null) {
            fault = new Fault(row, f + 1, Fault.Kind.DATE, wrong, null);
          }
        }
        default -> number(bytes, begin, end, vector, row);
      }
    }
    return fault;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == 0;
  }

  private void text(byte[] bytes, int begin, int end, ColumnVector out, int row) {
    if (begin == end) {
      return;
    }
    boolean ascii = true;
    for (int i = begin; i < end && ascii; i++) {
      ascii = bytes[i] >= 0;
    }
    out.nulls[row] = false;
    if (ascii && charset != StandardCharsets.UTF_16 || utf8) {
      out.append(row, bytes, begin, (utf8 ? wholeCharacters(bytes, begin, end) : end) - begin);
    } else {
      byte[] text = new String(bytes, begin, end - begin, charset).getBytes(StandardCharsets.UTF_8);
      out.append(row, text, 0, text.length);
    }
  }

  /** A field that is full may end inside a character: writers cut bytes. */
  private static int wholeCharacters(byte[] bytes, int begin, int end) {
    int lead = end - 1;
    while (lead > begin && end - lead < 4 && (bytes[lead] & 0xc0) == 0x80) {
      lead--;
    }
    int first = bytes[lead] & 0xff;
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return end - lead < length ? lead : end;
  }

  private static void truth(byte c, ColumnVector out, int row) {
    switch (c) {
      case 'T', 't', 'Y', 'y', '1' -> {
        out.nulls[row] = false;
        out.lanes[0][row] = 1;
      }
      case 'F', 'f', 'N', 'n', '0' -> {
        out.nulls[row] = false;
        out.lanes[0][row] = 0;
      }
      default -> {
        // Not known.
      }
    }
  }

  /** Stars stand for a number that did not fit, which is none. */
  private static void number(byte[] bytes, int begin, int end, ColumnVector out, int row) {
    int from = begin;
    while (from < end && isBlank(bytes[from])) {
      from++;
    }
    if (from == end || bytes[from] == '*') {
      return;
    }
    out.nulls[row] = false;
    out.append(row, bytes, from, end - from);
  }

  private static String date(byte[] bytes, int begin, int end, ColumnVector out, int row) {
    int number = 0;
    for (int i = begin; i < end; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        number = -1;
        break;
      }
      number = 10 * number + (bytes[i] - '0');
    }
    if (number == 0) {
      return null;
    }
    if (number > 0 && end - begin == 8) {
      try {
        out.lanes[0][row] =
            LocalDate.of(number / 10_000, number / 100 % 100, number % 100).toEpochDay();
        out.nulls[row] = false;
        return null;
      } catch (DateTimeException e) {
        // Said below.
      }
    }
    return "Invalid date: \""
        + new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1)
        + "\"";
  }
}
