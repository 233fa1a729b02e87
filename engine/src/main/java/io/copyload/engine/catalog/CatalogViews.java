package io.copyload.engine.catalog;

import java.util.Locale;

/** The views over the history: Redshift's names, columns and column order. */
public enum CatalogViews {
  /** One row per load, running or finished. */
  SYS_LOAD_HISTORY(
      "user_id INTEGER, query_id BIGINT, transaction_id BIGINT, session_id INTEGER, database_name VARCHAR,"
          + " status VARCHAR, table_name VARCHAR, start_time TIMESTAMP, end_time TIMESTAMP, duration BIGINT,"
          + " data_source VARCHAR, file_format VARCHAR, loaded_rows BIGINT, loaded_bytes BIGINT,"
          + " source_file_count INTEGER, source_file_bytes BIGINT, file_count_scanned INTEGER,"
          + " file_bytes_scanned BIGINT, error_count BIGINT, copy_job_id BIGINT",
      "SELECT l.user_id, l.load_id, l.transaction_id, l.session_id, l.database_name, l.state, l.table_name,"
          + " l.start_time, l.end_time, l.duration_micros, l.data_source, l.file_format, l.loaded_rows,"
          + " l.decoded_bytes, l.file_count, l.source_bytes, l.scanned_file_count, l.stored_bytes,"
          + " l.rejected_rows, 0 FROM copyload_catalog.loads l"),

  /** One row per file of a load. */
  SYS_LOAD_DETAIL(
      "user_id INTEGER, query_id BIGINT, file_name VARCHAR, bytes_scanned BIGINT, lines_scanned BIGINT,"
          + " record_time TIMESTAMP, splits_scanned INTEGER, start_time TIMESTAMP, end_time TIMESTAMP,"
          + " file_etag VARCHAR, file_last_modified TIMESTAMP",
      "SELECT l.user_id, l.load_id, o.name, o.stored_bytes, o.line_count, l.end_time, 1, l.start_time,"
          + " l.end_time, CAST(NULL AS VARCHAR), CAST(NULL AS TIMESTAMP)"
          + " FROM copyload_catalog.load_objects o JOIN copyload_catalog.loads l ON l.load_id = o.load_id"),

  /** One row per rejected record. */
  SYS_LOAD_ERROR_DETAIL(
      "user_id INTEGER, query_id BIGINT, transaction_id BIGINT, session_id INTEGER, database_name VARCHAR,"
          + " table_id INTEGER, start_time TIMESTAMP, file_name VARCHAR, line_number BIGINT,"
          + " column_name VARCHAR, column_type VARCHAR, column_length VARCHAR, position INTEGER,"
          + " error_code INTEGER, error_message VARCHAR",
      "SELECT l.user_id, l.load_id, l.transaction_id, l.session_id, l.database_name, l.table_id, l.start_time,"
          + " r.object_name, r.line_number, r.column_name, r.column_type, r.column_length, r.field_position,"
          + " r.error_code, r.message"
          + " FROM copyload_catalog.load_rejects r JOIN copyload_catalog.loads l ON l.load_id = r.load_id"),

  /** One row per rejected record, with the record itself. */
  STL_LOAD_ERRORS(
      "userid INTEGER, slice INTEGER, tbl INTEGER, starttime TIMESTAMP, session INTEGER, query BIGINT,"
          + " filename VARCHAR, line_number BIGINT, colname VARCHAR, type VARCHAR, col_length VARCHAR,"
          + " position INTEGER, raw_line VARCHAR, raw_field_value VARCHAR, err_code INTEGER,"
          + " err_reason VARCHAR, is_partial INTEGER, start_offset BIGINT, copy_job_id BIGINT",
      "SELECT l.user_id, 0, l.table_id, l.start_time, l.session_id, l.load_id, r.object_name, r.line_number,"
          + " r.column_name, r.column_type, r.column_length, r.field_position, r.raw_line, r.raw_value,"
          + " r.error_code, r.message, 0, 0, 0"
          + " FROM copyload_catalog.load_rejects r JOIN copyload_catalog.loads l ON l.load_id = r.load_id"),

  /** One row per file of a load that published its rows. */
  STL_LOAD_COMMITS(
      "userid INTEGER, query BIGINT, slice INTEGER, name VARCHAR, filename VARCHAR, byte_offset BIGINT,"
          + " lines_scanned BIGINT, errors BIGINT, curtime TIMESTAMP, status INTEGER, file_format VARCHAR,"
          + " is_partial INTEGER, start_offset BIGINT, copy_job_id BIGINT",
      "SELECT l.user_id, l.load_id, 0, l.table_name, o.name, o.stored_bytes, o.line_count, o.reject_count,"
          + " l.end_time, 1, CASE l.file_format WHEN 'avro' THEN 'Avro' WHEN 'json' THEN 'JSON'"
          + " WHEN 'orc' THEN 'ORC' WHEN 'parquet' THEN 'Parquet' ELSE 'Text' END, 0, 0, 0"
          + " FROM copyload_catalog.load_objects o JOIN copyload_catalog.loads l ON l.load_id = o.load_id"
          + " AND l.state = 'completed'"),

  /** One row per column of a table, with the attributes that only Redshift has. */
  PG_TABLE_DEF(
      "schemaname VARCHAR, tablename VARCHAR, \"column\" VARCHAR, type VARCHAR, encoding VARCHAR,"
          + " distkey BOOLEAN, sortkey INTEGER, \"notnull\" BOOLEAN",
      null),

  /** Everything the history knows of a load, the failure's text included. Ours, not Redshift's. */
  COPYLOAD_HISTORY(
      "load_id BIGINT, state VARCHAR, user_name VARCHAR, session_id INTEGER, schema_name VARCHAR,"
          + " table_name VARCHAR, data_source VARCHAR, file_format VARCHAR, start_time TIMESTAMP,"
          + " end_time TIMESTAMP, duration_micros BIGINT, loaded_rows BIGINT, rejected_rows BIGINT,"
          + " stored_bytes BIGINT, decoded_bytes BIGINT, sqlstate VARCHAR, message VARCHAR",
      "SELECT l.load_id, l.state, l.user_name, l.session_id, l.schema_name, l.table_name, l.data_source,"
          + " l.file_format, l.start_time, l.end_time, l.duration_micros, l.loaded_rows, l.rejected_rows,"
          + " l.stored_bytes, l.decoded_bytes, l.sqlstate, l.message FROM copyload_catalog.loads l");

  private final String columns;
  private final String query;

  CatalogViews(String columns, String query) {
    this.columns = columns;
    this.query = query;
  }

  /** The view with that name in any case. */
  public static CatalogViews named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Column names and types, as in CREATE TABLE. */
  String columns() {
    return columns;
  }

  /** The name as it is written in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the rows come from the tables that exist and not from the history. */
  public boolean isOfTables() {
    return query == null;
  }

  /** The rows of the view; parameter 1 is the user whose loads are shown, or null for all loads. */
  public String query() {
    return query + " WHERE ?1 IS NULL OR l.user_name = ?1";
  }
}
