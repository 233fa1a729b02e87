package org.h2.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of statements that H2 must not write into its trace file, as it does with everything that
 * is executed while the trace is detailed. H2 gets another text, from which the connection finds
 * the true one when it prepares the command.
 *
 * <p>Threads: any.
 */
final class HiddenTexts {
  private static final Pattern FIRST_WORD = Pattern.compile("\\s*([A-Za-z]+)");

  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /**
   * A text that stands for {@code sql} until {@link #forget}: its first word and a number. A secret
   * may stand anywhere, even without quotes where they were forgotten.
   */
  String hide(String sql) {
    Matcher word = FIRST_WORD.matcher(sql);
    String shown =
        (word.lookingAt() ? word.group(1) : "") + " *** /* " + numbers.incrementAndGet() + " */";
    texts.put(shown, sql);
    return shown;
  }

  /** The true text; the same text when it stands for no other. */
  String reveal(String shown) {
    return texts.isEmpty() ? shown : texts.getOrDefault(shown, shown);
  }

  void forget(String shown) {
    texts.remove(shown);
  }
}
