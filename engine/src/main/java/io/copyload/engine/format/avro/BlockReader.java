package io.copyload.engine.format.avro;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.format.avro.AvroType.Field;
import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the rows of the blocks of one unit. A batch never reaches beyond its block, so that strings
 * are ranges of the block's bytes. Threads: one.
 */
final class BlockReader implements VectorReader {
  /** Longest stored block: Redshift's limit. */
  static final int MAX_BLOCK_BYTES = 4 << 20;

  /** Longest decoded block; writers count the decoded bytes, so hardly one is longer than that. */
  static final int MAX_DECODED_BYTES = 16 << 20;

  private static final int SYNC_BYTES = ContainerHeader.SYNC_BYTES;

  private final ContainerInput in;
  private final ContainerHeader header;
  private final long unitEnd;
  private final BlockCodec.Decoder decoder;
  private final BlockCursor cursor = new BlockCursor();
  private final Field[] fields;

  /** The columns that each field fills. */
  private final int[][] columnsOf;

  /** By column; null where its field is filled in as it is. */
  private final FieldPath[] paths;

  /** Columns of the whole record. */
  private int[] recordColumns = new int[0];

  /** By field whether a path leads into it. */
  private final boolean[] entered;

  private final List<Fault> faults = new ArrayList<>();

  /** By column; null where nothing fills it. */
  private final ColumnFiller[] fillers;

  private long rowsLeft;
  private long blockRows;
  private long blockOffset;
  private boolean atEnd;

  /** Where the decoded bytes of the block begin in the cursor's array. */
  private int blockBegin;

  BlockReader(
      ContainerInput in,
      ContainerHeader header,
      List<AvroObject.Target> targets,
      long unitEnd,
      CancelToken cancel) {
    this.in = in;
    this.header = header;
    this.unitEnd = unitEnd;
    decoder = new BlockCodec.Decoder(header.codec(), MAX_DECODED_BYTES, cancel);
    fields = header.schema().fields.toArray(new Field[0]);
    columnsOf = new int[fields.length][0];
    fillers = new ColumnFiller[targets.size()];
    paths = new FieldPath[fillers.length];
    entered = new boolean[fields.length];
    for (int c = 0; c < fillers.length; c++) {
      AvroObject.Target target = targets.get(c);
      if (target.filler() != null) {
        fillers[c] = target.filler().fresh();
        int f = target.field();
        if (f == AvroObject.Target.RECORD) {
          recordColumns = with(recordColumns, c);
          continue;
        }
        columnsOf[f] = with(columnsOf[f], c);
        paths[c] = target.path();
        entered[f] |= paths[c] != null;
      }
    }
  }

  private static int[] with(int[] columns, int column) {
    int[] more = Arrays.copyOf(columns, columns.length + 1);
    more[columns.length] = column;
    return more;
  }

  @Override
  public List<Fault> faults() {
    return faults;
  }

  /** Moves to the first block of a unit that is not the first. */
  void seek() throws IOException {
    atEnd = !in.skipTo(header.sync());
  }

  @Override
  public int read(ColumnVector[] vectors, int most) throws IOException {
    while (rowsLeft == 0) {
      if (!nextBlock()) {
        return 0;
      }
    }
    int count = (int) Math.min(most, rowsLeft);
    for (int c = 0; c < fillers.length; c++) {
      ColumnVector vector = vectors[c];
      if (fillers[c] == null) {
        Arrays.fill(vector.nulls, 0, count, true);
      } else if (vector.type().isBytes()) {
        if (fillers[c].pointsIntoBlock()) {
          vector.pointTo(cursor.bytes);
        } else {
          vector.useHeap();
        }
      }
    }
    int f = 0;
    int row = 0;
    faults.clear();
    try {
      for (; row < count; row++) {
        for (int c : recordColumns) {
          int begin = cursor.position;
          fillers[c].fill(cursor, vectors[c], row);
          cursor.position = begin;
        }
        for (f = 0; f < fields.length; f++) {
          int[] columns = columnsOf[f];
          if (columns.length == 0) {
            cursor.skip(fields[f].type());
          } else {
            int begin = cursor.position;
            for (int c : columns) {
              cursor.position = begin;
              if (paths[c] == null) {
                fillers[c].fill(cursor, vectors[c], row);
              } else {
                follow(c, vectors[c], row);
              }
            }
            if (entered[f]) {
              cursor.position = begin;
              cursor.skip(fields[f].type());
            }
          }
        }
      }
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new IOException(
          "field \""
              + fields[f].name()
              + "\" of row "
              + (blockRows - rowsLeft + row + 1)
              + " of the block at byte "
              + blockOffset
              + " (byte "
              + (cursor.position - blockBegin)
              + " of its decoded bytes): "
              + DamageText.of(e),
          e);
    }
    rowsLeft -= count;
    if (rowsLeft == 0 && cursor.position != cursor.end) {
      throw new IOException(
          "the block at byte "
              + blockOffset
              + " has "
              + (cursor.end - cursor.position)
              + " bytes behind its "
              + blockRows
              + " rows");
    }
    return count;
  }

