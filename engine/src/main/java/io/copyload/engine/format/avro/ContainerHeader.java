package io.copyload.engine.format.avro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What stands before the blocks of a container file (Avro specification 1.12, "Object Container
 * Files").
 *
 * @param schema of the rows, a record
 * @param sync the 16 bytes behind every block
 * @param end offset of the first block
 */
record ContainerHeader(AvroType schema, BlockCodec codec, byte[] sync, long end) {
  /** Longest header: Redshift's limit. */
  static final int MAX_BYTES = 1 << 20;

  static final int SYNC_BYTES = 16;
  private static final byte[] MAGIC = {'O', 'b', 'j', 1};

  /**
   * Reads the header.
   *
   * @throws IOException when it is damaged or its schema is not one of rows
   */
  static ContainerHeader read(ContainerInput in) throws IOException {
    try {
      int at = in.take(MAGIC.length, "the first bytes");
      if (!Arrays.equals(in.buffer(), at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
        throw notAvro();
      }
    } catch (java.io.EOFException e) {
      throw notAvro();
    }
    String schema = null;
    String codec = "null";
    for (long count = in.readLong("the header"); count != 0; count = in.readLong("the header")) {
      if (count < 0) {
        // The size in bytes, which nobody needs here.
        in.readLong("the header");
        count = -count;
      }
      if (count < 0) {
        throw new IOException("its header is damaged before byte " + in.offset());
      }
      for (long i = 0; i < count; i++) {
        String key = text(in);
        String value = text(in);
        if (key.equals("avro.schema")) {
          schema = value;
        } else if (key.equals("avro.codec")) {
          codec = value;
        }
      }
    }
    int at = in.take(SYNC_BYTES, "the header");
    byte[] sync = Arrays.copyOfRange(in.buffer(), at, at + SYNC_BYTES);
    checkSize(in.offset());
    if (schema == null) {
      throw new IOException("its header has no schema");
    }
    return new ContainerHeader(schema(schema), BlockCodec.of(codec), sync, in.offset());
  }

  private static IOException notAvro() {
    return new IOException("it is not an Avro container file: it does not begin with \"Obj\", 1");
  }

  private static void checkSize(long size) throws IOException {
    if (size > MAX_BYTES) {
      throw new IOException("its header with the schema is longer than " + MAX_BYTES + " bytes");
    }
  }

  private static String text(ContainerInput in) throws IOException {
    long length = in.readLong("the header");
    if (length < 0) {
      throw new IOException("its header is damaged before byte " + in.offset());
    }
    checkSize(length < MAX_BYTES ? in.offset() + length : length);
    int at = in.take((int) length, "the header");
    return new String(in.buffer(), at, (int) length, StandardCharsets.UTF_8);
  }

  private static AvroType schema(String json) throws IOException {
    AvroType type;
    try {
      type = SchemaReader.read(json);
    } catch (IllegalArgumentException e) {
      throw new IOException("its schema is not right: " + e.getMessage(), e);
    }
    if (type.kind != AvroType.Kind.RECORD) {
      throw new IOException("the top level of its schema is not a record but a " + type);
    }
    return type;
  }
}
