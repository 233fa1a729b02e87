package io.copyload.tck.postgres;

import io.copyload.tck.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** One of the two that are compared: the real server, or Copyload. */
final class CopySide {
  private static final byte[] NONE = {};

  private final Connection connection;
  private final boolean postgres;

  CopySide(Connection connection, boolean postgres) throws SQLException {
    this.connection = connection;
    this.postgres = postgres;
    if (postgres) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TYPE IF EXISTS mood");
        statement.execute(
            "CREATE TYPE mood AS ENUM ('" + String.join("', '", SampleType.LABELS) + "')");
      }
      connection.setAutoCommit(false);
    } else {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE DOMAIN mood AS ENUM ('" + String.join("', '", SampleType.LABELS) + "')");
      }
    }
  }

  /** Runs the case on a new table. */
  CopyOutcome run(CopyCase copy) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      begin(statement, copy);
      CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
      try {
        if (copy.rows().length > 0) {
          manager.copyIn("COPY t FROM STDIN", new ByteArrayInputStream(copy.rows()));
        }
      } catch (PSQLException e) {
        return end(new CopyOutcome(-1, "rows: " + error(e, copy), List.of(), ""));
      }
      Savepoint savepoint = postgres ? connection.setSavepoint() : null;
      connection.clearWarnings();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      long count;
      try {
        count =
            copy.reads()
                ? manager.copyIn(copy.sql(), new ByteArrayInputStream(copy.input()))
                : manager.copyOut(copy.sql(), out);
      } catch (PSQLException e) {
        CopyOutcome failed = new CopyOutcome(-1, error(e, copy), List.of(), "");
        if (postgres) {
          connection.rollback(savepoint);
        } else if (copy.reads()) {
          ByteArrayOutputStream left = new ByteArrayOutputStream();
          manager.copyOut("COPY t TO STDOUT", left);
          if (left.size() > 0) {
            failed = new CopyOutcome(-1, failed.error() + "\nleft rows", List.of(), "");
          }
        }
        return end(failed);
      }
      List<String> notices = new ArrayList<>();
      for (SQLWarning w = connection.getWarnings(); w != null; w = w.getNextWarning()) {
        notices.add(w.getMessage());
      }
      if (copy.reads()) {
        manager.copyOut("COPY t TO STDOUT", out);
        String text = out.toString(StandardCharsets.ISO_8859_1);
        return end(new CopyOutcome(count, "", notices, CopyCase.visible(normal(text, copy))));
      }
      return end(new CopyOutcome(count, "", notices, CopyCase.visible(out.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      if (postgres) {
        connection.rollback();
      }
      throw e;
    }
  }

  /** The case's rows in the binary format, for the columns that its statement names. */
  byte[] binary(CopyCase copy) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      begin(statement, copy);
      CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        manager.copyIn("COPY t FROM STDIN", new ByteArrayInputStream(copy.rows()));
        manager.copyOut(copy.head().replace("FROM STDIN", "TO STDOUT (FORMAT binary)"), out);
      } catch (PSQLException e) {
        // The rows are damaged already: whatever was written so far will do.
      }
      connection.rollback();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin(Statement statement, CopyCase copy) throws SQLException {
    statement.execute("SET TIME ZONE '" + copy.zone() + "'");
    if (!postgres) {
      statement.execute("DROP TABLE IF EXISTS t");
    }
    statement.execute(copy.createTable(postgres));
  }

  private CopyOutcome end(CopyOutcome outcome) throws SQLException {
    if (postgres) {
      connection.rollback();
    }
    return outcome;
  }

  private static String error(PSQLException e, CopyCase copy) {
    ServerErrorMessage server = e.getServerErrorMessage();
    if (server == null) {
      return e.getSQLState() + ": " + e.getMessage();
    }
    StringBuilder out = new StringBuilder();
    out.append(server.getSQLState()).append(": ").append(server.getMessage());
    line(out, "detail", server.getDetail());
    line(out, "hint", server.getHint());
    line(out, "position", server.getPosition() == 0 ? null : "" + server.getPosition());
    line(out, "where", server.getWhere());
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String value) {
    if (value != null) {
      out.append('\n')
          .append(name)
          .append(": ")
          .append(CopyCase.visible(value.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The rows with what H2 keeps in another form: JSON without blanks, intervals as seconds. */
  private static byte[] normal(String text, CopyCase copy) {
    StringBuilder out = new StringBuilder();
    for (String row : text.split("(?<=\n)")) {
      String[] fields = row.replace("\n", "").split("\t", -1);
      for (int i = 0; i < fields.length; i++) {
        String base = i < copy.columns().size() ? copy.columns().get(i).type().base() : "";
        boolean value = !fields[i].equals("\\N");
        out.append(i == 0 ? "" : "\t")
            .append(
                value && base.equals("json")
                    ? json(fields[i])
                    : value && base.equals("interval")
                        ? seconds(fields[i])
                        : value && base.equals("time") && fields[i].matches("23:59:59(\\.9+)?")
                            ? "24:00:00"
                            : fields[i]);
      }
      out.append('\n');
    }
    return text.isEmpty() ? NONE : out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String json(String field) {
    Matcher escapes = Pattern.compile("\\\\(.)").matcher(field);
    String text =
        escapes.replaceAll(
            found ->
                Matcher.quoteReplacement(
                    switch (found.group(1)) {
                      case "n" -> "\n";
                      case "t" -> "\t";
                      case "r" -> "\r";
                      default -> found.group(1);
                    }));
    try {
      return Json.canonical(
          new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip());
    } catch (IllegalArgumentException e) {
      return field;
    }
  }

  private static final Pattern INTERVAL =
      Pattern.compile("(-?\\d+) (years?|mons?|days?)|(-?)(\\d+):(\\d+):([\\d.]+)");

  private static String seconds(String field) {
    BigDecimal total = BigDecimal.ZERO;
    Matcher matcher = INTERVAL.matcher(field);
    while (matcher.find()) {
      if (matcher.group(1) == null) {
        BigDecimal part =
            new BigDecimal(matcher.group(4))
                .multiply(BigDecimal.valueOf(3600))
                .add(new BigDecimal(matcher.group(5)).multiply(BigDecimal.valueOf(60)))
                .add(new BigDecimal(matcher.group(6)));
        total = matcher.group(3).isEmpty() ? total.add(part) : total.subtract(part);
      } else {
        long unit = matcher.group(2).startsWith("day") ? 86_400 : 1_000_000_000L;
        total = total.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
      }
    }
    return total.stripTrailingZeros().toPlainString();
  }
}
