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

  /** Each key with its closing quote and colon, as words; null where it must be searched for. */
  private long[][] keyWords;

  private long[] keyMasks;

  /** Index into {@link #keys}, by hash; -1 is none. */
  private int[] slots;

  /** Which key came as the n-th the last time. */
  private int[] expected;

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
    List<byte[]> texts = new ArrayList<>();
    byKey.keySet().forEach(key -> texts.add(key.getBytes(StandardCharsets.UTF_8)));
    keys = texts.toArray(new byte[0][]);
    children = byKey.values().toArray(new PathNode[0]);
    keyWords = new long[keys.length][];
    keyMasks = new long[keys.length];
    for (int k = 0; k < keys.length; k++) {
      if (isPlain(keys[k])) {
        byte[] written = Arrays.copyOf(keys[k], keys[k].length + 2);
        written[keys[k].length] = '"';
        written[keys[k].length + 1] = ':';
        keyWords[k] = JsonStrings.words(written);
        keyMasks[k] = JsonStrings.lastMask(written.length);
      }
    }
    expected = new int[2 * keys.length + 2];
    Arrays.fill(expected, -1);
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
    int guess = expected[Math.min(member, expected.length - 1)];
    if (guess < 0
        || keyWords[guess] == null
        || end - at < keys[guess].length + 2
        || !JsonStrings.startsWith(b, at, keyWords[guess], keyMasks[guess])) {
      return null;
    }
    expectedEnd = at + keys[guess].length + 2;
    return children[guess];
  }

  /** Whether the value may have something inside it that a column wants. */
  boolean goesOn() {
    return hasKeys || elements.length > 0;
  }

  /**
   * The child of a key, or null.
   *
   * @param member how many members came before it
   */
  PathNode find(byte[] b, int begin, int end, int member) {
    int place = member < expected.length ? member : expected.length - 1;
    int guess = expected[place];
    if (guess >= 0 && Arrays.equals(keys[guess], 0, keys[guess].length, b, begin, end)) {
      return children[guess];
    }
    int found = ignoreCase ? search(folded(b, begin, end)) : search(b, begin, end);
    if (found < 0) {
      return null;
    }
    expected[place] = found;
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
