package io.copyload.engine.source.manifest;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Redshift's list of the files of a COPY: {@code {"entries": [{"url": "s3://bucket/key",
 * "mandatory": true, "meta": {"content_length": 99}}, ...]}}. Other keys mean nothing.
 *
 * <p>Only the text is kept; entries are read from it one by one.
 */
public final class Manifest {
  private static final long MIN_BYTES = 1 << 20;
  private static final long MAX_BYTES = 64 << 20;
  private static final char REPLACEMENT = '\uFFFD';

  private final String name;
  private final String text;
  private final int entriesBegin;
  private int count;

  /**
   * One file.
   *
   * @param mandatory the COPY fails when it does not exist
   * @param contentLength its size in bytes, -1 when not given
   */
  public record Entry(String url, boolean mandatory, long contentLength) {}

  private Manifest(String name, String text) {
    this.name = name;
    this.text = text;
    entriesBegin = check();
  }

  /**
   * Reads and checks a manifest.
   *
   * @param name for messages
   * @param sized every entry must tell the size of its file
   * @throws CopyException BAD_COPY_FILE_FORMAT, with the byte where the text is wrong
   */
  public static Manifest of(String name, byte[] bytes, boolean sized) {
    try {
      Manifest manifest = new Manifest(name, decoded(bytes));
      if (sized) {
        manifest.checkSizes();
      }
      return manifest;
    } catch (CharacterCodingException e) {
      throw broken(name, "it is not UTF-8", e);
    }
  }

  /** The text, which takes as much memory as the bytes. */
  private static String decoded(byte[] bytes) throws CharacterCodingException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      // Where the bytes do not have this very character, they are no UTF-8.
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    }
    return text;
  }

  /**
   * The largest manifest that is read.
   *
   * @param memoryBytes that a load may use
   */
  public static long mostBytes(long memoryBytes) {
    return Math.max(MIN_BYTES, Math.min(MAX_BYTES, memoryBytes / 2));
  }

  private void checkSizes() {
    for (Iterator<Entry> entries = entries(); entries.hasNext(); ) {
      Entry entry = entries.next();
      if (entry.contentLength() < 0) {
        throw broken(
            name,
            "meta.content_length of \""
                + entry.url()
                + "\" is missing, which columnar formats need",
            null);
      }
    }
  }

  /** Number of entries. */
  public int count() {
    return count;
  }

  /** The entries in their order; one that is listed twice comes twice. */
  public Iterator<Entry> entries() {
    JsonText json = new JsonText(text, entriesBegin);
    return new Iterator<>() {
      private boolean first = true;
      private int left = count;

      @Override
      public boolean hasNext() {
        return left > 0;
      }

      @Override
      public Entry next() {
        if (left-- <= 0) {
          throw new NoSuchElementException();
        }
        if (!first) {
          json.expect(',');
        }
        first = false;
        return entry(json);
      }
    };
  }

  /** Goes through the whole text; returns where the first entry begins. */
  private int check() {
    JsonText json = new JsonText(text, 0);
    int begin = -1;
    try {
      json.expect('{');
      for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
        String key = json.string();
        json.expect(':');
        if (key.equals("entries")) {
          if (begin >= 0) {
            throw json.wrong("\"entries\" appears twice");
          }
          json.expect('[');
          begin = json.position();
          for (boolean next = !json.accept(']'); next; next = json.moreInArray()) {
            entry(json);
            count++;
          }
        } else {
          json.skipValue();
        }
      }
      json.expectEnd();
      if (begin < 0) {
        throw json.wrong("\"entries\" is missing");
      }
      return begin;
    } catch (JsonText.Wrong e) {
      throw broken(name, e.getMessage(), e);
    }
  }

  private static Entry entry(JsonText json) {
    String url = null;
    boolean mandatory = false;
    long contentLength = -1;
    json.expect('{');
    for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
      String key = json.string();
      json.expect(':');
      switch (key) {
        case "url" -> url = json.string();
        case "mandatory" -> mandatory = json.bool();
        case "meta" -> contentLength = contentLength(json);
        default -> json.skipValue();
      }
    }
    if (url == null || url.isEmpty()) {
      throw json.wrong("\"url\" is missing in the entry before");
    }
    return new Entry(url, mandatory, contentLength);
  }

  private static long contentLength(JsonText json) {
    long contentLength = -1;
    json.expect('{');
    for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
      String key = json.string();
      json.expect(':');
      if (key.equals("content_length")) {
        contentLength = json.count();
      } else {
        json.skipValue();
      }
    }
    return contentLength;
  }

  private static CopyException broken(String name, String why, Exception e) {
    return new CopyException(
        CopyErrorCode.BAD_COPY_FILE_FORMAT,
        "manifest \"" + name + "\" cannot be read: " + why,
        null,
        "A manifest is {\"entries\": [{\"url\": \"s3://bucket/key\", \"mandatory\": true}, ...]}.",
        null,
        0,
        e);
  }

  /** The failure of a load of which no file exists. */
  public CopyException nothingExists() {
    return new CopyException(
        CopyErrorCode.OBJECT_MISSING,
        "none of the " + count + " files in manifest \"" + name + "\" exists");
  }

  /** The failure of an entry that names no file. */
  public CopyException notAFile(String url, String expected) {
    return new CopyException(
        CopyErrorCode.BAD_COPY_FILE_FORMAT,
        "manifest \"" + name + "\" names \"" + url + "\", which is not " + expected);
  }

  /** The failure of a file whose size is not the one that its entry says. */
  public static CopyException otherSize(String object, long size, long contentLength) {
    return new CopyException(
        CopyErrorCode.BAD_COPY_FILE_FORMAT,
        "\""
            + object
            + "\" has "
            + size
            + " bytes, but the manifest says content_length "
            + contentLength,
        null,
        "Write the manifest anew, or leave meta out.",
        null,
        0,
        null);
  }
}
