package io.copyload.engine.export.parquet;

import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.store.TargetType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;

/**
 * Puts the frames of {@link ParquetRowWriter} together to one Parquet file, which it writes to
 * another sink. A row group ends with enough rows or bytes, which are all that is kept. Threads:
 * one.
 */
public final class ParquetSink implements ByteSink {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** Rows of a row group at least, unless it has enough bytes. */
  private static final int GROUP_ROWS = 1 << 17;

  private static final int GROUP_BYTES = 32 << 20;

  /** About the bytes of a column chunk in the footer. */
  private static final int FOOTER_BYTES = 150;

  private final ByteSink out;
  private final List<String> names;
  private final List<TargetType> types;

  /** The leaves of the columns. */
  private final List<ParquetColumn> columns = new ArrayList<>();

  private final ChunkWriter[] chunks;
  private final List<RowGroup> groups = new ArrayList<>();
  private long position;
  private long rows;
  private int groupRows;
  private long groupBytes;
  private long mostGroupBytes = GROUP_BYTES;
  private int mostGroupRows = GROUP_ROWS;

  public ParquetSink(ByteSink out, List<String> names, List<TargetType> types) {
    this.out = out;
    this.names = List.copyOf(names);
    this.types = List.copyOf(types);
    for (int i = 0; i < types.size(); i++) {
      columns.addAll(ParquetColumn.of(names.get(i), types.get(i)));
    }
    chunks = new ChunkWriter[columns.size()];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new ChunkWriter(columns.get(i));
    }
  }

  /** Ends row groups with about so many bytes. */
  public ParquetSink withGroupBytes(long bytes) {
    mostGroupBytes = bytes;
    mostGroupRows = GROUP_ROWS * (int) Math.max(1, bytes / GROUP_BYTES);
    return this;
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
    writeFrames(buffer.bytes, 0, buffer.size);
  }

  /** About how many bytes the file has by now, with its footer. */
  public long size() {
    long footer = FOOTER_BYTES * (1L + groups.size()) * columns.size();
    return position + groupBytes + footer;
  }

  /** Takes the frames of a {@link ParquetRowWriter}. */
  public void writeFrames(byte[] bytes, int offset, int count) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, count);
    while (in.hasRemaining()) {
      groupRows += in.getInt();
      for (ChunkWriter chunk : chunks) {
        groupBytes += chunk.add(in);
      }
      if (groupRows >= mostGroupRows || groupBytes >= mostGroupBytes) {
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
    for (ChunkWriter chunk : chunks) {
      ColumnChunk footer = new ColumnChunk(0);
      footer.setMeta_data(chunk.end(position));
      written.add(footer);
      write(chunk.chunk().bytes, 0, chunk.chunk().size);
      plainBytes += chunk.plainBytes();
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
    root.setNum_children(names.size());
    schema.add(root);
    for (int i = 0; i < names.size(); i++) {
      ParquetColumn.addSchema(names.get(i), types.get(i), schema);
    }
    FileMetaData footer = new FileMetaData(1, schema, rows, groups);
    footer.setColumn_orders(
        Collections.nCopies(columns.size(), ColumnOrder.TYPE_ORDER(new TypeDefinedOrder())));
    footer.setCreated_by("copyload version 0.1.0 (build 1)");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, bytes);
    write(bytes.toByteArray());
    write(ByteBuffer.allocate(4).putInt(Integer.reverseBytes(bytes.size())).array());
    write(MAGIC);
    out.finish();
  }
}
