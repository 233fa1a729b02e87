package io.copyload.engine.store.encoding;

import java.util.Arrays;

/**
 * Writes byte-string blocks the way that somebody asked for by a name of Redshift's, whatever is in
 * them. The values lie one behind the other from the first byte on.
 *
 * <p>Threads: one owner.
 */
public final class NamedByteStringEncoder {
  /** Words of TEXT255, whose codes are a byte. */
  private static final int BYTE_WORDS = 245;

  /** Bytes of all words of TEXT32K, whose codes are two bytes. */
  private static final int MAX_WORD_BYTES = 32 << 10;

  private static final int MAX_LITERAL = 255;

  private final LaneEncoder lanes;
  private final ByteStringEncoder byteStrings;

  public NamedByteStringEncoder(LaneEncoder lanes, ByteStringEncoder byteStrings) {
    this.lanes = lanes;
    this.byteStrings = byteStrings;
  }

  /** The values as they are. */
  public void raw(byte[] bytes, int total, int[] lengths, int count, ChunkOutput out) {
    byteStrings.encodePlain(bytes, total, lengths, count, out);
  }

  /** The values as they are, compressed. */
  public void compressed(
      BlockCodec codec, byte[] bytes, int total, int[] lengths, int count, ChunkOutput out) {
    out.writeByte(ByteStringEncoding.COMPRESSED.tag());
    out.writeByte(codec.tag());
    writeLengths(lengths, count, out);
    out.writeInt(total);
    codec.write(bytes, total, out);
  }

  /** Values and how often each repeats (RUNLENGTH). */
  public void runs(byte[] bytes, int total, int[] lengths, int count, ChunkOutput out) {
    long[] runLengths = new long[count];
    int[] runRows = new int[count];
    int[] begins = new int[count];
    int runs = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (runs > 0 && isEqual(bytes, begins[runs - 1], runRows[runs - 1], at, lengths[i])) {
        runLengths[runs - 1]++;
      } else {
        begins[runs] = at;
        runRows[runs] = lengths[i];
        runLengths[runs++] = 1;
      }
      at += lengths[i];
    }
    out.writeByte(ByteStringEncoding.RUNS.tag());
    out.writeInt(runs);
    lanes.encodeFlat(runLengths, runs, out);
    ByteStringDictionary dictionary = new ByteStringDictionary();
    int[] codes = new int[runs];
    if (dictionary.internAll(bytes, begins, runRows, 0, runs, codes, 0) == runs) {
      byteStrings.encode(dictionary, codes, runs, out);
      return;
    }
    byte[] values = new byte[total];
    int end = 0;
    for (int run = 0; run < runs; run++) {
      System.arraycopy(bytes, begins[run], values, end, runRows[run]);
      end += runRows[run];
    }
    byteStrings.encodePlain(values, end, runRows, runs, out);
  }

  private static boolean isEqual(byte[] bytes, int a, int aLength, int b, int bLength) {
    return Arrays.equals(bytes, a, a + aLength, bytes, b, b + bLength);
  }

  /**
   * Codes for words (TEXT255 and TEXT32K). A word is what stands between spaces; the first words
   * get a code, the others are written out.
   *
   * @param codeBytes 1 or 2
   */
  public void words(
      int codeBytes, byte[] bytes, int total, int[] lengths, int count, ChunkOutput out) {
    ByteStringDictionary words = new ByteStringDictionary();
    WordStream stream = new WordStream(codeBytes, total);
    int at = 0;
    for (int i = 0; i < count && !stream.isFull(); i++) {
      int end = at + lengths[i];
      while (at < end) {
        int space = at;
        while (space < end && bytes[space] != ' ') {
          space++;
        }
        int code = space == at ? -1 : words.intern(bytes, at, space - at);
        int next = space < end ? space + 1 : end;
        if (code >= 0 && hasCode(words, code, codeBytes)) {
          stream.code(code);
        } else {
          stream.literal(bytes, at, next);
        }
        at = next;
      }
    }
    int size = words.size();
    while (size > 0 && !hasCode(words, size - 1, codeBytes)) {
      size--;
    }
    if (size == 0 || stream.isFull() || stream.size + words.offset(size) >= total) {
      raw(bytes, total, lengths, count, out);
      return;
    }
    out.writeByte(ByteStringEncoding.WORDS.tag());
    out.writeByte(codeBytes);
    writeLengths(lengths, count, out);
    out.writeInt(total);
    out.writeInt(size);
    long[] wordLengths = new long[size];
    for (int i = 0; i < size; i++) {
      wordLengths[i] = words.length(i);
    }
    lanes.encodeFlat(wordLengths, size, out);
    out.writeInt(words.offset(size));
    out.writeBytes(words.bytes(), 0, words.offset(size));
    out.writeInt(stream.size);
    out.writeBytes(stream.bytes, 0, stream.size);
  }

  private static boolean hasCode(ByteStringDictionary words, int code, int codeBytes) {
    return codeBytes == 1 ? code < BYTE_WORDS : words.offset(code + 1) <= MAX_WORD_BYTES;
  }

  private void writeLengths(int[] lengths, int count, ChunkOutput out) {
    long[] wide = new long[count];
    for (int i = 0; i < count; i++) {
      wide[i] = lengths[i];
    }
    lanes.encode(wide, count, out);
  }

  /** Codes and literals, until they take more than the text. */
  private static final class WordStream {
    private final int codeBytes;
    private final byte[] bytes;
    private int size;

    WordStream(int codeBytes, int total) {
      this.codeBytes = codeBytes;
      this.bytes = new byte[total + MAX_LITERAL + 4];
    }

    boolean isFull() {
      return size + MAX_LITERAL + 4 > bytes.length;
    }

    void code(int code) {
      if (!isFull()) {
        put(code);
      }
    }

    void literal(byte[] source, int begin, int end) {
      for (int at = begin; at < end && !isFull(); at += MAX_LITERAL) {
        int n = Math.min(MAX_LITERAL, end - at);
        put(ByteStringBlock.LITERAL);
        bytes[size++] = (byte) n;
        System.arraycopy(source, at, bytes, size, n);
        size += n;
      }
    }

    private void put(int code) {
      bytes[size++] = (byte) code;
      if (codeBytes == 2) {
        bytes[size++] = (byte) (code >> Byte.SIZE);
      }
    }
  }
}
