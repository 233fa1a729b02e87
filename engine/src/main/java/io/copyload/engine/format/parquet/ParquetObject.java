package io.copyload.engine.format.parquet;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.format.NestedMatch;
import io.copyload.engine.format.NestedText;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** An opened Parquet file: its units are its row groups. */
final class ParquetObject implements VectorObject {
  private final SourceObject source;
  private final List<BlockMetaData> rowGroups;
  private final MessageType schema;
  private final List<BoundColumn> columns;
  private final long bytes;
  private final CancelToken cancel;
  private final PageBuffers buffers;

  /**
   * A wanted column with what fills it.
   *
   * @param column null when nothing does
   * @param type of the vectors
   * @param form of a nested column's text; null for a single value
   * @param target of the column
   * @param encrypted whether the file calls it so
   */
  record BoundColumn(
      String name,
      Type column,
      TargetType type,
      NestedText.Form form,
      TargetType target,
      boolean encrypted) {
    private BoundColumn ofEncrypted(Set<String> columns) {
      return new BoundColumn(
          name, column, type, form, target, column != null && columns.contains(column.getName()));
    }
  }

  private ParquetObject(
      SourceObject source,
      ParquetMetadata metadata,
      List<BoundColumn> columns,
      long bytes,
      CancelToken cancel) {
    this.source = source;
    this.rowGroups = metadata.getBlocks();
    this.schema = metadata.getFileMetaData().getSchema();
    this.columns = columns;
    this.bytes = bytes;
    buffers = new PageBuffers(bytes);
    this.cancel = cancel;
  }

  static ParquetObject open(
      ParquetFormat format,
      SourceObject source,
      List<Wanted> wanted,
      long bytes,
      CancelToken cancel)
      throws IOException {
    ParquetFooter footer = ParquetFooter.read(source, Math.max(16 << 20, bytes), cancel);
    ParquetMetadata metadata = footer.metadata();
    List<BoundColumn> columns = new ArrayList<>();
    try {
      MessageType schema = metadata.getFileMetaData().getSchema();
      List<Type> matched = ColumnMatch.match(format, schema, wanted, source.name());
      for (int i = 0; i < matched.size(); i++) {
        columns.add(
            bind(format, matched.get(i), wanted.get(i), source.name())
                .ofEncrypted(footer.encrypted()));
      }
    } catch (CopyException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new IOException("its schema is damaged: " + DamageText.of(e), e);
    }
    return new ParquetObject(source, metadata, columns, bytes, cancel);
  }

  private static BoundColumn bind(
      ParquetFormat format, Type column, Wanted wanted, String objectName) {
    if (column == null) {
      return new BoundColumn(wanted.name(), null, wanted.type(), null, wanted.type(), false);
    }
    Kind kind = wanted.type().kind();
    if (column.isPrimitive() && column.getRepetition() != Repetition.REPEATED) {
      TargetType type = LeafType.of(column.asPrimitiveType(), kind).type();
      ColumnMatch.checkTypes(format, column, type, wanted, objectName);
      return new BoundColumn(wanted.name(), column, type, null, wanted.type(), false);
    }
    NestedText.Form form =
        NestedMatch.form(column.toString(), FileType.of(column), wanted, objectName);
    return new BoundColumn(
        wanted.name(),
        column,
        NestedMatch.vectorType(form, wanted.type()),
        form,
        wanted.type(),
        false);
  }

  @Override
  public List<TargetType> types() {
    return columns.stream().map(BoundColumn::type).toList();
  }

  @Override
  public int unitCount() {
    return rowGroups.size();
  }

  @Override
  public VectorReader reader(int unit) throws IOException {
    return RowGroupReader.open(
        source, schema, rowGroups.get(unit), unit, columns, bytes, buffers, cancel);
  }

  @Override
  public void close() {
    // Every reader has opened and closes its own.
  }
}
