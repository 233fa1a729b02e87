package io.copyload.engine.format.shapefile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a .dbf says about its records (dBASE III; Redshift reads no other kind of field).
 *
 * @param headerBytes where the first record begins
 * @param language the language driver byte, 0 for none
 */
record DbfHeader(
    long recordCount, int headerBytes, int recordBytes, int language, List<Field> fields) {
  /** Fields of an attribute table at most, as dBASE had them at most. */
  private static final int MAX_FIELDS = 2046;

  /**
   * One field.
   *
   * @param kind the letter of its type
   * @param offset in the record, whose first byte is the mark of deleted ones
   */
  record Field(String name, char kind, int offset, int length, int decimals) {
    /** As the format writes it. */
    @Override
    public String toString() {
      return name + " " + kind + "(" + length + (decimals > 0 ? "," + decimals : "") + ")";
    }
  }

  static DbfHeader read(ComponentInput in) throws IOException {
    ByteBuffer head = in.take(32).order(ByteOrder.LITTLE_ENDIAN);
    int version = head.get(0) & 7;
    if (version != 3) {
      throw new IOException("the .dbf is not a dBASE III table (version byte " + head.get(0) + ")");
    }
    long recordCount = Integer.toUnsignedLong(head.getInt(4));
    int headerBytes = Short.toUnsignedInt(head.getShort(8));
    int recordBytes = Short.toUnsignedInt(head.getShort(10));
    int language = head.get(29) & 0xff;
    List<Field> fields = new ArrayList<>();
    int offset = 1;
    while (in.position() + 32 < headerBytes + 1L && fields.size() <= MAX_FIELDS) {
      ByteBuffer descriptor = in.take(32);
      if (descriptor.get(0) == 0x0d) {
        break;
      }
      int nameLength = 0;
      while (nameLength < 11 && descriptor.get(nameLength) != 0) {
        nameLength++;
      }
      byte[] name = new byte[nameLength];
      descriptor.get(0, name);
      Field field =
          new Field(
              new String(name, StandardCharsets.UTF_8),
              (char) (descriptor.get(11) & 0xff),
              offset,
              descriptor.get(16) & 0xff,
              descriptor.get(17) & 0xff);
      check(field);
      fields.add(field);
      offset += field.length();
    }
    if (offset > recordBytes || recordBytes == 0 || headerBytes < 33) {
      throw new IOException(
          "the .dbf is damaged: its records have "
              + recordBytes
              + " bytes, its fields need "
              + offset);
    }
    return new DbfHeader(recordCount, headerBytes, recordBytes, language, List.copyOf(fields));
  }

  private static void check(Field field) throws IOException {
    int needed =
        switch (field.kind()) {
          case 'C', 'N', 'F' -> 0;
          case 'L' -> 1;
          case 'D' -> 8;
          default ->
              throw new IOException(
                  "field \""
                      + field.name()
                      + "\" of the .dbf has the type '"
                      + field.kind()
                      + "'; C, N, F, L and D can be loaded");
        };
    if (field.length() < needed) {
      throw new IOException(
          "field \"" + field.name() + "\" of the .dbf has " + field.length() + " bytes");
    }
  }
}
