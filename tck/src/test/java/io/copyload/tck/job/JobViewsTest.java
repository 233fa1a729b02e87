package io.copyload.tck.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The views about COPY jobs have the columns that Redshift's guide documents, in its order and
 * types. What differs is in README's table of differences: counts of bytes and lines are bigint,
 * and sys_copy_job has the two columns of the guide's join query.
 */
class JobViewsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sys_copy_job|job_id bigint, job_name char(128), iam_role char(128), job_text char(256),"
            + " is_auto integer, on_error_suspend integer, data_source text, copy_query text",
        "sys_copy_job_detail|user_id integer, database_name text, job_id integer, job_name text,"
            + " file_location text, file_name text, file_size bigint, file_etag text,"
            + " job_text char(256), modification_time timestamp, enqueue_time timestamp,"
            + " status char(1)",
        "sys_copy_job_info|job_id bigint, job_name char(128), database_name char(128),"
            + " record_time timestamp, message char(512)",
        "stl_load_commits|userid integer, query integer, slice integer, name char(256),"
            + " filename char(256), byte_offset bigint, lines_scanned bigint, errors integer,"
            + " curtime timestamp, status integer, file_format char(16), is_partial integer,"
            + " start_offset bigint, copy_job_id bigint",
        "sys_load_history|user_id integer, query_id bigint, transaction_id bigint,"
            + " session_id integer, database_name text, status text, table_name text,"
            + " start_time timestamp, end_time timestamp, duration bigint, data_source text,"
            + " file_format text, loaded_rows bigint, loaded_bytes bigint,"
            + " source_file_count integer, source_file_bytes bigint, file_count_scanned integer,"
            + " file_bytes_scanned bigint, error_count bigint, copy_job_id bigint"
      })
  void columnsAreThoseOfTheGuide(String view, String columns) throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:");
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT * FROM " + view)) {
      ResultSetMetaData meta = rows.getMetaData();
      List<String> found = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        String type =
            switch (meta.getColumnTypeName(i)) {
              case "CHARACTER" -> "char(" + meta.getPrecision(i) + ")";
              case "CHARACTER VARYING" -> "text";
              default -> meta.getColumnTypeName(i).toLowerCase(Locale.ROOT);
            };
        found.add(meta.getColumnName(i).toLowerCase(Locale.ROOT) + " " + type);
      }
      assertEquals(columns, String.join(", ", found));
    }
  }
}
