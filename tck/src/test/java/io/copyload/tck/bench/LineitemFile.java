package io.copyload.tck.bench;

import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;

/** TPC-H's lineitem as CSV with a header, made once per scale and kept in a folder. */
final class LineitemFile {
  static final String HEADER =
      "l_orderkey,l_partkey,l_suppkey,l_linenumber,l_quantity,l_extendedprice,l_discount,l_tax,"
          + "l_returnflag,l_linestatus,l_shipdate,l_commitdate,l_receiptdate,l_shipinstruct,"
          + "l_shipmode,l_comment";

  /** The columns with the types of the TPC-H specification, as every SQL engine here takes them. */
  static final String COLUMNS =
      "l_orderkey BIGINT, l_partkey BIGINT, l_suppkey BIGINT, l_linenumber INTEGER,"
          + " l_quantity DECIMAL(15,2), l_extendedprice DECIMAL(15,2), l_discount DECIMAL(15,2),"
          + " l_tax DECIMAL(15,2), l_returnflag CHAR(1), l_linestatus CHAR(1), l_shipdate DATE,"
          + " l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25), l_shipmode VARCHAR(10),"
          + " l_comment VARCHAR(44)";

  private LineitemFile() {}

  /** The file for a scale; {@code maxRows} cuts it short. */
  static Path of(Path cache, double scale, long maxRows) throws IOException {
    String rows = maxRows == Long.MAX_VALUE ? "" : "-" + maxRows;
    Path file = cache.resolve("lineitem-sf" + scale + rows + ".csv");
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(cache);
    Path pending = cache.resolve(file.getFileName() + ".pending");
    try (BufferedWriter out = Files.newBufferedWriter(pending, StandardCharsets.UTF_8)) {
      out.write(HEADER);
      out.write('\n');
      StringBuilder line = new StringBuilder();
      long row = 0;
      for (LineItem item : new LineItemGenerator(scale, 1, 1)) {
        if (row++ == maxRows) {
          break;
        }
        line.setLength(0);
        append(line, item);
        out.append(line);
      }
    }
    return Files.move(pending, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void append(StringBuilder line, LineItem item) {
    line.append(item.getOrderKey()).append(',');
    line.append(item.getPartKey()).append(',');
    line.append(item.getSupplierKey()).append(',');
    line.append(item.getLineNumber()).append(',');
    line.append(item.getQuantity()).append(',');
    cents(line, item.getExtendedPriceInCents());
    cents(line, item.getDiscountPercent());
    cents(line, item.getTaxPercent());
    line.append(item.getReturnFlag()).append(',');
    line.append(item.getStatus()).append(',');
    line.append(LocalDate.ofEpochDay(item.getShipDate())).append(',');
    line.append(LocalDate.ofEpochDay(item.getCommitDate())).append(',');
    line.append(LocalDate.ofEpochDay(item.getReceiptDate())).append(',');
    line.append(item.getShipInstructions()).append(',');
    line.append(item.getShipMode()).append(',');
    text(line, item.getComment());
    line.append('\n');
  }

  private static void cents(StringBuilder line, long cents) {
    line.append(cents / 100).append('.');
    line.append((char) ('0' + cents / 10 % 10)).append((char) ('0' + cents % 10)).append(',');
  }

  private static void text(StringBuilder line, String text) {
    if (text.indexOf(',') < 0 && text.indexOf('"') < 0) {
      line.append(text);
    } else {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
  }
}
