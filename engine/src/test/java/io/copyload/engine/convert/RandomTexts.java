package io.copyload.engine.convert;

import java.util.SplittableRandom;

/**
 * Random texts for tests; the seed comes from {@code -Dcopyload.seed} or the clock, and is printed.
 */
final class RandomTexts {
  final long seed;
  final SplittableRandom random;

  RandomTexts(Class<?> test) {
    seed = Long.getLong("copyload.seed", System.nanoTime());
    random = new SplittableRandom(seed);
    System.out.println(test.getSimpleName() + ": -Dcopyload.seed=" + seed);
  }

  /** Characters of {@code alphabet}, 0 to {@code maxLength}. */
  String of(String alphabet, int maxLength) {
    int length = random.nextInt(maxLength + 1);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** A text of the list with a few characters changed, removed or doubled. */
  String damaged(String text, String alphabet) {
    StringBuilder result = new StringBuilder(text);
    for (int changes = random.nextInt(3); changes > 0 && result.length() > 0; changes--) {
      int at = random.nextInt(result.length());
      switch (random.nextInt(3)) {
        case 0 -> result.deleteCharAt(at);
        case 1 -> result.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
        default -> result.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
      }
    }
    return result.toString();
  }

  String digits(int count) {
    return fixed("0123456789", count);
  }

  String fixed(String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
