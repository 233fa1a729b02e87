package io.copyload.engine.load.bench;

import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** TPC-H lineitem as CSV, made once per scale and kept in the folder for temporary files. */
public final class LineitemFile {
  private LineitemFile() {}

  /** The file, written first when it is not there yet. */
  public static Path of(double scale) throws IOException {
    Path file =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            String.format(Locale.ROOT, "copyload-lineitem-%.2f.csv", scale));
    if (Files.exists(file)) {
      return file;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (BufferedWriter out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
      for (LineItem item : new LineItemGenerator(scale, 1, 1)) {
        // The generator's own line ends each field with a bar.
        String[] fields = item.toLine().split("\\|", -1);
        for (int f = 0; f < 16; f++) {
          if (f > 0) {
            out.write(',');
          }
          String value = fields[f];
          if (value.indexOf(',') >= 0 || value.indexOf('"') >= 0) {
            value = '"' + value.replace("\"", "\"\"") + '"';
          }
          out.write(value);
        }
        out.write('\n');
      }
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }
}
