package io.copyload.engine.compress;

import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.BlockSize;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.Parameters;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** Compresses test data in many forms, and decompresses them in a plain way. */
public final class Compressed {
  /** Codecs that {@link #compress} knows. */
  public static final List<String> CODECS = List.of("gzip", "bzip2", "lz4", "zstd", "xz");

  private Compressed() {}

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Compresses in one or several streams, with settings that the generator chooses. */
  public static byte[] compress(String codec, byte[] data, Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int streams = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(6);
    int from = 0;
    for (int i = 0; i < streams; i++) {
      int to = i == streams - 1 ? data.length : from + random.nextInt(data.length - from + 1);
      out.writeBytes(one(codec, Arrays.copyOfRange(data, from, to), random));
      from = to;
    }
    return out.toByteArray();
  }

  private static byte[] one(String codec, byte[] data, Random random) throws IOException {
    if (codec.equals("lz4") && data.length > 5000) {
      return lz4(data, random);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = stream(codec, bytes, random)) {
      // The encoder of xz fails when it is flushed before it has much.
      if (codec.equals("xz") || random.nextBoolean()) {
        out.write(data);
      } else {
        int half = data.length / 2;
        out.write(data, 0, half);
        out.flush();
        out.write(data, half, data.length - half);
      }
    }
    return bytes.toByteArray();
  }

  private static OutputStream stream(String codec, OutputStream out, Random random)
      throws IOException {
    return switch (codec) {
      case "gzip" -> gzip(out, random.nextInt(10));
      case "bzip2" -> new BZip2CompressorOutputStream(out, 1 + random.nextInt(9));
      case "lz4" ->
          new FramedLZ4CompressorOutputStream(
              out,
              new Parameters(
                  BlockSize.values()[random.nextInt(2)],
                  random.nextBoolean(),
                  random.nextBoolean(),
                  random.nextBoolean()));
      case "zstd" -> new ZstdOutputStream(out);
      case "xz" -> new XZOutputStream(out, new LZMA2Options(0));
      default -> throw new IllegalArgumentException(codec);
    };
  }

  /** A frame of independent blocks; the library that makes linked ones, too, is slow. */
  private static byte[] lz4(byte[] data, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean blockSums = random.nextBoolean();
    boolean contentSum = random.nextBoolean();
    byte[] descriptor = {(byte) (0x60 | (blockSums ? 0x10 : 0) | (contentSum ? 4 : 0)), 0x40};
    writeInt(out, 0x184d2204);
    out.writeBytes(descriptor);
    out.write(XxHash32.of(descriptor, 0, 2) >>> 8);
    Lz4Compressor compressor = new Lz4Compressor();
    byte[] packed = new byte[compressor.maxCompressedLength(1 << 16)];
    for (int from = 0; from < data.length; ) {
      int count = Math.min(data.length - from, 1 + random.nextInt(1 << 16));
      int length = compressor.compress(data, from, count, packed, 0, packed.length);
      byte[] block = Arrays.copyOf(packed, length);
      if (length >= count) {
        block = Arrays.copyOfRange(data, from, from + count);
        writeInt(out, count | 0x80000000);
      } else {
        writeInt(out, length);
      }
      out.writeBytes(block);
      if (blockSums) {
        writeInt(out, XxHash32.of(block, 0, block.length));
      }
      from += count;
    }
    writeInt(out, 0);
    if (contentSum) {
      writeInt(out, XxHash32.of(data, 0, data.length));
    }
    return out.toByteArray();
  }

  private static void writeInt(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }

  static OutputStream gzip(OutputStream out, int level) throws IOException {
    return new GZIPOutputStream(out) {
      {
        def = new Deflater(level, true);
      }
    };
  }

  /** What a plain serial decoder makes of it, or null when it fails or there is none. */
  static byte[] plain(String codec, byte[] stored) {
    try (InputStream in = decoder(codec, new ByteArrayInputStream(stored))) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  static boolean hasPlain(String codec) {
    return List.of("gzip", "bzip2", "lz4", "xz").contains(codec);
  }

  private static InputStream decoder(String codec, InputStream in) throws IOException {
    return switch (codec) {
      case "gzip" -> new GZIPInputStream(in);
      case "bzip2" -> new BZip2CompressorInputStream(in, true);
      case "lz4" -> new FramedLZ4CompressorInputStream(in, true);
      case "xz" -> new XZInputStream(in);
      default -> null;
    };
  }
}
