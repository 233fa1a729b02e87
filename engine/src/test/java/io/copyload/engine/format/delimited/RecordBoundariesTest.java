package io.copyload.engine.format.delimited;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.format.RedshiftRules;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordBoundariesTest {
  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  private static DelimitedSpec spec(Style style, int escape, EndMarker endMarker) {
    boolean csv = style == Style.POSTGRES_CSV || style == Style.REDSHIFT_CSV;
    return new DelimitedSpec(
        style,
        (byte) ',',
        csv ? '"' : -1,
        escape,
        "",
        false,
        false,
        null,
        Header.NONE,
        0,
        false,
        endMarker);
  }

  private static DelimitedSpec longDelimiter(Random random) {
    String[] delimiters = {",,", ",a", "aaa", ", ", ",b,b,c", "abacabadaba", "\u00e9,"};
    String delimiter = delimiters[random.nextInt(delimiters.length)];
    return new DelimitedSpec(
        Style.REDSHIFT_CSV,
        delimiter.getBytes(StandardCharsets.UTF_8)[0],
        '"',
        '"',
        "",
        false,
        false,
        null,
        Header.NONE,
        0,
        false,
        EndMarker.NONE,
        new RedshiftRules(delimiter, false, false, false, false, false));
  }

  private static RecordBoundaries boundaries(Random random) {
    NewlineStyle[] newlines = {
      NewlineStyle.LF, NewlineStyle.CR, NewlineStyle.CRLF, NewlineStyle.ANY
    };
    NewlineStyle newline = newlines[random.nextInt(4)];
    return switch (random.nextInt(10)) {
      case 0 -> new RecordBoundaries(spec(Style.POSTGRES_CSV, '"', EndMarker.NONE), newline);
      case 1 -> new RecordBoundaries(spec(Style.POSTGRES_CSV, '\\', EndMarker.NONE), newline);
      case 2 -> new RecordBoundaries(spec(Style.POSTGRES_CSV, '"', EndMarker.WHOLE_LINE), newline);
      case 3 -> new RecordBoundaries(spec(Style.POSTGRES_TEXT, '\\', EndMarker.STRICT), newline);
      case 4 -> new RecordBoundaries(spec(Style.POSTGRES_TEXT, '\\', EndMarker.ANYWHERE), newline);
      case 5 -> new RecordBoundaries(spec(Style.POSTGRES_CSV, '\\', EndMarker.WHOLE_LINE), newline);
      case 6 ->
          new RecordBoundaries(
              spec(Style.REDSHIFT_CSV, '"', EndMarker.NONE), NewlineStyle.LF_OR_CRLF);
      case 7 ->
          new RecordBoundaries(
              spec(Style.REDSHIFT_TEXT, '\\', EndMarker.NONE), NewlineStyle.LF_OR_CRLF);
      case 8 -> new RecordBoundaries(longDelimiter(random), NewlineStyle.LF_OR_CRLF);
      default ->
          new RecordBoundaries(
              spec(Style.REDSHIFT_TEXT, -1, EndMarker.NONE), NewlineStyle.LF_OR_CRLF);
    };
  }

  private static byte[] bytes(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(200);
    int calm = 1 + random.nextInt(40);
    while (text.length() < length) {
      switch (random.nextInt(calm + 11)) {
        case 0 -> text.append('"');
        case 1 -> text.append('\\');
        case 2 -> text.append("\\.\n");
        case 3 -> text.append('\n');
        case 4 -> text.append('\r');
        case 5 -> text.append("\r\n");
        case 6 -> text.append(',');
        case 7 -> text.append("     ");
        case 8 -> text.append("abacabadaba", 0, random.nextInt(12));
        case 9 -> text.append(",b,b,c");
        default -> text.append((char) ('a' + random.nextInt(100)));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void mapsOfBlocksAreWhatTheirBytesDoOneByOne() {
    for (int round = 0; round < 20_000; round++) {
      long seed = baseSeed + round;
      Random random = new Random(seed);
      RecordBoundaries boundaries = boundaries(random);
      byte[] bytes = bytes(random);
      int begin = random.nextInt(bytes.length + 1);
      // A state that can be reached, and one at which a record begins.
      int before = boundaries.run(bytes, 0, begin, RecordBoundaries.START);
      int end = begin + random.nextInt(bytes.length - begin + 1);
      long map = boundaries.scan(bytes, begin, end);
      String message = "-Dcopyload.seed=" + seed;
      assertEquals(
          boundaries.run(bytes, begin, end, before), RecordBoundaries.apply(map, before), message);
      assertEquals(
          boundaries.run(bytes, begin, end, RecordBoundaries.START),
          RecordBoundaries.apply(map, RecordBoundaries.START),
          message);
      assertEquals(
          lastStart(boundaries, bytes, begin, end),
          boundaries.lastStart(bytes, begin, end),
          message);
    }
  }

  private static int lastStart(RecordBoundaries boundaries, byte[] bytes, int begin, int end) {
    int state = RecordBoundaries.START;
    int last = begin;
    for (int i = begin; i < end; i++) {
      state = boundaries.run(bytes, i, i + 1, state);
      boolean begins =
          boundaries.newline() == NewlineStyle.ANY
                  && i + 1 < end
                  && bytes[i] == '\r'
                  && bytes[i + 1] != '\n'
              ? boundaries.firstStart(bytes, i + 1, end, state) == i + 1
              : state == RecordBoundaries.START;
      if (begins) {
        last = i + 1;
      } else if (state == RecordBoundaries.ENDED) {
        return ~(i + 1);
      }
    }
    return last;
  }
}