  private void follow(int column, ColumnVector vector, int row) throws IOException {
    vector.nulls[row] = true;
    try {
      if (paths[column].walk(cursor)) {
        fillers[column].fill(cursor, vector, row);
      }
    } catch (FieldPath.NoElementException e) {
      faults.add(new Fault(row, column, Fault.Kind.PATH, FieldPath.NO_ELEMENT, null));
    }
  }

  /** Decodes the next block of the unit; false when there is none. */
  private boolean nextBlock() throws IOException {
    if (atEnd || in.offset() >= unitEnd || in.atEnd()) {
      atEnd = true;
      return false;
    }
    blockOffset = in.offset();
    String what = "the block at byte " + blockOffset;
    long rows = in.readLong(what);
    long size = in.readLong(what);
    if (rows < 0 || size < 0) {
      throw new IOException(what + " claims " + rows + " rows in " + size + " bytes");
    }
    if (size > MAX_BLOCK_BYTES) {
      throw new IOException(
          what + " has " + size + " bytes, more than the limit of " + MAX_BLOCK_BYTES);
    }
    int length = (int) size;
    int begin = in.take(length + SYNC_BYTES, what);
    byte[] stored = in.buffer();
    int end = begin + length;
    if (!Arrays.equals(stored, end, end + SYNC_BYTES, header.sync(), 0, SYNC_BYTES)) {
      throw new IOException(what + " is damaged: no sync marker is behind it");
    }
    checkUnitEnd(what, stored, begin, end);
    if (header.codec() == BlockCodec.NULL) {
      cursor.begin(stored, begin, end);
    } else {
      try {
        cursor.begin(decoder.bytes(), 0, 0);
        int decoded = decoder.decode(stored, begin, length);
        cursor.begin(decoder.bytes(), 0, decoded);
      } catch (IOException e) {
        throw new IOException(what + ": " + DamageText.of(e), e);
      }
    }
    blockBegin = cursor.position;
    int decoded = cursor.end - cursor.position;
    boolean empty = header.schema().empty;
    if (rows > (empty ? MAX_DECODED_BYTES : decoded)) {
      throw new IOException(what + " claims " + rows + " rows in " + decoded + " bytes");
    }
    if (rows == 0 && decoded > 0) {
      throw new IOException(what + " claims no rows in " + decoded + " bytes");
    }
    blockRows = rows;
    rowsLeft = rows;
    return true;
  }

  /**
   * The next unit begins behind the first sync marker in its range. One that is data of a block
   * across the border would be taken for it, which no writer's random marker ever lets happen.
   */
  private void checkUnitEnd(String what, byte[] stored, int begin, int end) throws IOException {
    long dataOffset = in.offset() - SYNC_BYTES - (end - begin);
    if (in.offset() < unitEnd) {
      return;
    }
    long from = Math.max(0, unitEnd - SYNC_BYTES - dataOffset);
    if (from <= end - begin
        && ContainerInput.indexOf(header.sync(), stored, begin + (int) from, end + SYNC_BYTES - 1)
            >= 0) {
      throw new IOException(what + " has the file's sync marker in its data");
    }
  }

  @Override
  public void close() throws IOException {
    decoder.close();
    in.close();
  }
}
