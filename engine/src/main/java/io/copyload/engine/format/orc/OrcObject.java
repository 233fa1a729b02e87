package io.copyload.engine.format.orc;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.NestedMatch;
import io.copyload.engine.format.NestedText;
import io.copyload.engine.format.RedshiftColumns;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An opened ORC file: its units are its stripes. */
final class OrcObject implements VectorObject {
  /** Longest footer of a file or stripe, decompressed: what is built of it is many times that. */
  static final int MAX_FOOTER_BYTES = 4 << 20;

  private final SourceObject source;
  private final OrcTail tail;
  private final List<BoundColumn> columns;
  private final long bytes;
  private final CancelToken cancel;

  /**
   * A wanted column with what fills it.
   *
   * @param column null when nothing does
   * @param type of the vectors
   * @param form of a nested column's text; null for a single value
   */
  record BoundColumn(String name, OrcType column, TargetType type, NestedText.Form form) {}

  private OrcObject(
      SourceObject source,
      OrcTail tail,
      List<BoundColumn> columns,
      long bytes,
      CancelToken cancel) {
    this.source = source;
    this.tail = tail;
    this.columns = columns;
    this.bytes = bytes;
    this.cancel = cancel;
  }

  static OrcObject open(
      OrcFormat format, SourceObject source, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException {
    OrcTail tail = OrcTail.read(source, MAX_FOOTER_BYTES, cancel);
    OrcType root = tail.root();
    // A file may have one column that is no struct.
    List<OrcType> top = root.kind() == OrcType.Kind.STRUCT ? root.children() : List.of(root);
    RedshiftColumns.checkCount(
        "ORC", top.size(), wanted.size(), format.fillRecord(), source.name());
    List<BoundColumn> columns = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      columns.add(bind(i < top.size() ? top.get(i) : null, wanted.get(i), source.name()));
    }
    return new OrcObject(source, tail, columns, bytes, cancel);
  }

  private static BoundColumn bind(OrcType column, Wanted wanted, String objectName) {
    if (column == null) {
      return new BoundColumn(wanted.name(), null, wanted.type(), null);
    }
    if (!column.kind().isNested()) {
      TargetType type = valueType(column);
      RedshiftColumns.checkType("ORC", column.toString(), type, wanted, objectName);
      return new BoundColumn(wanted.name(), column, type, null);
    }
    NestedText.Form form =
        NestedMatch.form(column.toString(), new FileType(column), wanted, objectName);
    return new BoundColumn(
        wanted.name(), column, NestedMatch.vectorType(form, wanted.type()), form);
  }

  /** The type that holds all values of a column that is not nested. */
  static TargetType valueType(OrcType column) {
    return switch (column.kind()) {
      case BOOLEAN -> TargetType.of(Kind.BOOLEAN);
      case BYTE -> TargetType.of(Kind.TINYINT);
      case SHORT -> TargetType.of(Kind.SMALLINT);
      case INT -> TargetType.of(Kind.INTEGER);
      case LONG -> TargetType.of(Kind.BIGINT);
      case FLOAT -> TargetType.of(Kind.REAL);
      case DOUBLE -> TargetType.of(Kind.DOUBLE);
      case STRING, VARCHAR, CHAR -> TargetType.of(Kind.VARCHAR);
      case BINARY, GEOMETRY, GEOGRAPHY -> TargetType.of(Kind.VARBINARY);
      case TIMESTAMP -> TargetType.of(Kind.TIMESTAMP, -1, 9);
      case TIMESTAMP_INSTANT -> TargetType.of(Kind.TIMESTAMP_TZ, -1, 9);
      case DECIMAL -> TargetType.of(Kind.NUMERIC, column.precision(), column.scale());
      case DATE -> TargetType.of(Kind.DATE);
      case LIST, MAP, STRUCT, UNION -> throw new IllegalArgumentException(column.toString());
    };
  }

  @Override
  public List<TargetType> types() {
    return columns.stream().map(BoundColumn::type).toList();
  }

  @Override
  public int unitCount() {
    return tail.stripes().size();
  }

  @Override
  public VectorReader reader(int unit) throws IOException {
    return StripeReader.open(source, tail, unit, columns, bytes, cancel);
  }

  @Override
  public void close() {
    // Every reader has opened and closes its own.
  }
}
