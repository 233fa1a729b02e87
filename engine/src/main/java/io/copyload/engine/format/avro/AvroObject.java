package io.copyload.engine.format.avro;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.format.avro.AvroType.Field;
import io.copyload.engine.format.json.JsonPath;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An opened container file. Its units are ranges of equal size: a block belongs to the range that
 * it begins in, which is found by the sync marker before it. What cannot be read from the middle is
 * one unit.
 */
final class AvroObject implements VectorObject {
  /** Size of a unit; the same whatever the memory, so that files are always cut alike. */
  static final int UNIT_BYTES = 4 << 20;

  private final SourceObject source;
  private final ContainerHeader header;
  private final List<Target> targets;
  private final List<TargetType> types;
  private final long unitBytes;
  private final int unitCount;
  private final CancelToken cancel;

  /** The one reader of an object that is read from its begin on; null when taken, or for others. */
  private ContainerInput stream;

  /**
   * What fills a column.
   *
   * @param field index in the record, or -1 for nothing
   * @param filler null for nothing
   * @param path from the field to the value, or null for the field itself
   */
  record Target(int field, ColumnFiller filler, FieldPath path) {
    /** Number of the field that is the whole record. */
    static final int RECORD = -2;
  }

  private AvroObject(
      SourceObject source,
      ContainerHeader header,
      List<Target> targets,
      List<TargetType> types,
      int unitBytes,
      ContainerInput stream,
      CancelToken cancel) {
    this.source = source;
    this.header = header;
    this.targets = targets;
    this.types = types;
    this.stream = stream;
    this.cancel = cancel;
    long size = stream != null ? 0 : source.size() - header.end();
    // More units than an int can count there are in no file.
    this.unitBytes = Math.max(unitBytes, size / (1 << 20));
    unitCount = (int) Math.max(1, (size + this.unitBytes - 1) / this.unitBytes);
  }

  static AvroObject open(
      AvroFormat format,
      SourceObject source,
      List<Wanted> wanted,
      int unitBytes,
      CancelToken cancel)
      throws IOException {
    boolean splits = source.seekable() && source.size() >= 0;
    ContainerInput in = new ContainerInput(source.open(0, cancel), 0);
    boolean keep = false;
    try {
      ContainerHeader header = ContainerHeader.read(in);
      List<Target> targets = new ArrayList<>();
      List<TargetType> types = new ArrayList<>();
      for (Wanted column : wanted) {
        Target target =
            format.mapping() == AvroFormat.Mapping.PATHS
                ? follow(
                    format,
                    header.schema(),
                    format.paths().get(targets.size()),
                    column,
                    source.name())
                : match(format, header.schema(), column, source.name());
        targets.add(target);
        types.add(target.filler() == null ? column.type() : target.filler().type());
      }
      keep = !splits;
      return new AvroObject(source, header, targets, types, unitBytes, splits ? null : in, cancel);
    } finally {
      if (!keep) {
        in.close();
      }
    }
  }

  /** The first field with the column's name; the very name goes before one in another case. */
  private static Target match(
      AvroFormat format, AvroType schema, Wanted wanted, String objectName) {
    int found = -1;
    for (int i = 0; i < schema.fields.size(); i++) {
      String name = schema.fields.get(i).name();
      if (name.equals(wanted.name())) {
        found = i;
        break;
      }
      if (found < 0
          && format.mapping() == AvroFormat.Mapping.AUTO_IGNORECASE
          && name.equalsIgnoreCase(wanted.name())) {
        found = i;
      }
    }
    if (found < 0) {
      return new Target(-1, null, null);
    }
    Field field = schema.fields.get(found);
    return new Target(
        found, ColumnFiller.of(field.type(), wanted, format.nullTexts(), objectName), null);
  }

  /** What a path leads to; one that begins with a field that is not there leads to nothing. */
  private static Target follow(
      AvroFormat format, AvroType schema, JsonPath path, Wanted wanted, String objectName) {
    FieldPath whole = FieldPath.of(schema, path.steps(), objectName);
    if (whole == null) {
      return new Target(-1, null, null);
    }
    ColumnFiller filler = ColumnFiller.of(whole.to(), wanted, format.nullTexts(), objectName);
    if (path.steps().isEmpty()) {
      return new Target(Target.RECORD, filler, null);
    }
    for (int i = 0; i < schema.fields.size(); i++) {
      Field field = schema.fields.get(i);
      if (field.name().equals(path.steps().get(0).key())) {
        List<JsonPath.Step> rest = path.steps().subList(1, path.steps().size());
        return new Target(
            i, filler, rest.isEmpty() ? null : new FieldPath(field.type(), rest, whole.to()));
      }
    }
    throw new IllegalStateException(path.toString());
  }

  @Override
  public List<TargetType> types() {
    return types;
  }

  @Override
  public int unitCount() {
    return unitCount;
  }

  @Override
  public VectorReader reader(int unit) throws IOException {
    ContainerInput in = stream;
    if (in != null) {
      stream = null;
      return new BlockReader(in, header, targets, Long.MAX_VALUE, cancel);
    }
    long begin = header.end() + unit * unitBytes;
    long end = begin + unitBytes;
    // The marker in front of the first block may lie before the range.
    long from = unit == 0 ? begin : begin - ContainerHeader.SYNC_BYTES;
    in = new ContainerInput(source.open(from, Math.min(end, source.size()), cancel), from);
    BlockReader reader =
        new BlockReader(in, header, targets, unit == unitCount - 1 ? Long.MAX_VALUE : end, cancel);
    if (unit > 0) {
      try {
        reader.seek();
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }
}
