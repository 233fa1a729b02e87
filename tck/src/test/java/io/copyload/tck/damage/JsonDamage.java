package io.copyload.tck.damage;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Damages JSON by tokens as well as by bytes. */
final class JsonDamage {
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00\\ud800",
    "\\u0000",
    "\\/",
    "null",
    "true",
    "nul",
    "TRUE",
    "NaN",
    "Infinity",
    "-",
    "0",
    "01",
    "1.",
    ".5",
    "1e",
    "1e99999999",
    "-1E-999999999",
    "9223372036854775808",
    "123456789012345678901234567890123456789012345",
    "\n",
    "\r",
    "\t",
    " ",
    "\u0000",
    "\u00ff",
    "\ud83d\ude00",
    "//x\n",
    "/*x*/",
    "'a'",
    "{}",
    "[]",
    "\"\"",
    "\"a\":1",
    ",\"id\":2",
    "{\"a\":{\"a\":{\"a\":",
    "[[[[[[[[[[[[",
    "]]]]]]]]",
    "}}}}}}",
    "\ufeff",
    "\"record\"",
    "\"fields\"",
    "\"type\"",
    "\"name\"",
    "\"union\"",
    "\"bytes\"",
    "\"array\"",
    "\"logicalType\":\"decimal\",\"precision\":-1",
    "\"fixed\",\"size\":-1",
    "\"size\":2147483647",
    "\"logicalType\":\"duration\"",
    "[\"null\",\"null\"]",
    "\"r\"",
    "\"map\""
  };

  private JsonDamage() {}

  static byte[] of(byte[] good, Random random) {
    byte[] out = good;
    for (int i = random.nextInt(3); i >= 0; i--) {
      out = once(out, random);
    }
    return out;
  }

  private static byte[] once(byte[] text, Random random) {
    if (text.length == 0) {
      return token(random);
    }
    int at = random.nextInt(text.length);
    return switch (random.nextInt(10)) {
      case 0 -> Damage.bytes(text.clone(), 0, text.length, random);
      case 1 -> Damage.moved(text, random);
      case 2, 3 -> Damage.splice(text, at, 0, token(random));
      case 4 -> Damage.splice(text, at, Math.min(text.length - at, 1), token(random));
      case 5 -> {
        int quote = next(text, at, '"');
        yield Damage.splice(text, quote, Math.min(1, text.length - quote), token(random));
      }
      case 6 -> {
        // A value in the place of another.
        int colon = next(text, at, ':');
        int end = next(text, Math.min(text.length, colon + 1), ',');
        yield colon >= end
            ? Damage.splice(text, at, 0, token(random))
            : Damage.splice(text, colon + 1, end - colon - 1, token(random));
      }
      case 7 -> {
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        int depth = 1 << random.nextInt(13);
        String deep = open.repeat(depth);
        if (random.nextBoolean()) {
          deep += "1" + (open.equals("[") ? "]" : "}").repeat(depth);
        }
        yield Damage.splice(text, at, 0, deep.getBytes(StandardCharsets.UTF_8));
      }
      case 8 -> {
        String many = TOKENS[random.nextInt(TOKENS.length)].repeat(1 + random.nextInt(300));
        yield Damage.splice(text, at, 0, many.getBytes(StandardCharsets.UTF_8));
      }
      default -> {
        int bracket = next(text, at, random.nextBoolean() ? '}' : ']');
        yield Damage.splice(text, bracket, Math.min(1, text.length - bracket), new byte[0]);
      }
    };
  }

  private static byte[] token(Random random) {
    return TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
  }

  private static int next(byte[] text, int from, int wanted) {
    for (int i = from; i < text.length; i++) {
      if (text[i] == wanted) {
        return i;
      }
    }
    return text.length;
  }
}
