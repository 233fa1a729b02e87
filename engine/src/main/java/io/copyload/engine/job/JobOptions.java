package io.copyload.engine.job;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Sources;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a job's WITH list says. The defaults do as Redshift does: the name of an object is its
 * identity, so what is written later under a loaded name is not loaded, and a copy under a new name
 * is.
 *
 * @param onChanged a loaded object's name has other content now
 * @param onGrown its content begins as it did and is longer now
 * @param onRenamed a new name has content that was loaded under another one
 * @param order of objects in and between batches
 * @param orderedKeys whether new names always come behind all others, so that nothing else need be
 *     listed
 * @param batchFiles most objects of one COPY
 * @param batchBytes most stored bytes of one COPY that has several objects
 * @param retries failures of an object after which it is in quarantine, less one
 * @param retrySeconds wait after the first failure; each further one doubles it
 * @param pollSeconds between listings; 0 is what the connection says
 * @param queue address of the SQS queue with the bucket's events, or empty
 */
public record JobOptions(
    Content onChanged,
    Content onGrown,
    Content onRenamed,
    Order order,
    boolean orderedKeys,
    int batchFiles,
    long batchBytes,
    int retries,
    int retrySeconds,
    int pollSeconds,
    String queue) {
  /** What is done with content that is new in one way and known in another. */
  public enum Content {
    SKIP,
    LOAD,
    /** Only what is behind the known part. */
    APPEND
  }

  /** The order in which objects are loaded. */
  public enum Order {
    KEY,
    TIME
  }

  /** No WITH list. */
  public static final JobOptions NONE =
      new JobOptions(
          Content.SKIP, Content.SKIP, Content.LOAD, Order.KEY, false, 1000, 1L << 30, 5, 30, 0, "");

  private static final int MAX_BATCH_FILES = 100_000;
  private static final long MAX_BATCH_BYTES = 1L << 50;
  private static final int MAX_RETRIES = 1000;
  private static final int MAX_SECONDS = 30 * 86_400;

  /** The options by name, as they are kept and shown. */
  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("on_changed", onChanged.name().toLowerCase(Locale.ROOT));
    values.put("on_grown", onGrown.name().toLowerCase(Locale.ROOT));
    values.put("on_renamed", onRenamed.name().toLowerCase(Locale.ROOT));
    values.put("order_by", order.name().toLowerCase(Locale.ROOT));
    values.put("ordered_keys", Boolean.toString(orderedKeys));
    values.put("batch_files", Integer.toString(batchFiles));
    values.put("batch_bytes", Long.toString(batchBytes));
    values.put("retries", Integer.toString(retries));
    values.put("retry_seconds", Integer.toString(retrySeconds));
    values.put("poll_seconds", Integer.toString(pollSeconds));
    values.put("queue", queue);
    return values;
  }

  /** The options as a WITH list has them. */
  public String text() {
    List<String> parts = new ArrayList<>();
    values().forEach((name, value) -> parts.add(name + " '" + value.replace("'", "''") + "'"));
    return String.join(", ", parts);
  }

  /**
   * The same with another value of one option.
   *
   * @param name in any case
   * @param value as text
   * @throws CopyException INVALID_PARAMETER_VALUE that names the option and what it takes
   */
  public JobOptions with(String name, String value) {
    String key = name.toLowerCase(Locale.ROOT);
    Map<String, String> values = values();
    if (!values.containsKey(key)) {
      throw new CopyException(
              CopyErrorCode.INVALID_PARAMETER_VALUE, "COPY JOB has no option \"" + key + "\"")
          .withHint("Options are " + String.join(", ", values.keySet()) + ".");
    }
    String text = value.strip();
    return switch (key) {
      case "on_changed" -> copy(key, text, content(key, text, false), null, null);
      case "on_grown" -> copy(key, text, null, content(key, text, true), null);
      case "on_renamed" -> copy(key, text, null, null, content(key, text, false));
      default -> copy(key, text, null, null, null);
    };
  }

  private JobOptions copy(
      String key, String text, Content changed, Content grown, Content renamed) {
    return new JobOptions(
        changed == null ? onChanged : changed,
        grown == null ? onGrown : grown,
        renamed == null ? onRenamed : renamed,
        key.equals("order_by") ? order(text) : order,
        key.equals("ordered_keys") ? bool(key, text) : orderedKeys,
        key.equals("batch_files") ? (int) number(key, text, 1, MAX_BATCH_FILES) : batchFiles,
        key.equals("batch_bytes") ? number(key, text, 1, MAX_BATCH_BYTES) : batchBytes,
        key.equals("retries") ? (int) number(key, text, 0, MAX_RETRIES) : retries,
        key.equals("retry_seconds") ? (int) number(key, text, 0, MAX_SECONDS) : retrySeconds,
        key.equals("poll_seconds") ? (int) number(key, text, 0, MAX_SECONDS) : pollSeconds,
        key.equals("queue") ? queue(text) : queue);
  }

  private static Content content(String key, String text, boolean append) {
    for (Content one : Content.values()) {
      if (one.name().equalsIgnoreCase(text) && (append || one != Content.APPEND)) {
        return one;
      }
    }
    throw bad(key, text, append ? "skip, load or append" : "skip or load");
  }

  private static Order order(String text) {
    for (Order one : Order.values()) {
      if (one.name().equalsIgnoreCase(text)) {
        return one;
      }
    }
    throw bad("order_by", text, "key or time");
  }

  private static boolean bool(String key, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes" -> true;
      case "false", "off", "no" -> false;
      default -> throw bad(key, text, "true or false");
    };
  }

  private static long number(String key, String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(key, text, "a number from " + least + " to " + most);
    }
    throw bad(key, text, "a number from " + least + " to " + most);
  }

  private static String queue(String text) {
    if (text.isEmpty()) {
      return text;
    }
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getPath().length() > 1) {
        return text;
      }
    } catch (URISyntaxException e) {
      throw bad("queue", text, "the URL of an SQS queue");
    }
    throw bad("queue", text, "the URL of an SQS queue");
  }

  /**
   * Checks that a job can have them.
   *
   * @param location the job's
   * @throws CopyException FEATURE_NOT_SUPPORTED
   */
  void check(String location) {
    if (!queue.isEmpty() && !Sources.schemeOf(location).equals("s3")) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY JOB option queue is for locations in S3 only");
    }
  }

  private static CopyException bad(String key, String text, String expected) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value \"" + shown + "\" of COPY JOB option " + key + ": expected " + expected);
  }

  /** What {@link #text} has written. */
  public static JobOptions parse(String text) {
    JobOptions options = NONE;
    int at = 0;
    while (text != null && at < text.length()) {
      int open = text.indexOf(" '", at);
      String name = text.substring(at, open);
      StringBuilder value = new StringBuilder();
      int i = open + 2;
      while (text.charAt(i) != '\'' || i + 1 < text.length() && text.charAt(i + 1) == '\'') {
        value.append(text.charAt(i));
        i += text.charAt(i) == '\'' ? 2 : 1;
      }
      options = options.with(name, value.toString());
      at = i + 3;
    }
    return options;
  }
}
