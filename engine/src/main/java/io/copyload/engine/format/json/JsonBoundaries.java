package io.copyload.engine.format.json;

import java.util.Arrays;

/**
 * Finds where documents end, by brackets and quotes alone: one thread walks over a block so that
 * others can have its documents.
 *
 * <p>A document begins with a bracket and ends with the bracket that closes it. A broken one ends
 * where that shows: behind a bracket of the other kind, before a line feed inside quotes, which
 * JSON does not allow there, or at a seam: a closing bracket, white space with a line feed, and an
 * opening bracket have no comma between them, and so stand in no document. A seam is therefore the
 * end of a document wherever one begins to look, which spares files with a document a line the
 * walk. Anything else between documents but white space is garbage, which ends with its line or
 * where a document begins.
 *
 * <p>Threads: one owner.
 */
public final class JsonBoundaries {
  /** Bytes at the end of a block in which a seam is looked for. */
  private static final int SEAM_BYTES = 64 << 10;

  /** Kinds of the brackets that are open: whether each is an object. */
  private boolean[] objects = new boolean[64];

  /**
   * Where the last document of {@code bytes[begin .. end)} that may be incomplete begins: behind
   * all complete ones and the white space that follows them.
   */
  public int lastStart(byte[] bytes, int begin, int end) {
    int seam = lastSeam(bytes, begin, end);
    if (seam >= 0) {
      return seam;
    }
    int at = skipSpace(bytes, begin, end);
    while (at < end) {
      int behind = end(bytes, at, end);
      if (behind < 0) {
        return at;
      }
      at = skipSpace(bytes, behind, end);
    }
    return at;
  }

  /** Where the document behind the last seam near the end begins, or -1. */
  private static int lastSeam(byte[] b, int begin, int end) {
    int least = Math.max(begin + 1, end - SEAM_BYTES);
    for (int i = end - 2; i >= least; i--) {
      if (b[i] != '\n') {
        continue;
      }
      int closing = i - 1;
      while (closing > begin && isSpace(b[closing])) {
        closing--;
      }
      int opening = skipSpace(b, i + 1, end);
      if (opening < end && isOpening(b[opening]) && isClosing(b[closing])) {
        return opening;
      }
      i = closing + 1;
    }
    return -1;
  }

  private static boolean isOpening(int c) {
    return c == '{' || c == '[';
  }

  private static boolean isClosing(int c) {
    return c == '}' || c == ']';
  }

  static int skipSpace(byte[] b, int from, int end) {
    int i = from;
    while (i < end && isSpace(b[i])) {
      i++;
    }
    return i;
  }

  static boolean isSpace(int c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /**
   * Behind the document or garbage that begins at {@code begin}, which is not white space; -1 when
   * its end is not before {@code end}.
   */
  int end(byte[] b, int begin, int end) {
    int c = b[begin];
    return isOpening(c) ? documentEnd(b, begin, end) : garbageEnd(b, begin, end);
  }

  private static int garbageEnd(byte[] b, int begin, int end) {
    for (int i = begin; i < end; i++) {
      int c = b[i];
      if (c == '\n' || isOpening(c)) {
        return i;
      }
    }
    return -1;
  }

  private int documentEnd(byte[] b, int begin, int end) {
    int depth = 0;
    int i = begin;
    while (i < end) {
      int c = b[i++];
      // Most bytes are none of the five.
      if (c == '"') {
        i = stringEnd(b, i, end);
        if (i < 0 || b[i] == '\n') {
          return i;
        }
        i++;
      } else if ((c | 0x26) == 0x7f) {
        if (c == '{' || c == '[') {
          if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
          }
          objects[depth++] = c == '{';
        } else if (c == '}' || c == ']') {
          if (--depth == 0 || objects[depth] != (c == '}')) {
            return i;
          }
          if (i < end && b[i] <= ' ') {
            int next = skipSpace(b, i, end);
            if (next == end) {
              return -1;
            }
            if (isOpening(b[next]) && JsonStrings.countLineFeeds(b, i, next) > 0) {
              return i;
            }
          }
        }
      }
    }
    return -1;
  }

  /** Position of the closing quote, or of a line feed before it; -1 when there is neither. */
  private static int stringEnd(byte[] b, int from, int end) {
    int i = from;
    while (true) {
      i = JsonStrings.special(b, i, end);
      if (i >= end) {
        return -1;
      }
      int c = b[i];
      if (c == '"' || c == '\n') {
        return i;
      }
      if (c == '\\') {
        if (i + 1 >= end) {
          return -1;
        }
        i += b[i + 1] == '\n' ? 1 : 2;
      } else {
        i++;
      }
    }
  }
}
