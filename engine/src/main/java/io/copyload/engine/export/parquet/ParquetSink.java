package io.copyload.engine.export.parquet;

import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.store.TargetType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

/**
 * Puts the pages of {@link ParquetRowWriter} together to one Parquet file, which it writes to
 * another sink. A row group ends with enough rows or bytes, which are all that is kept. Threads:
 * one.
 */
public final class ParquetSink implements ByteSink {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** Rows of a row group at least, unless it has enough bytes. */
  private static final int GROUP_ROWS = 1 << 17;

  private static final int GROUP_BYTES = 32 << 20;

  private final ByteSink out;
  private final List<ParquetColumn> columns = new ArrayList<>();
  private final Chunk[] chunks;
  private final List<RowGroup> groups = new ArrayList<>();
  private long position;
  private long rows;
  private int groupRows;
  private long groupBytes;

  /** The pages of one column in the open row group. */
  private static final class Chunk {
    private final OutputBuffer pages = new OutputBuffer(1 << 12);
    private long values;
    private long nulls;
    private long plainBytes;
  }

  public ParquetSink(ByteSink out, List<String> names, List<TargetType> types) {
    this.out = out;
    for (int i = 0; i < types.size(); i++) {
      columns.add(ParquetColumn.of(names.get(i), types.get(i)));
    }
    chunks = new Chunk[columns.size()];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new Chunk();
    }
  }

  @Override
  public void begin(int columnCount, boolean binary) throws IOException {
    write(MAGIC);
  }

  @Override
  public void writeHead(OutputBuffer head) {
    // There is none.
  }

  private void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      out.write(bytes, offset, length);
      position += length;
    }
  }

  @Override
  public void writeRows(OutputBuffer buffer) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(buffer.bytes, 0, buffer.size);
    while (in.hasRemaining()) {
      groupRows += in.getInt();
      for (Chunk chunk : chunks) {
        chunk.values += in.getInt();
        chunk.nulls += in.getInt();
        chunk.plainBytes += in.getInt();
        int length = in.getInt();
        chunk.pages.put(buffer.bytes, in.position(), length);
        in.position(in.position() + length);
        groupBytes += length;
      }
      if (groupRows >= GROUP_ROWS || groupBytes >= GROUP_BYTES) {
        endGroup();
      }
    }
  }

  private void endGroup() throws IOException {
    if (groupRows == 0) {
      return;
    }
    List<ColumnChunk> written = new ArrayList<>();
    long plainBytes = 0;
    for (int i = 0; i < chunks.length; i++) {
      Chunk chunk = chunks[i];
      ParquetColumn column = columns.get(i);
      ColumnMetaData meta =
          new ColumnMetaData(
              column.physical(),
              List.of(Encoding.PLAIN, Encoding.RLE),
              column.path(),
              CompressionCodec.SNAPPY,
              chunk.values,
              chunk.plainBytes,
              chunk.pages.size,
              position);
      Statistics statistics = new Statistics();
      statistics.setNull_count(chunk.nulls);
      meta.setStatistics(statistics);
      ColumnChunk footer = new ColumnChunk(0);
      footer.setMeta_data(meta);
      written.add(footer);
      write(chunk.pages.bytes, 0, chunk.pages.size);
      plainBytes += chunk.plainBytes;
      chunk.pages.clear();
      chunk.values = 0;
      chunk.nulls = 0;
      chunk.plainBytes = 0;
    }
    groups.add(new RowGroup(written, plainBytes, groupRows));
    rows += groupRows;
    groupRows = 0;
    groupBytes = 0;
  }

  @Override
  public void finish() throws IOException {
    endGroup();
    List<SchemaElement> schema = new ArrayList<>();
    SchemaElement root = new SchemaElement("schema");
    root.setNum_children(columns.size());
    schema.add(root);
    for (ParquetColumn column : columns) {
      column.addSchema(schema);
    }
    FileMetaData footer = new FileMetaData(1, schema, rows, groups);
    footer.setCreated_by("copyload version 0.1.0 (build 1)");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, bytes);
    write(bytes.toByteArray());
    write(ByteBuffer.allocate(4).putInt(Integer.reverseBytes(bytes.size())).array());
    write(MAGIC);
    out.finish();
  }
}
