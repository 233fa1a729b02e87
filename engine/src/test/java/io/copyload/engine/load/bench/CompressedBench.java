package io.copyload.engine.load.bench;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.copyload.engine.CancelToken;
import io.copyload.engine.load.LoadPipeline;
import io.copyload.engine.load.LoadProgress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/**
 * Decompresses, cuts and converts TPC-H lineitem without storing it: {@code CompressedBench [scale]
 * [rounds] [forms]}. Forms are a list of {@code plain,gz,members.gz,bz2,zst,frames.zst}; members
 * and frames have a megabyte of text each. Rounds alternate between one and two slices; prints the
 * medians, the processor time and how many times faster two are.
 */
public final class CompressedBench {
  private static final int WARM_UP_ROUNDS = 2;
  private static final int PART_BYTES = 1 << 20;

  private CompressedBench() {}

  public static void main(String[] args) throws Exception {
    double scale = args.length > 0 ? Double.parseDouble(args[0]) : 0.1;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    String forms = args.length > 2 ? args[2] : "plain,gz,members.gz,bz2,zst,frames.zst";
    Path plain = LineitemFile.of(scale);
    long size = Files.size(plain);
    for (String form : forms.split(",")) {
      Path file = form.equals("plain") ? plain : compressed(plain, form);
      double[][] seconds = new double[2][rounds];
      double[] cpu = new double[2];
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        for (int slices = 1; slices <= 2; slices++) {
          long cpuBegin = LoadBench.cpuNanos();
          long begin = System.nanoTime();
          LoadPipeline.run(
              LoadBench.plan(file, slices),
              new LoadBench.Nowhere(),
              new CancelToken(),
              new LoadProgress());
          if (round >= 0) {
            seconds[slices - 1][round] = (System.nanoTime() - begin) / 1e9;
            cpu[slices - 1] += (LoadBench.cpuNanos() - cpuBegin) / 1e9 / rounds;
          }
        }
      }
      Arrays.sort(seconds[0]);
      Arrays.sort(seconds[1]);
      double one = seconds[0][rounds / 2];
      double two = seconds[1][rounds / 2];
      System.out.printf(
          Locale.ROOT,
          "%-10s %6.1f MB: 1 slice %.3f s (cpu %.2f), %4.0f MB/s; 2 slices %.3f s (cpu %.2f), %4.0f MB/s;"
              + " %.2f times%n",
          form,
          Files.size(file) / 1e6,
          one,
          cpu[0],
          size / 1e6 / one,
          two,
          cpu[1],
          size / 1e6 / two,
          one / two);
    }
  }

  /** The file in that form, written first when it is not there yet. */
  private static Path compressed(Path plain, String form) throws IOException {
    Path file = plain.resolveSibling(plain.getFileName() + "." + form);
    if (Files.exists(file)) {
      return file;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    boolean parts = form.contains("members") || form.contains("frames");
    try (InputStream in = Files.newInputStream(plain);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
      byte[] buffer = new byte[PART_BYTES];
      OutputStream stream = null;
      for (int n; (n = in.readNBytes(buffer, 0, buffer.length)) > 0; ) {
        if (stream == null) {
          stream = stream(form, new Uncloseable(out));
        }
        stream.write(buffer, 0, n);
        if (parts) {
          stream.close();
          stream = null;
        }
      }
      if (stream != null) {
        stream.close();
      }
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  private static OutputStream stream(String form, OutputStream out) throws IOException {
    if (form.endsWith("gz")) {
      return new GZIPOutputStream(out, 1 << 16);
    }
    return form.endsWith("bz2") ? new BZip2CompressorOutputStream(out) : new ZstdOutputStream(out);
  }

  private static final class Uncloseable extends java.io.FilterOutputStream {
    Uncloseable(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
