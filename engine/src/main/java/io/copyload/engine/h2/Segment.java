package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.store.ChunkInfo;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.SegmentFooter;
import io.copyload.engine.store.SegmentInfo;
import io.copyload.engine.store.SegmentReader;
import io.copyload.engine.store.TargetType;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.value.TypeInfo;
import org.h2.value.Value;

/**
 * A published segment as its table reads it. The footer is read on first use, so that a damaged
 * segment fails the statement that needs it and not the opening of the database. Threads: any.
 */
final class Segment {
  private final HybridTable table;
  private final SegmentDescriptor descriptor;
  private volatile Opened opened;

  private record Opened(
      SegmentReader reader,
      ValueCodec[] codecs,
      List<RowGroupInfo> groups,
      List<TargetType> types) {}

  Segment(HybridTable table, SegmentDescriptor descriptor) {
    this.table = table;
    this.descriptor = descriptor;
  }

  SegmentDescriptor descriptor() {
    return descriptor;
  }

  long id() {
    return descriptor.segmentId();
  }

  long firstRowId() {
    return descriptor.firstRowId();
  }

  long rowCount() {
    return descriptor.rowCount();
  }

  SegmentInfo info() {
    return opened().reader.info();
  }

  int groupCount() {
    return opened().groups.size();
  }

  RowGroupInfo group(int group) {
    return opened().groups.get(group);
  }

  /** Number within the segment of a row group's first row. */
  long firstRow(int group) {
    return opened().reader.firstRow(group);
  }

  /** Row group of a row of the segment. */
  int groupOf(long row) {
    return opened().reader.rowGroupOf(row);
  }

  /** Type with which a table column is stored here. */
  TargetType type(int column) {
    return opened().types.get(column);
  }

  ValueCodec codec(int column) {
    return opened().codecs[column];
  }

  DecodedColumn column(int group, int column) {
    try {
      return opened().reader.column(group, column);
    } catch (CopyException e) {
      throw failure(e);
    }
  }

  /** As {@link #column} for several columns, without a place in the cache. */
  List<Supplier<DecodedColumn>> passingColumns(int group, int[] columns) {
    try {
      return opened().reader.passingColumns(group, columns);
    } catch (CopyException e) {
      throw failure(e);
    }
  }

  /** A column of {@link #passingColumns}, with failures as H2 has them. */
  static DecodedColumn decoded(Supplier<DecodedColumn> column) {
    try {
      return column.get();
    } catch (CopyException e) {
      throw failure(e);
    }
  }

  /** Bytes stored for the column chunks. */
  long byteCount() {
    long sum = 0;
    for (RowGroupInfo group : opened().groups) {
      for (ChunkInfo chunk : group.chunks()) {
        sum += chunk.byteCount();
      }
    }
    return sum;
  }

  private Opened opened() {
    Opened o = opened;
    return o != null ? o : open();
  }

  private Opened open() {
    try {
      ColumnarDatabase columnar = table.columnar();
      SegmentInfo info =
          SegmentFooter.read(columnar.store(), table.getId(), descriptor.segmentId());
      Column[] columns = table.getColumns();
      if (info.types().size() != columns.length || info.rowCount() != descriptor.rowCount()) {
        throw new CopyException(
            CopyErrorCode.DATA_CORRUPTED,
            "segment "
                + descriptor.segmentId()
                + " of table "
                + table.getName()
                + " does not fit the table: "
                + info.types().size()
                + " columns and "
                + info.rowCount()
                + " rows, expected "
                + columns.length
                + " and "
                + descriptor.rowCount());
      }
      ValueCodec[] codecs = new ValueCodec[columns.length];
      for (int i = 0; i < codecs.length; i++) {
        codecs[i] =
            ValueCodec.of(
                storedType(columns[i].getType(), info.types().get(i)), columnar.database());
      }
      Opened o =
          new Opened(
              new SegmentReader(columnar.store(), columnar.cache(), info),
              codecs,
              info.rowGroups(),
              info.types());
      opened = o;
      return o;
    } catch (CopyException e) {
      throw failure(e);
    }
  }

  /**
   * H2 widens a NUMERIC in place; a value's layout depends on the precision at the time of loading.
   */
  private static TypeInfo storedType(TypeInfo now, TargetType stored) {
    return now.getValueType() == Value.NUMERIC && now.getPrecision() != stored.precision()
        ? TypeInfo.getTypeInfo(Value.NUMERIC, stored.precision(), stored.scale(), null)
        : now;
  }

  /**
   * A table-level error with PostgreSQL's SQLSTATE; DATA_CORRUPTED names table, segment and place.
   */
  static DbException failure(CopyException e) {
    return DbException.convert(new SQLException(e.getMessage(), e.code().sqlState(), e));
  }
}
