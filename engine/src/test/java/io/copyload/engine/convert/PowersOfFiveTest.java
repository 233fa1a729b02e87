package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** Agrees with Double.parseDouble, most of all where rounding is close. */
class PowersOfFiveTest {
  private final RandomTexts random = new RandomTexts(PowersOfFiveTest.class);

  private boolean check(long digits, int power) {
    long bits = PowersOfFive.toDoubleBits(digits, power);
    if (bits == PowersOfFive.UNDECIDED) {
      return false;
    }
    String text = Long.toUnsignedString(digits) + "e" + power;
    assertEquals(Double.parseDouble(text), Double.longBitsToDouble(bits), text);
    return true;
  }

  @Test
  void randomDigitsAndPowers() {
    int decided = 0;
    for (int i = 0; i < 300_000; i++) {
      long digits = (random.random.nextLong() >>> random.random.nextInt(64)) | 1;
      decided += check(digits, random.random.nextInt(-400, 400)) ? 1 : 0;
      decided += check(digits, random.random.nextInt(-30, 30)) ? 1 : 0;
    }
    assertTrue(decided > 400_000, "decided: " + decided);
  }

  @Test
  void middlesOfTwoDoubles() {
    int decided = 0;
    for (int i = 0; i < 50_000; i++) {
      double low = Math.scalb(1 + random.random.nextDouble(), random.random.nextInt(-80, 80));
      BigDecimal middle =
          new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.valueOf(2));
      BigDecimal cut = middle.round(new MathContext(19));
      BigInteger digits = cut.unscaledValue();
      for (int beside = -1; beside <= 1; beside++) {
        BigInteger near = digits.add(BigInteger.valueOf(beside));
        if (near.bitLength() <= 64) {
          decided += check(near.longValue(), -cut.scale()) ? 1 : 0;
        }
      }
    }
    // Exact ties that fit: odd multiples of a half beyond 2^53.
    for (int i = 0; i < 50_000; i++) {
      long digits = (1L << 53) + (random.random.nextLong() >>> 11 & ((1L << 52) - 1)) * 2 + 1;
      decided += check(digits, 0) ? 1 : 0;
    }
    assertTrue(decided > 100_000, "decided: " + decided);
  }
}
