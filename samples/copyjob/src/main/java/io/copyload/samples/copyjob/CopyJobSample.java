package io.copyload.samples.copyjob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** A folder that is loaded continuously: see README.md. */
public final class CopyJobSample {
  private static final long MOST_MILLIS = 60_000;

  private final Path folder;
  private final Path work;
  private final String url;

  private CopyJobSample(Path work) throws IOException {
    this.work = work;
    folder = Files.createDirectories(work.resolve("incoming"));
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder)) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
    Files.deleteIfExists(work.resolve("copyjob.mv.db"));
    // Without Redshift's restrictions, a job may watch a local folder.
    url =
        "jdbc:copyload:"
            + work.resolve("copyjob")
            + ";copy_job.strict=false;copy_job.poll_seconds=1";
  }

  /**
   * @param args the folder to work in
   */
  public static void main(String[] args) throws Exception {
    Path work = Path.of(args.length > 0 ? args[0] : "target").toAbsolutePath();
    new CopyJobSample(Files.createDirectories(work)).run();
  }

  private void run() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE readings (sensor VARCHAR(20), taken DATE, degrees DOUBLE)");
      statement.execute("COPY readings FROM '" + folder + "/' CSV JOB CREATE readings AUTO ON");
      put("monday.csv", "attic,2026-11-23,21.5\ncellar,2026-11-23,12.0\n");
      awaitRows(statement, 2);
      show(statement, "Loaded by itself", "SELECT * FROM readings ORDER BY sensor");

      put("tuesday.csv", "attic,2026-11-24,warm\n");
      put("wednesday.csv", "attic,2026-11-25,20.0\n");
      awaitRows(statement, 3);
      show(statement, "A bad file blocks no other", "COPY JOB WHY '" + file("tuesday.csv") + "'");

      put("tuesday.csv", "attic,2026-11-24,22.0\n");
      awaitRows(statement, 4);
      show(statement, "Written anew, it is loaded", "COPY JOB WHY '" + file("tuesday.csv") + "'");
    }

    put("thursday.csv", "attic,2026-11-26,19.0\n");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      awaitRows(statement, 5);
      show(
          statement,
          "Everything once, thursday.csv when the database was opened again",
          "SELECT file_name, file_size, status FROM sys_copy_job_detail ORDER BY file_name");
      show(statement, "The job", "COPY JOB SHOW readings");
      statement.execute("COPY JOB DROP readings");
    }
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  /** Writes a file beside the folder and moves it in, so that the job sees it when it is whole. */
  private void put(String name, String content) throws IOException {
    Path part = Files.writeString(work.resolve(name + ".part"), content);
    Files.move(part, file(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void awaitRows(Statement statement, int count)
      throws SQLException, InterruptedException {
    long end = System.currentTimeMillis() + MOST_MILLIS;
    while (true) {
      try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM readings")) {
        row.next();
        if (row.getInt(1) == count) {
          return;
        }
        if (System.currentTimeMillis() > end) {
          throw new IllegalStateException(
              "expected " + count + " rows, there are " + row.getInt(1));
        }
      }
      Thread.sleep(100);
    }
  }

  private static void show(Statement statement, String title, String query) throws SQLException {
    System.out.println();
    System.out.println(title + ":");
    try (ResultSet rows = statement.executeQuery(query)) {
      ResultSetMetaData meta = rows.getMetaData();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          String value = rows.getString(i);
          if (value != null) {
            line.append("  ")
                .append(meta.getColumnLabel(i).toLowerCase(Locale.ROOT))
                .append('=')
                .append(value.strip().replace("\n", " "));
          }
        }
        System.out.println(line);
      }
    }
  }
}
