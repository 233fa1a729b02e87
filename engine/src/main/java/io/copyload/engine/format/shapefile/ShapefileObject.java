package io.copyload.engine.format.shapefile;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.RedshiftColumns;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An opened shapefile. Its units are ranges of records; a compressed one is one unit, because it
 * cannot be read from the middle.
 */
final class ShapefileObject implements VectorObject {
  /** Records of a unit; the same whatever the memory, so that files are always cut alike. */
  static final int UNIT_RECORDS = 16_384;

  static final int HEADER_BYTES = 100;

  private static final int MAGIC = 9994;
  private static final int MAX_SMALL_FILE_BYTES = 1 << 20;

  final ShapefileFormat format;
  final Component shp;
  final Component shx;
  final Component dbf;
  final DbfHeader attributes;
  final Charset charset;
  final int srid;
  final long recordCount;

  /** Longest record of the .shp that is read. */
  final long maxRecordBytes;

  final CancelToken cancel;
  private final List<TargetType> types;

  private ShapefileObject(
      ShapefileFormat format,
      Component shp,
      Component shx,
      Component dbf,
      DbfHeader attributes,
      Charset charset,
      int srid,
      long recordCount,
      long bytes,
      List<TargetType> types,
      CancelToken cancel) {
    this.format = format;
    this.shp = shp;
    this.shx = shx;
    this.dbf = dbf;
    this.attributes = attributes;
    this.charset = charset;
    this.srid = srid;
    this.recordCount = recordCount;
    maxRecordBytes = Math.max(8L << 20, Math.min(bytes, 256L << 20));
    this.types = types;
    this.cancel = cancel;
  }

  static ShapefileObject open(
      ShapefileFormat format,
      SourceObject object,
      List<Wanted> wanted,
      long bytes,
      CancelToken cancel)
      throws IOException {
    Names names = Names.of(object.name());
    Component shp = Component.of(object, format.codec(), cancel);
    SourceObject shxFile = required(format, names.with("shx"));
    SourceObject dbfFile = null;
    ShapefileObject opened = null;
    try {
      dbfFile = required(format, names.with("dbf"));
      opened =
          open(
              format,
              object.name(),
              shp,
              Component.of(shxFile, format.codec(), cancel),
              Component.of(dbfFile, format.codec(), cancel),
              wanted,
              bytes,
              cancel);
      return opened;
    } finally {
      if (opened == null) {
        shxFile.release();
        if (dbfFile != null) {
          dbfFile.release();
        }
      }
    }
  }

  private static ShapefileObject open(
      ShapefileFormat format,
      String name,
      Component shp,
      Component shx,
      Component dbf,
      List<Wanted> wanted,
      long bytes,
      CancelToken cancel)
      throws IOException {
    Names names = Names.of(name);
    DbfHeader attributes;
    try (ComponentInput in = dbf.open(0, cancel)) {
      attributes = DbfHeader.read(in);
    }
    long recordCount = (fileBytes(shx, cancel) - HEADER_BYTES) / 8;
    fileBytes(shp, cancel);
    if (recordCount != attributes.recordCount()) {
      throw new IOException(
          "its .shx has " + recordCount + " records and its .dbf " + attributes.recordCount());
    }
    if (dbf.seekable()
        && attributes.headerBytes() + recordCount * attributes.recordBytes()
            > dbf.source().size()) {
      throw new IOException(
          "its .dbf claims "
              + recordCount
              + " records of "
              + attributes.recordBytes()
              + " bytes and has "
              + dbf.source().size());
    }
    String cpg = text(format, names.with("cpg"), StandardCharsets.US_ASCII, cancel);
    String prj =
        format.readSrid() ? text(format, names.with("prj"), StandardCharsets.UTF_8, cancel) : null;
    return new ShapefileObject(
        format,
        shp,
        shx,
        dbf,
        attributes,
        CodePage.of(cpg, attributes.language()),
        prj == null ? 0 : Projection.srid(prj),
        recordCount,
        bytes,
        types(attributes, wanted, name),
        cancel);
  }

  /** Names of the files of a set: those of the .shp with another ending. */
  private record Names(String base, String compression, boolean upper) {
    static Names of(String shpName) {
      int query = shpName.indexOf('?');
      String name = query < 0 ? shpName : shpName.substring(0, query);
      int at = name.toLowerCase(java.util.Locale.ROOT).lastIndexOf(".shp");
      if (at < 0 || at < name.lastIndexOf('/')) {
        throw new CopyException(
                CopyErrorCode.INVALID_NAME, "\"" + shpName + "\" is not the name of a shapefile")
            .withHint("Name the .shp, or its compressed form such as .shp.gz.");
      }
      return new Names(
          name.substring(0, at + 1), name.substring(at + 4), name.charAt(at + 1) == 'S');
    }

