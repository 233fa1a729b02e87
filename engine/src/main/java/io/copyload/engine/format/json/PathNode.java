package io.copyload.engine.format.json;

import io.copyload.engine.format.JsonSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A place in a document that some column wants to know about: the value itself, or what is in it.
 * All paths together are one tree, so that a document is walked once.
 *
 * <p>Threads: one owner; it learns the order in which keys come.
 */
final class PathNode {
  private static final int[] NONE = {};

  /** Columns that this value fills. */
  int[] columns = NONE;

  /** Columns that this value or one inside it fills. */
  int[] below = NONE;

  /** Children by the index of an element; null where there is none. */
  PathNode[] elements = {};

  /** Whether there are children by index. */
  boolean hasElements;

  /** Whether there are children by key. */
  boolean hasKeys;

  private final boolean ignoreCase;
  private final Map<String, PathNode> byKey = new LinkedHashMap<>();

  /** Behind the colon of the key that {@link #expected} found. */
  int expectedEnd;

  /** The last document that had the value; what it is worth is up to the reader. */
  long seenIn;

  private byte[][] keys;
  private PathNode[] children;

  /** Index into {@link #keys}, by hash; -1 is none. */
  private int[] slots;

  /** Whose key came as the n-th the last time. */
  private PathNode[] expected;

  /**
   * The key of this node with its closing quote and a colon: the first two words, what of them
   * counts, and the rest. The length is 0 where the key must be searched for.
   */
  private long head;

  private long headMask;
  private long tail;
  private long tailMask;
  private long[] rest;
  private long restMask;
  private int written;

  private PathNode(boolean ignoreCase) {
    this.ignoreCase = ignoreCase;
  }

  /**
   * The tree of a spec.
   *
   * @param names of the columns
   */
  static PathNode of(JsonSpec spec, List<String> names) {
    PathNode root = new PathNode(spec.mapping() == JsonSpec.Mapping.AUTO_IGNORECASE);
    for (int f = 0; f < names.size(); f++) {
      JsonPath path =
          switch (spec.mapping()) {
            case AUTO, AUTO_IGNORECASE ->
                new JsonPath(List.of(new JsonPath.Step(names.get(f), -1)));
            case NOSHRED -> new JsonPath(List.of());
            case PATHS -> spec.paths().get(f);
          };
      PathNode node = root;
      for (JsonPath.Step step : path.steps()) {
        node.below = with(node.below, f);
        node = node.child(step);
      }
      node.below = with(node.below, f);
      node.columns = with(node.columns, f);
    }
    root.prepare();
    return root;
  }

  private static int[] with(int[] columns, int column) {
    int[] more = Arrays.copyOf(columns, columns.length + 1);
    more[columns.length] = column;
    return more;
  }

  private PathNode child(JsonPath.Step step) {
    if (step.key() != null) {
      String key = ignoreCase ? step.key().toLowerCase(Locale.ROOT) : step.key();
      return byKey.computeIfAbsent(key, k -> new PathNode(ignoreCase));
    }
    if (step.index() >= elements.length) {
      elements = Arrays.copyOf(elements, step.index() + 1);
    }
    if (elements[step.index()] == null) {
      elements[step.index()] = new PathNode(ignoreCase);
    }
    return elements[step.index()];
  }

  private void prepare() {
    hasKeys = !byKey.isEmpty();
    hasElements = elements.length > 0;
    List<byte[]> texts = new ArrayList<>();
    byKey.keySet().forEach(key -> texts.add(key.getBytes(StandardCharsets.UTF_8)));
    keys = texts.toArray(new byte[0][]);
    children = byKey.values().toArray(new PathNode[0]);
    for (int k = 0; k < keys.length; k++) {
      if (isPlain(keys[k])) {
        children[k].writeKey(keys[k]);
      }
    }
    expected = new PathNode[2 * keys.length + 2];
    slots = new int[Integer.highestOneBit(2 * keys.length + 1) * 2];
    Arrays.fill(slots, -1);
    for (int k = 0; k < keys.length; k++) {
      int slot = hash(keys[k], 0, keys[k].length) & slots.length - 1;
      while (slots[slot] >= 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = k;
    }
    for (PathNode child : children) {
      child.prepare();
    }
    for (PathNode element : elements) {
      if (element != null) {
        element.prepare();
      }
    }
  }

  /** Whether a key is written as it is, in ASCII. */
  private static boolean isPlain(byte[] key) {
    for (byte c : key) {
      if (c < ' ' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /**
   * The child whose key, with its closing quote and a colon, stands at {@code at} if it is the one
   * that came there the last time; else null, whatever stands there. Eight bytes follow {@code
   * end}.
   */
  PathNode expected(byte[] b, int at, int end, int member) {
    PathNode child = expected[Math.min(member, expected.length - 1)];
    if (child == null
        || child.written == 0
        || end - at < Math.max(child.written, 2 * Long.BYTES)
        || (JsonStrings.word(b, at) & child.headMask) != child.head
        || (JsonStrings.word(b, at + Long.BYTES) & child.tailMask) != child.tail) {
      return null;
    }
    if (child.rest.length > 0
        && !JsonStrings.startsWith(b, at + 2 * Long.BYTES, child.rest, child.restMask)) {
      return null;
    }
    expectedEnd = at + child.written;
    return child;
  }

  private void writeKey(byte[] key) {
    byte[] text = Arrays.copyOf(key, key.length + 2);
    text[key.length] = '"';
    text[key.length + 1] = ':';
    long[] words = JsonStrings.words(text);
    written = text.length;
    head = words[0];
    headMask = JsonStrings.mask(written);
    tail = words.length > 1 ? words[1] : 0;
    tailMask = JsonStrings.mask(written - Long.BYTES);
    rest = words.length > 2 ? Arrays.copyOfRange(words, 2, words.length) : new long[0];
    restMask = JsonStrings.mask(written - Long.BYTES * (words.length - 1));
  }

  /** Whether the value may have something inside it that a column wants. */
  boolean goesOn() {
    return hasKeys || hasElements;
  }

  /**
   * The child of a key, or null.
   *
   * @param member how many members came before it
   */
  PathNode find(byte[] b, int begin, int end, int member) {
    int place = member < expected.length ? member : expected.length - 1;
    int found = ignoreCase ? search(folded(b, begin, end)) : search(b, begin, end);
    if (found < 0) {
      return null;
    }
    expected[place] = children[found];
    return children[found];
  }

  private int search(byte[] key) {
    return search(key, 0, key.length);
  }

  private int search(byte[] b, int begin, int end) {
    int slot = hash(b, begin, end) & slots.length - 1;
    while (slots[slot] >= 0) {
      byte[] key = keys[slots[slot]];
      if (Arrays.equals(key, 0, key.length, b, begin, end)) {
        return slots[slot];
      }
      slot = slot + 1 & slots.length - 1;
    }
    return -1;
  }

  private static byte[] folded(byte[] b, int begin, int end) {
    byte[] key = Arrays.copyOfRange(b, begin, end);
    for (int i = 0; i < key.length; i++) {
      if (key[i] < 0) {
        return new String(key, StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT)
            .getBytes(StandardCharsets.UTF_8);
      }
      if (key[i] >= 'A' && key[i] <= 'Z') {
        key[i] |= 0x20;
      }
    }
    return key;
  }

  private static int hash(byte[] b, int begin, int end) {
    int h = end - begin;
    for (int i = begin; i < end; i++) {
      h = 31 * h + b[i];
    }
    return h ^ h >>> 15;
  }
}
