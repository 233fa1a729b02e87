package io.copyload.engine.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.store.TargetType.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Binary data gives the same rows or the same error, however it is cut: those of a reader that
 * takes field after field.
 */
class PgBinaryLoadTest {
  private static final byte[] HEADER = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0".getBytes(ISO_8859_1);
  private static final Kind[] KINDS = {Kind.INTEGER, Kind.VARCHAR, Kind.BOOLEAN, Kind.BIGINT};
  private static final int[] UNIT_BYTES = {1, 16, 23, 64, 200, 1000, 1 << 20};
  private static final int ROUNDS = Integer.getInteger("copyload.rounds", 1500);

  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @Test
  void anyCutOfRandomTuplesGivesThePlainResult() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = baseSeed + round;
      try {
        check(new Random(seed), seed);
      } catch (Throwable e) {
        throw new AssertionError("-Dcopyload.seed=" + seed + " -Dcopyload.rounds=1", e);
      }
    }
  }

  private static void check(Random random, long seed) throws IOException {
    Kind[] kinds = new Kind[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(4)];
    Arrays.setAll(kinds, i -> KINDS[random.nextInt(KINDS.length)]);
    byte[] data = data(random, kinds);
    String expected = new PlainReader(data, kinds).read();
    for (int trial = 0; trial < 4; trial++) {
      int slices = trial == 0 ? 1 : 1 + random.nextInt(6);
      int unitBytes = UNIT_BYTES[random.nextInt(UNIT_BYTES.length)];
      int how = random.nextInt(4);
      byte[] stored = how == 3 ? gzip(data) : data;
      LoadPlan plan =
          new LoadPlan(
              "t",
              List.of(new StrangeObject("stdin", stored, how == 0 || how == 3, how != 2, seed)),
              LoadPlan.Compression.DETECT,
              new PgBinarySpec(),
              Loads.columns(kinds),
              Loads.conversion(Loads.TEXT),
              ErrorBudget.NONE,
              slices,
              64 << 20,
              unitBytes,
              1000);
      assertEquals(
          expected,
          run(plan),
          () -> slices + " slices, unit " + unitBytes + ", how " + how + ", " + hex(data));
    }
  }

  private static String hex(byte[] data) {
    return java.util.HexFormat.of().formatHex(data);
  }

  private static String run(LoadPlan plan) {
    CollectingSink sink = new CollectingSink();
    try {
      LoadOutcome outcome = LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress());
      assertEquals(outcome.loadedRows(), outcome.objects().get(0).lines());
      return String.join("\n", sink.rows());
    } catch (LoadFailedException e) {
      return e.decisive().reason().code().sqlState()
          + " "
          + e.decisive().message().replaceAll("(encoding \"UTF8\": ).*", "$1")
          + " "
          + ErrorContext.of("t", e.decisive());
    } catch (CopyException e) {
      return e.code().sqlState() + " " + e.getMessage() + " " + e.context();
    }
  }

  private static byte[] data(Random random, Kind[] kinds) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER);
    int rows = random.nextInt(4) == 0 ? random.nextInt(1200) : random.nextInt(20);
    for (int r = 0; r < rows; r++) {
      int count = random.nextInt(200) == 0 ? random.nextInt(6) - 2 : kinds.length;
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) count).array());
      for (int f = 0; f < count; f++) {
        byte[] value =
            random.nextInt(8) == 0
                ? null
                : value(random, kinds.length == 0 ? Kind.VARCHAR : kinds[f % kinds.length]);
        int length = value == null ? -1 : value.length;
        out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
        if (value != null) {
          out.writeBytes(value);
        }
      }
    }
    if (random.nextInt(3) > 0) {
      out.writeBytes(new byte[] {-1, -1});
    }
    if (random.nextInt(20) == 0) {
      out.writeBytes(new byte[1 + random.nextInt(3)]);
    }
    byte[] data = out.toByteArray();
    if (random.nextInt(4) == 0) {
      data = Arrays.copyOf(data, random.nextInt(data.length + 1));
    }
    if (random.nextInt(4) == 0 && data.length > 0) {
      data[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return data;
  }

  private static byte[] value(Random random, Kind kind) {
    if (random.nextInt(2000) == 0) {
      return new byte[random.nextInt(6)];
    }
    return switch (kind) {
      case INTEGER -> ByteBuffer.allocate(4).putInt(random.nextInt()).array();
      case BIGINT -> ByteBuffer.allocate(8).putLong(random.nextLong()).array();
      case BOOLEAN -> new byte[] {(byte) random.nextInt(3)};
      default -> "abc \u00e9\ud83d\ude00".repeat(random.nextInt(4)).getBytes(UTF_8);
    };
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  /** The format by the book. */
  private static final class PlainReader {
    private final ByteBuffer in;
    private final Kind[] kinds;
    private final List<String> rows = new ArrayList<>();

    PlainReader(byte[] data, Kind[] kinds) {
      in = ByteBuffer.wrap(data);
      this.kinds = kinds;
    }

    /** Ends the reading. */
    private static final class Refused extends Exception {
      private static final long serialVersionUID = 1L;

      Refused(String text) {
        super(text);
      }
    }

    String read() {
      try {
        header();
        while (tuple()) {
          // The rows collect what comes.
        }
        return String.join("\n", rows);
      } catch (Refused e) {
        return e.getMessage();
      }
    }

    private void header() throws Refused {
      byte[] signature = new byte[11];
      if (in.remaining() < 11) {
        throw new Refused("22P04 COPY file signature not recognized null");
      }
      in.get(signature);
      if (!Arrays.equals(signature, Arrays.copyOf(HEADER, 11))) {
        throw new Refused("22P04 COPY file signature not recognized null");
      }
      if (in.remaining() < 4) {
        throw new Refused("22P04 invalid COPY file header (missing flags) null");
      }
      int flags = in.getInt();
      if ((flags >> 16 & 1) == 1) {
        throw new Refused("22P04 invalid COPY file header (WITH OIDS) null");
      }
      if ((flags >> 17) != 0) {
        throw new Refused("22P04 unrecognized critical flags in COPY file header null");
      }
      int length = in.remaining() < 4 ? -1 : in.getInt();
      if (length < 0) {
        throw new Refused("22P04 invalid COPY file header (missing length) null");
      }
      if (length > in.remaining()) {
        throw new Refused("22P04 invalid COPY file header (wrong length) null");
      }
      in.position(in.position() + length);
    }

    private boolean tuple() throws Refused {
      String line = " COPY t, line " + (rows.size() + 1);
      if (in.remaining() < 2) {
        return false;
      }
      int count = in.getShort();
      if (count == -1) {
        if (in.hasRemaining()) {
          throw new Refused("22P04 received copy data after EOF marker" + line);
        }
        return false;
      }
      if (count != kinds.length) {
        throw new Refused(
            "22P04 row field count is " + count + ", expected " + kinds.length + line);
      }
      StringBuilder row = new StringBuilder();
      for (int f = 0; f < count; f++) {
        String place = line + ", column " + (char) ('a' + f);
        row.append(row.length() == 0 ? "" : "|");
        byte[] value = field(place);
        row.append(value == null ? "NULL" : text(value, kinds[f], place));
      }
      rows.add(row.toString());
      return true;
    }

    private byte[] field(String place) throws Refused {
      try {
        int length = in.getInt();
        if (length < -1) {
          throw new Refused("22P04 invalid field size" + place);
        }
        if (length == -1) {
          return null;
        }
        if (length >= 0x3fffffff) {
          throw new Refused(
              "54000 string buffer exceeds maximum allowed length (1073741823 bytes)" + place);
        }
        if (length > in.remaining()) {
          throw new BufferUnderflowException();
        }
        byte[] value = new byte[length];
        in.get(value);
        return value;
      } catch (BufferUnderflowException e) {
        throw new Refused("22P04 unexpected EOF in COPY data" + place);
      }
    }

    private static String text(byte[] value, Kind kind, String place) throws Refused {
      int width = kind == Kind.INTEGER ? 4 : kind == Kind.BIGINT ? 8 : 1;
      if (kind != Kind.VARCHAR && value.length != width) {
        throw new Refused(
            (value.length < width
                    ? "08P01 insufficient data left in message"
                    : "22P03 incorrect binary data format")
                + place);
      }
      ByteBuffer bytes = ByteBuffer.wrap(value);
      return switch (kind) {
        case INTEGER -> bytes.getInt() + " ";
        case BIGINT -> bytes.getLong() + " ";
        case BOOLEAN -> (bytes.get() != 0 ? 1 : 0) + " ";
        default -> "<" + checked(value, place) + ">";
      };
    }

    /** The bytes as the collecting sink shows them. */
    private static String checked(byte[] value, String place) throws Refused {
      String text = new String(value, ISO_8859_1);
      boolean good = text.indexOf('\0') < 0;
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      } catch (CharacterCodingException e) {
        good = false;
      }
      if (!good) {
        throw new Refused("22021 invalid byte sequence for encoding \"UTF8\": " + place);
      }
      return text;
    }
  }
}
