/**
 * Segments: immutable columnar sets of rows, and how they are stored. This page is the
 * specification of the format.
 *
 * <h2>Stored values</h2>
 *
 * <p>A segment is a set of stored values in a {@link io.copyload.engine.store.ByteStore}, each
 * under a {@link io.copyload.engine.store.ChunkKey}: one <i>column chunk</i> for every column of
 * every row group, and one <i>footer</i> under row group {@code -1}, column 0. A value of more than
 * 262,144 bytes is cut into parts 0, 1, ..., all but the last of exactly that size; in what follows
 * a value is all its parts together. All numbers are little-endian; {@code u8}, {@code i32}, {@code
 * i64} are unsigned bytes and signed integers; {@code CRC32C} is an i32 over all bytes of the value
 * before it. A value is written once and never changed.
 *
 * <h2>Footer</h2>
 *
 * <p>Written after all column chunks, as a {@link io.copyload.engine.store.SegmentInfo}.
 *
 * <pre>
 * i32 magic         0x54464C43 ("CLFT")
 * i32 version       1
 * i32 size          bytes of the whole value
 * i32 tableId
 * i64 segmentId
 * i64 firstRowId
 * i64 rowCount
 * i32 columnCount
 * column[columnCount]:
 *   i32 columnId    ChunkKey.column of the column's chunks
 *   type
 * i32 rowGroupCount
 * rowGroup[rowGroupCount], in row order:
 *   i32 number      ChunkKey.rowGroup of its chunks
 *   i32 rowCount    0 to 131072
 *   chunk[columnCount]:
 *     i32 partCount
 *     i32 byteCount
 *     i32 checksum  the chunk's CRC32C
 *     i32 nullCount
 *     u8  flags     1: zone map known, 2: minBytes follow, 4: maxBytes follow
 *     i64 min, max  with flag 1; meaning: ChunkInfo
 *     prefix        minBytes, with flag 2
 *     prefix        maxBytes, with flag 4
 * CRC32C
 *
 * type:
 *   text kind       name of the TargetType.Kind
 *   i64 precision
 *   i32 scale
 *   i32 labelCount
 *   text label[labelCount]
 *   u8  1 when the element's type follows, else 0
 *   type            of the element
 * text:    i32 length, UTF-8
 * prefix:  u8 length (at most 16), bytes
 * </pre>
 *
 * <h2>Column chunk</h2>
 *
 * <pre>
 * u8  magic         0xC7
 * u8  version       1 or 2
 * u8  flags         0: no row is NULL, 1: a null mask follows,
 *                   2: all rows are NULL and nothing but CRC32C follows
 * u8  laneCount     TargetType.laneCount(), 0 for byte strings
 * i32 rowCount      at least 1
 * i64 nullMask[(rowCount + 63) / 64]
 *                   with flag 1; row i is NULL when bit i % 64 of word i / 64 is set,
 *                   bits behind the last row are 0
 * block             laneCount lane blocks, or one byte-string block
 * CRC32C            also kept in the footer, which so knows a chunk from any other
 * </pre>
 *
 * <p>What the lanes and bytes of a value mean is said in {@link
 * io.copyload.engine.store.TargetType}. Every block has an entry for every row; that of a NULL row
 * means nothing (lanes repeat a neighbour, byte strings are empty or repeat a code).
 *
 * <h2>Lane block</h2>
 *
 * <p>{@code n} values of 64 bits; sums and products wrap around. <i>packed(n, w)</i> is n unsigned
 * integers of w bits one behind the other, the first one in the lowest bits of the first byte, in
 * {@code (n * w + 7) / 8} bytes; w is 0 to 56, or 64.
 *
 * <pre>
 * u8 0 CONSTANT        i64 value
 * u8 1 PACKED          i64 base, u8 w, packed(n, w)
 *                      value[i] = base + p[i]
 * u8 2 SCALED          i64 base, i64 factor, u8 w, packed(n, w)
 *                      value[i] = base + factor * p[i]
 * u8 3 DELTA           i64 first, i64 base, u8 w, packed(n, w)
 *                      value[0] = first, value[i] = value[i - 1] + base + p[i]; p[0] means nothing
 * u8 4 ARITHMETIC      i64 first, i64 step
 *                      value[i] = first + i * step
 * u8 5 RUNS            i32 m, lane block of m values, lane block of m lengths
 *                      lengths are at least 1 and add up to n
 * u8 6 DICTIONARY      i32 m, lane block of m entries, u8 w, packed(n, w)
 *                      value[i] = entry[p[i]]
 * u8 7 RAW             i64 value[n]
 * u8 8 DECIMAL_DOUBLE  u8 scale (0 to 4), lane block of n integers k
 *                      value[i] = Double.doubleToRawLongBits(k[i] / 10.0^scale)
 * u8 9 DECIMAL_FLOAT   u8 scale (0 to 4), lane block of n integers k
 *                      value[i] = Float.floatToRawIntBits((float) (k[i] / 10.0^scale))
 * u8 10 PATCHED        lane block of n values, i32 m, lane block of m row numbers, lane block of m values
 *                      value[row[j]] is the j-th of the m values (from version 2)
 * u8 11 DIFFERENCES    lane block of n differences d
 *                      value[0] = d[0], value[i] = value[i - 1] + d[i] (from version 2)
 * u8 12 COMPRESSED     u8 codec, u8 width (1, 2, 4, 8), blocks of n * width bytes
 *                      signed little-endian integers of that width (from version 2)
 * </pre>
 *
 * <p>Blocks of {@code total} bytes, with codec 1 LZO or 2 Zstandard: for every 65536 bytes, and for
 * the rest, i32 size and so many bytes; a size that is that of the bytes themselves means that they
 * are not compressed.
 *
 * <p>Lane blocks are nested at most three deep: a decimal of runs or of a dictionary of one of the
 * others, or differences of patched ones.
 *
 * <h2>Byte-string block</h2>
 *
 * <pre>
 * u8 0 CONSTANT    i32 length, bytes
 * u8 1 DICTIONARY  i32 m, lane block of m lengths, i32 total, bytes of the m entries,
 *                  u8 w, packed(n, w) codes
 * u8 2 PLAIN       lane block of n lengths, i32 total, bytes of the n values
 *                  (where all values have one length, that block is CONSTANT)
 * u8 3 PLAIN_LZ4   lane block of n lengths, i32 total, then for every 65536 bytes of the values,
 *                  and for the rest: i32 size, bytes of an LZ4 block (raw block format)
 * u8 4 RUNS        i32 m, lane block of m lengths, byte-string block of m values, not RUNS
 *                  lengths are at least 1 and add up to n (from version 2)
 * u8 5 COMPRESSED  u8 codec, lane block of n lengths, i32 total, blocks of total bytes (from version 2)
 * u8 6 WORDS       u8 c (1 or 2), lane block of n lengths, i32 total, i32 m, lane block of m lengths,
 *                  i32 wordTotal, bytes of the m words, i32 size, size bytes of codes (from version 2)
 *                  a code of c bytes below m stands for that word and, unless the value ends there,
 *                  a space; with all bits set, u8 length and so many bytes of text follow
 * </pre>
 *
 * <h2>Damage</h2>
 *
 * <p>A reader trusts nothing before the checksum, and checks counts against each other before it
 * allocates by them. Whatever is missing, cut, changed or in the wrong place ends in {@code
 * CopyException} DATA_CORRUPTED naming table, segment, row group and column.
 *
 * <h2>Versions</h2>
 *
 * <table>
 * <caption>versions</caption>
 * <tr><td>1</td><td>the first one</td></tr>
 * <tr><td>2</td><td>of column chunks only: lane blocks 10 to 12 and byte-string blocks 4 to 6, for columns with an
 * encoding that was asked for; all other chunks are still written as version 1</td></tr>
 * </table>
 *
 * <p>A change of the format raises the version of the value it is in; older versions stay readable.
 */
package io.copyload.engine.store;
