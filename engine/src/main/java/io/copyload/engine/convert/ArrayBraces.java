package io.copyload.engine.convert;

import java.util.Arrays;

/**
 * The first look at an array literal before PostgreSQL 17, its ArrayCount: braces, quotes and
 * delimiters must follow each other rightly, and sub-arrays of one level have the same length.
 * Elements are not looked at.
 *
 * <p>Holds the lengths of the last literal. Threads: one owner.
 */
final class ArrayBraces {
  private enum State {
    NO_LEVEL,
    LEVEL_STARTED,
    ELEMENT_STARTED,
    QUOTED_STARTED,
    QUOTED_COMPLETED,
    ELEMENT_DELIMITED,
    LEVEL_COMPLETED,
    LEVEL_DELIMITED
  }

  /** Number of levels; 0 for an empty array. */
  int dimensions;

  final int[] lengths = new int[ArrayElements.MAX_DIMENSIONS];

  /** What is wrong; null when nothing is. */
  String detail;

  /** Whether there are more levels than an array may have. */
  boolean tooDeep;

  private final int[] elements = new int[ArrayElements.MAX_DIMENSIONS];
  private final int[] lastElements = new int[ArrayElements.MAX_DIMENSIONS];
  private State state;
  private int level;

  /** Looks at a literal from its first brace on; false when it is malformed. */
  boolean count(byte[] text, int begin, int end) {
    Arrays.fill(lengths, 0);
    Arrays.fill(elements, 1);
    Arrays.fill(lastElements, 0);
    dimensions = 1;
    detail = null;
    tooDeep = false;
    state = State.NO_LEVEL;
    level = 0;
    boolean empty = true;
    int i = begin;
    do {
      empty &= state != State.ELEMENT_STARTED && state != State.QUOTED_STARTED;
      if (i == end) {
        return bad("Unexpected end of input.");
      }
      int c = text[i++];
      boolean quoted = state == State.QUOTED_STARTED;
      boolean good = true;
      if (c == '\\') {
        good = beginElement(quoted, "Unexpected \"\\\" character.");
        if (good && i++ == end) {
          return bad("Unexpected end of input.");
        }
      } else if (c == '"') {
        good = quote();
      } else if (quoted) {
        continue;
      } else if (c == '{') {
        good = open();
      } else if (c == '}') {
        good = close();
      } else if (c == ',') {
        good = delimit();
      } else if (!Ascii.isSpace(c)) {
        good = beginElement(false, "Unexpected array element.");
      }
      if (!good) {
        return false;
      }
    } while (level > 0);
    lengths[dimensions - 1]++;
    if (Ascii.skipSpaces(text, i, end) < end) {
      return bad("Junk after closing right brace.");
    }
    if (empty) {
      dimensions = 0;
    }
    return true;
  }

  private boolean bad(String what) {
    detail = what;
    return false;
  }

  private boolean beginElement(boolean quoted, String complaint) {
    if (quoted) {
      return true;
    }
    if (state != State.LEVEL_STARTED
        && state != State.ELEMENT_STARTED
        && state != State.ELEMENT_DELIMITED) {
      return bad(complaint);
    }
    state = State.ELEMENT_STARTED;
    return true;
  }

  private boolean quote() {
    if (state == State.QUOTED_STARTED) {
      state = State.QUOTED_COMPLETED;
      return true;
    }
    if (state != State.LEVEL_STARTED && state != State.ELEMENT_DELIMITED) {
      return bad("Unexpected array element.");
    }
    state = State.QUOTED_STARTED;
    return true;
  }

  private boolean open() {
    if (state != State.NO_LEVEL && state != State.LEVEL_STARTED && state != State.LEVEL_DELIMITED) {
      return bad("Unexpected \"{\" character.");
    }
    if (level == ArrayElements.MAX_DIMENSIONS) {
      tooDeep = true;
      return false;
    }
    state = State.LEVEL_STARTED;
    lengths[level++] = 0;
    dimensions = Math.max(dimensions, level);
    return true;
  }

  private boolean close() {
    boolean emptyArray = level == 1 && state == State.LEVEL_STARTED;
    if (!endsElement() && !emptyArray) {
      return bad("Unexpected \"}\" character.");
    }
    state = State.LEVEL_COMPLETED;
    level--;
    if (lastElements[level] != 0 && elements[level] != lastElements[level]) {
      return bad("Multidimensional arrays must have sub-arrays with matching dimensions.");
    }
    lastElements[level] = elements[level];
    elements[level] = 1;
    if (level > 0) {
      lengths[level - 1]++;
    }
    return true;
  }

  private boolean delimit() {
    if (!endsElement()) {
      return bad("Unexpected \",\" character.");
    }
    state = state == State.LEVEL_COMPLETED ? State.LEVEL_DELIMITED : State.ELEMENT_DELIMITED;
    elements[level - 1]++;
    lengths[dimensions - 1]++;
    return true;
  }

  private boolean endsElement() {
    return state == State.ELEMENT_STARTED
        || state == State.QUOTED_COMPLETED
        || state == State.LEVEL_COMPLETED;
  }
}
