package io.copyload.tck.crash;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * The process that gets killed: loads, changes and deletes in a loop and says on standard output
 * what it begins and what it has been told is done.
 *
 * <p>Arguments: URL, folder for input files, number of the first load, how many loads, rows of
 * each, seed.
 */
final class CrashChild {
  /** Rows of a load that a {@link Kind#CHANGED} load updates: enough for a long undo log. */
  static final int CHANGED_ROWS = 6_000;

  /** What happens to a load. */
  enum Kind {
    /** COPY in autocommit. */
    PLAIN,
    /** COPY, then an update of some of its rows, then commit. */
    CHANGED,
    /** COPY, then rollback. */
    TAKEN_BACK
  }

  private CrashChild() {}

  /** The kind of a load follows from its number. */
  static Kind kindOf(int load) {
    return switch (load % 8) {
      case 3 -> Kind.CHANGED;
      case 5 -> Kind.TAKEN_BACK;
      default -> Kind.PLAIN;
    };
  }

  public static void main(String[] args) throws SQLException, IOException {
    Path folder = Path.of(args[1]);
    int first = Integer.parseInt(args[2]);
    int loadCount = Integer.parseInt(args[3]);
    int rowCount = Integer.parseInt(args[4]);
    Random random = new Random(Long.parseLong(args[5]));
    try (Connection connection = DriverManager.getConnection(args[0], "sa", "");
        Statement statement = connection.createStatement()) {
      for (int load = first; load < first + loadCount; load++) {
        Path file = folder.resolve("load-" + load + ".csv");
        writeInput(file, load, rowCount, random);
        say("begin " + load);
        run(connection, statement, load, file);
        say("done " + load);
        Files.delete(file);
      }
    }
  }

  private static void run(Connection connection, Statement statement, int load, Path file)
      throws SQLException {
    String copy = "COPY t FROM '" + file + "' (FORMAT csv)";
    switch (kindOf(load)) {
      case PLAIN -> statement.execute(copy);
      case CHANGED -> {
        connection.setAutoCommit(false);
        statement.execute(copy);
        statement.execute(
            "UPDATE t SET v = 'u' || v WHERE id >= "
                + firstId(load)
                + " AND id < "
                + (firstId(load) + CHANGED_ROWS));
        connection.commit();
        connection.setAutoCommit(true);
      }
      case TAKEN_BACK -> {
        connection.setAutoCommit(false);
        statement.execute(copy);
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  static long firstId(int load) {
    return load * 1_000_000L;
  }

  /** Rows whose texts do not compress, so that storage left behind has weight. */
  static void writeInput(Path file, int load, int rowCount, Random random) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      for (int row = 0; row < rowCount; row++) {
        out.write(Long.toString(firstId(load) + row));
        out.write(',');
        out.write(Integer.toString(load));
        out.write(',');
        out.write(load + "-" + row + "-" + Long.toString(random.nextLong(), 36));
        out.write(Long.toString(random.nextLong(), 36));
        out.write('\n');
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
