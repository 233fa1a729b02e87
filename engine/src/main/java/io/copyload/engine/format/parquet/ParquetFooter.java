package io.copyload.engine.format.parquet;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * The metadata at the end of a Parquet file.
 *
 * @param encrypted columns of the top level below which the file calls a column encrypted
 */
record ParquetFooter(ParquetMetadata metadata, Set<String> encrypted) {
  /** Read at the end of the file at once: enough for most footers. */
  private static final int TAIL_BYTES = 64 << 10;

  /** The footer's length and the magic bytes. */
  private static final int END_BYTES = 8;

  /**
   * The metadata of a file.
   *
   * @param maxBytes longest footer
   * @throws IOException when it is no Parquet file, is encrypted, or its footer is damaged
   */
  static ParquetFooter read(SourceObject object, long maxBytes, CancelToken cancel)
      throws IOException {
    long size = object.size();
    if (size < 0 || !object.seekable()) {
      throw new IOException("Parquet is read from files and stores, not from streams");
    }
    if (size < END_BYTES + 4) {
      throw new IOException("it is not a Parquet file: it has only " + size + " bytes");
    }
    byte[] tail = read(object, Math.max(0, size - TAIL_BYTES), size, cancel);
    byte[] magic = Arrays.copyOfRange(tail, tail.length - 4, tail.length);
    if (Arrays.equals(magic, new byte[] {'P', 'A', 'R', 'E'})) {
      throw new IOException("its footer is encrypted; encrypted Parquet is not supported");
    }
    if (!Arrays.equals(magic, new byte[] {'P', 'A', 'R', '1'})) {
      throw new IOException("it is not a Parquet file: it does not end in \"PAR1\"");
    }
    long length = Plain.int32(tail, tail.length - END_BYTES) & 0xffff_ffffL;
    if (length > size - END_BYTES - 4) {
      throw new IOException("its footer claims " + length + " bytes, the file has only " + size);
    }
    if (length > maxBytes) {
      throw new IOException(
          "its footer of "
              + length
              + " bytes is longer than the "
              + maxBytes
              + " that the memory setting allows");
    }
    int begin;
    if (length > tail.length - END_BYTES) {
      tail = read(object, size - END_BYTES - length, size, cancel);
      begin = 0;
    } else {
      begin = tail.length - END_BYTES - (int) length;
    }
    try {
      FileMetaData footer =
          Util.readFileMetaData(new ByteArrayInputStream(tail, begin, (int) length));
      Set<String> encrypted = new HashSet<>();
      for (RowGroup rowGroup : footer.getRow_groups()) {
        for (ColumnChunk chunk : rowGroup.getColumns()) {
          if (chunk.isSetCrypto_metadata()) {
            if (!chunk.isSetMeta_data()) {
              throw new IOException("it has encrypted columns, which are not supported");
            }
            // Its metadata can be read. Whether its pages can is seen when the column is wanted.
            chunk.unsetCrypto_metadata();
            encrypted.add(chunk.getMeta_data().getPath_in_schema().get(0));
          }
        }
      }
      return new ParquetFooter(
          new ParquetMetadataConverter().fromParquetMetadata(footer), encrypted);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new IOException("its footer is damaged: " + DamageText.of(e), e);
    }
  }

  private static byte[] read(SourceObject object, long from, long to, CancelToken cancel)
      throws IOException {
    byte[] bytes = new byte[(int) (to - from)];
    try (ByteReader reader = object.open(from, to, cancel)) {
      int at = 0;
      while (at < bytes.length) {
        int count = reader.read(bytes, at, bytes.length - at);
        if (count < 0) {
          throw new EOFException("the file is shorter than its planned size");
        }
        at += count;
      }
    }
    return bytes;
  }
}