    String with(String ending) {
      return base + (upper ? ending.toUpperCase(java.util.Locale.ROOT) : ending) + compression;
    }
  }

  private static SourceObject required(ShapefileFormat format, String name) throws IOException {
    SourceObject found = format.siblings().find(name);
    if (found == null) {
      throw new CopyException(
              CopyErrorCode.OBJECT_MISSING,
              "could not open file \"" + name + "\": it does not exist")
          .withHint("A shapefile needs its .shp, .shx and .dbf beside each other.");
    }
    return found;
  }

  /** The text of a small file, or null when there is none. */
  private static String text(
      ShapefileFormat format, String name, Charset charset, CancelToken cancel) throws IOException {
    SourceObject found = format.siblings().find(name);
    int dot = name.lastIndexOf('.');
    if (found == null && format.codec() != null && dot > 0) {
      // These are tiny, and often left as they are.
      found = format.siblings().find(name.substring(0, dot));
    }
    if (found == null) {
      return null;
    }
    try {
      return text(Component.of(found, null, cancel), name, charset, cancel);
    } finally {
      found.release();
    }
  }

  private static String text(Component component, String name, Charset charset, CancelToken cancel)
      throws IOException {
    byte[] bytes = new byte[4096];
    int end = 0;
    try (ByteReader in = component.reader(cancel)) {
      while (true) {
        int count = in.read(bytes, end, bytes.length - end);
        if (count < 0) {
          return new String(bytes, 0, end, charset);
        }
        end += count;
        if (end > MAX_SMALL_FILE_BYTES) {
          throw new IOException(
              "\"" + name + "\" has more than " + MAX_SMALL_FILE_BYTES + " bytes");
        }
        if (end == bytes.length) {
          bytes = java.util.Arrays.copyOf(bytes, 2 * end);
        }
      }
    }
  }

  /** Checks the header that .shp and .shx share; returns the length of the file that it claims. */
  private static long fileBytes(Component component, CancelToken cancel) throws IOException {
    String name = component.source().name();
    try (ComponentInput in = component.open(0, cancel)) {
      ByteBuffer header = in.take(HEADER_BYTES);
      if (header.getInt(0) != MAGIC) {
        throw new IOException("\"" + name + "\" does not begin as a shapefile does");
      }
      long bytes = 2L * Integer.toUnsignedLong(header.getInt(24));
      if (bytes < HEADER_BYTES || component.seekable() && bytes > component.source().size()) {
        throw new IOException(
            "\""
                + name
                + "\" claims "
                + bytes
                + " bytes"
                + (component.seekable() ? " and has " + component.source().size() : ""));
      }
      return bytes;
    }
  }

  private static List<TargetType> types(
      DbfHeader attributes, List<Wanted> wanted, String objectName) {
    RedshiftColumns.checkCount(
        "Shapefile", 1 + attributes.fields().size(), wanted.size(), false, objectName);
    Wanted geometry = wanted.get(0);
    if (geometry.type().kind() != Kind.GEOMETRY) {
      throw new CopyException(
              CopyErrorCode.DATATYPE_MISMATCH,
              "column \""
                  + geometry.name()
                  + "\" is of type "
                  + geometry.type().kind()
                  + " but the first column of a shapefile is GEOMETRY")
          .withHint("Name the columns in a column list, the one for the geometry first.");
    }
    List<TargetType> types = new ArrayList<>();
    types.add(TargetType.of(Kind.VARBINARY));
    for (DbfHeader.Field field : attributes.fields()) {
      types.add(
          TargetType.of(
              switch (field.kind()) {
                case 'L' -> Kind.BOOLEAN;
                case 'D' -> Kind.DATE;
                default -> Kind.VARCHAR;
              }));
    }
    return types;
  }

  private boolean splits() {
    return shp.seekable() && shx.seekable() && dbf.seekable();
  }

  @Override
  public List<TargetType> types() {
    return types;
  }

  @Override
  public int unitCount() {
    return splits()
        ? (int) ((recordCount + UNIT_RECORDS - 1) / UNIT_RECORDS)
        : recordCount == 0 ? 0 : 1;
  }

  @Override
  public VectorReader reader(int unit) throws IOException {
    long begin = (long) unit * UNIT_RECORDS;
    long end = splits() ? Math.min(recordCount, begin + UNIT_RECORDS) : recordCount;
    return RecordReader.open(this, begin, end);
  }

  @Override
  public void close() {
    // Every reader has opened and closes its own; the .shp is the load's.
    shx.source().release();
    dbf.source().release();
  }
}
