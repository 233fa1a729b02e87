package io.copyload.engine.catalog;

import java.util.Locale;

/**
 * The views over the history: Redshift's names, columns, types and column order (Redshift developer
 * guide, system tables). Where a count of bytes or lines is an integer there, it is a bigint here:
 * Redshift counts per part of a file, we count per file.
 */
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
          + " l.rejected_rows, l.job_id FROM copyload_catalog.loads l"),

  /** One row per file of a load. */
  SYS_LOAD_DETAIL(
      "user_id INTEGER, query_id INTEGER, file_name CHAR(256), bytes_scanned BIGINT, lines_scanned BIGINT,"
          + " record_time TIMESTAMP, splits_scanned INTEGER, start_time TIMESTAMP, end_time TIMESTAMP,"
          + " file_etag CHAR(256), file_last_modified TIMESTAMP",
      "SELECT l.user_id, l.load_id, LEFT(o.name, 256), o.stored_bytes, o.line_count, l.end_time,"
          + " (SELECT GREATEST(COUNT(*), 1) FROM copyload_catalog.load_chunks c"
          + " WHERE c.load_id = o.load_id AND c.ordinal = o.ordinal),"
          + " l.start_time, l.end_time, LEFT(o.etag, 256), o.last_modified"
          + Parts.OBJECTS),

  /** One row per rejected record. */
  SYS_LOAD_ERROR_DETAIL(
      "user_id INTEGER, query_id BIGINT, transaction_id BIGINT, session_id INTEGER, database_name CHAR(64),"
          + " table_id INTEGER, start_time TIMESTAMP, file_name CHAR(256), line_number BIGINT,"
          + " column_name CHAR(127), column_type CHAR(10), column_length CHAR(10), position INTEGER,"
          + " error_code INTEGER, error_message CHAR(512)",
      "SELECT l.user_id, l.load_id, l.transaction_id, l.session_id, LEFT(l.database_name, 64), l.table_id,"
          + " l.start_time, LEFT(r.object_name, 256), r.line_number, COALESCE(LEFT(r.column_name, 127), ''),"
          + " COALESCE(LEFT(r.column_type, 10), ''), COALESCE(LEFT(r.column_length, 10), ''), r.field_position, r.error_code,"
          + " LEFT(r.message, 512)"
          + Parts.REJECTS),

  /** One row per rejected record, with the record itself. */
  STL_LOAD_ERRORS(
      "userid INTEGER, slice INTEGER, tbl INTEGER, starttime TIMESTAMP, session INTEGER, query INTEGER,"
          + " filename CHAR(256), line_number BIGINT, colname CHAR(127), type CHAR(10), col_length CHAR(10),"
          + " position INTEGER, raw_line CHAR(1024), raw_field_value CHAR(1024), err_code INTEGER,"
          + " err_reason CHAR(100), is_partial INTEGER, start_offset BIGINT, copy_job_id BIGINT",
      "SELECT l.user_id, 0, l.table_id, l.start_time, l.session_id, l.load_id, LEFT(r.object_name, 256),"
          + " r.line_number, COALESCE(LEFT(r.column_name, 127), ''), COALESCE(LEFT(r.column_type, 10), ''), COALESCE(LEFT(r.column_length, 10), ''),"
          + " r.field_position, "
          + Parts.ascii("COALESCE(r.raw_line, '')")
          + ", "
          + Parts.ascii("COALESCE(r.raw_value, '')")
          + ", r.error_code, LEFT(r.message, 100), NVL2(r.chunk_start, 1, 0), COALESCE(r.chunk_start, 0), l.job_id"
          + Parts.REJECTS),

  /** The fields of rejected records up to the bad one, whose value is missing. */
  STL_LOADERROR_DETAIL(
      "userid INTEGER, slice INTEGER, session INTEGER, query INTEGER, filename CHAR(256),"
          + " line_number BIGINT, field INTEGER, colname CHAR(1024), \"VALUE\" CHAR(1024),"
          + " is_null INTEGER, type CHAR(10), col_length CHAR(10)",
      "SELECT l.user_id, 0, l.session_id, l.load_id, LEFT(r.object_name, 256), r.line_number, f.field,"
          + " COALESCE(LEFT(f.column_name, 1024), ''), COALESCE(LEFT(f.text, 1024), ''),"
          + " CASE WHEN f.text IS NULL THEN 1 ELSE 0 END,"
          + " COALESCE(LEFT(f.column_type, 10), ''), COALESCE(LEFT(f.column_length, 10), '') FROM copyload_catalog.load_fields f"
          + " JOIN copyload_catalog.load_rejects r ON r.load_id = f.load_id AND r.ordinal = f.ordinal"
          + " JOIN copyload_catalog.loads l ON l.load_id = r.load_id"),

  /** One row per loaded record in which ACCEPTINVCHARS has replaced characters. */
  STL_REPLACEMENTS(
      "userid INTEGER, query INTEGER, slice INTEGER, tbl INTEGER, starttime TIMESTAMP, session INTEGER,"
          + " filename CHAR(256), line_number BIGINT, colname CHAR(127), raw_line CHAR(1024)",
      "SELECT l.user_id, l.load_id, 0, l.table_id, l.start_time, l.session_id, LEFT(p.object_name, 256),"
          + " p.line_number, LEFT(p.column_name, 127), "
          + Parts.ascii("p.raw_line")
          + Parts.REPLACEMENTS),

  /** The same under its newer name. */
  SYS_COPY_REPLACEMENTS(
      "user_id INTEGER, query_id BIGINT, table_id INTEGER, file_name CHAR(256), column_name CHAR(127),"
          + " line_number BIGINT, raw_line CHAR(1024)",
      "SELECT l.user_id, l.load_id, l.table_id, LEFT(p.object_name, 256), LEFT(p.column_name, 127),"
          + " p.line_number, "
          + Parts.ascii("p.raw_line")
          + Parts.REPLACEMENTS),

  /** One row per file of a load that published its rows, or per chunk of a large one. */
  STL_LOAD_COMMITS(
      "userid INTEGER, query INTEGER, slice INTEGER, name CHAR(256), filename CHAR(256), byte_offset BIGINT,"
          + " lines_scanned BIGINT, errors INTEGER, curtime TIMESTAMP, status INTEGER, file_format CHAR(16),"
          + " is_partial INTEGER, start_offset BIGINT, copy_job_id BIGINT",
      "SELECT l.user_id, l.load_id, 0, LEFT(l.table_name, 256), LEFT(o.name, 256), "
          + Parts.CHUNK
          + " COALESCE(c.reject_count, o.reject_count), l.end_time, 1, CASE l.file_format WHEN 'avro' THEN 'Avro'"
          + " WHEN 'json' THEN 'JSON' WHEN 'orc' THEN 'ORC' WHEN 'parquet' THEN 'Parquet' ELSE 'Text' END,"
          + Parts.PARTIAL
          + ", l.job_id"
          + Parts.OBJECTS
          + " AND l.state = 'completed'"
          + Parts.CHUNKS),

  /** One row per column of a table, with the attributes that only Redshift has. */
  PG_TABLE_DEF(
      "schemaname VARCHAR, tablename VARCHAR, \"column\" VARCHAR, type VARCHAR, encoding VARCHAR,"
          + " distkey BOOLEAN, sortkey INTEGER, \"notnull\" BOOLEAN",
      null),

  /** One row per table, to find the name of a load's table by its id. */
  STV_TBL_PERM(
      "slice INTEGER, id INTEGER, name CHAR(72), rows BIGINT, temp INTEGER, db_id INTEGER, backup INTEGER",
      null),

  /**
   * One row per file, or chunk of a large one, that a load has read, whatever became of the load.
   */
  STL_FILE_SCAN(
      "userid INTEGER, query INTEGER, slice INTEGER, name CHAR(90), lines BIGINT, bytes BIGINT,"
          + " loadtime BIGINT, curtime TIMESTAMP, is_partial INTEGER, start_offset BIGINT",
      "SELECT l.user_id, l.load_id, 0, LEFT(o.name, 90), COALESCE(c.line_count, o.line_count),"
          + " COALESCE(c.bytes, o.stored_bytes), COALESCE(c.load_micros, o.load_micros), l.end_time,"
          + Parts.PARTIAL
          + Parts.OBJECTS
          + Parts.CHUNKS),

  /** One row per column of a table whose encodings COMPUPDATE has chosen. */
  STL_ANALYZE_COMPRESSION(
      "userid INTEGER, start_time TIMESTAMP, xid BIGINT, tbl INTEGER, tablename CHAR(128), col INTEGER,"
          + " old_encoding CHAR(15), new_encoding CHAR(15), mode CHAR(14),"
          + " best_compression_encoding CHAR(15), recommended_bytes CHAR(15),"
          + " best_compression_bytes CHAR(15), ndv BIGINT",
      "SELECT l.user_id, a.start_time, l.transaction_id, l.table_id, LEFT(a.table_name, 128), a.ordinal,"
          + " a.old_encoding, a.new_encoding, a.mode, a.smallest_encoding, a.new_bytes,"
          + " a.smallest_bytes, NULL FROM copyload_catalog.load_analyses a"
          + " JOIN copyload_catalog.loads l ON l.load_id = a.load_id"),

  /**
   * What SIMPLIFY has done: with AUTO a row per geometry that was too large, else one per load. The
   * line is the record in the shapefile.
   */
  SVL_SPATIAL_SIMPLIFY(
      "query INTEGER, line_number BIGINT, maximum_tolerance DOUBLE PRECISION, initial_size BIGINT,"
          + " simplified CHAR(1), final_size BIGINT, final_tolerance DOUBLE PRECISION",
      "SELECT s.load_id, s.line_number, s.maximum_tolerance, s.initial_bytes,"
          + " CASE WHEN s.simplified THEN 't' ELSE 'f' END, s.final_bytes, s.final_tolerance"
          + " FROM copyload_catalog.load_simplifications s"
          + " JOIN copyload_catalog.loads l ON l.load_id = s.load_id"),

  /** One row per running load; not a query: the loads themselves say how far they are. */
  STV_LOAD_STATE(
      "userid INTEGER, session INTEGER, query INTEGER, slice INTEGER, pid INTEGER, recordtime TIMESTAMP,"
          + " bytes_to_load BIGINT, bytes_loaded BIGINT, bytes_to_load_compressed BIGINT,"
          + " bytes_loaded_compressed BIGINT, lines BIGINT, num_files INTEGER,"
          + " num_files_complete INTEGER, current_file CHAR(256), pct_complete INTEGER",
      null),

  /** Everything the history knows of a load, the failure's text included. Ours, not Redshift's. */
  COPYLOAD_HISTORY(
      "load_id BIGINT, state VARCHAR, user_name VARCHAR, session_id INTEGER, schema_name VARCHAR,"
          + " table_name VARCHAR, data_source VARCHAR, file_format VARCHAR, start_time TIMESTAMP,"
          + " end_time TIMESTAMP, duration_micros BIGINT, loaded_rows BIGINT, rejected_rows BIGINT,"
          + " replaced_rows BIGINT, stored_bytes BIGINT, decoded_bytes BIGINT, sqlstate VARCHAR,"
          + " message VARCHAR, statement VARCHAR",
      "SELECT l.load_id, l.state, l.user_name, l.session_id, l.schema_name, l.table_name, l.data_source,"
          + " l.file_format, l.start_time, l.end_time, l.duration_micros, l.loaded_rows, l.rejected_rows,"
          + " l.replaced_rows, l.stored_bytes, l.decoded_bytes, l.sqlstate, l.message, l.statement_text"
          + " FROM copyload_catalog.loads l"),

  /** One row per COPY job. The last two columns are in the guide's join query only. */
  SYS_COPY_JOB(
      "job_id BIGINT, job_name CHAR(128), iam_role CHAR(128), job_text CHAR(256), is_auto INTEGER,"
          + " on_error_suspend INTEGER, data_source VARCHAR, copy_query VARCHAR",
      "SELECT l.job_id, LEFT(l.job_name, 128), LEFT(l.iam_role, 128), LEFT(l.job_text, 256),"
          + " CASE WHEN l.is_auto THEN 1 ELSE 0 END, 0, l.data_source, l.job_text"
          + " FROM copyload_catalog.jobs l"),

  /** One row per object that a COPY job has seen. */
  SYS_COPY_JOB_DETAIL(
      "user_id INTEGER, database_name VARCHAR, job_id INTEGER, job_name VARCHAR, file_location VARCHAR,"
          + " file_name VARCHAR, file_size BIGINT, file_etag VARCHAR, job_text CHAR(256),"
          + " modification_time TIMESTAMP, enqueue_time TIMESTAMP, status CHAR(1)",
      "SELECT l.user_id, l.database_name, l.job_id, l.job_name, "
          + Parts.LOCATION
          + ", "
          + Parts.KEY
          + ", f.object_size, f.etag, LEFT(l.job_text, 256), f.modified, f.enqueued,"
          + " CASE f.status WHEN 'Q' THEN 'E' WHEN 'S' THEN 'U' ELSE f.status END"
          + Parts.JOB_FILES),

  /** What COPY jobs have to say. */
  SYS_COPY_JOB_INFO(
      "job_id BIGINT, job_name CHAR(128), database_name CHAR(128), record_time TIMESTAMP,"
          + " message CHAR(512)",
      "SELECT l.job_id, LEFT(l.job_name, 128), LEFT(l.database_name, 128), m.record_time,"
          + " LEFT(m.message, 512) FROM copyload_catalog.job_messages m"
          + " JOIN copyload_catalog.jobs l ON l.job_id = m.job_id"),

  /** Everything the ledger of a COPY job knows of an object. Ours, not Redshift's. */
  COPYLOAD_JOB_FILES(
      "job_id BIGINT, job_name VARCHAR, object_name VARCHAR, object_size BIGINT, etag VARCHAR,"
          + " modified TIMESTAMP, digest VARCHAR, state VARCHAR, begin_byte BIGINT, enqueued TIMESTAMP,"
          + " attempts INTEGER, next_try TIMESTAMP, load_id BIGINT, loaded_rows BIGINT,"
          + " loaded_at TIMESTAMP, sqlstate VARCHAR, reason VARCHAR",
      "SELECT l.job_id, l.job_name, f.object_name, f.object_size, f.etag, f.modified, f.digest,"
          + " CASE f.status WHEN 'P' THEN 'waiting' WHEN 'I' THEN 'loaded' WHEN 'E' THEN 'failed'"
          + " WHEN 'Q' THEN 'quarantined' ELSE 'skipped' END, f.begin_offset, f.enqueued, f.attempts,"
          + " f.next_try, f.load_id, f.loaded_rows, f.loaded_at, f.sqlstate, f.reason"
          + Parts.JOB_FILES),

  /**
   * One row per rejected record, whose raw_line its owner may change for COPY REPLAY. Ours, not
   * Redshift's. The query joins the tables; changes go to load_rejects.
   */
  COPYLOAD_REJECTS(
      "load_id BIGINT, reject INTEGER, state VARCHAR(10), schema_name VARCHAR, table_name VARCHAR,"
          + " object_name VARCHAR, line_number BIGINT, begin_byte BIGINT, end_byte BIGINT,"
          + " raw_line VARBINARY, reason VARCHAR, sqlstate VARCHAR(5), error_code INTEGER,"
          + " field INTEGER, column_name VARCHAR, column_type VARCHAR, raw_value VARCHAR,"
          + " detail VARCHAR, hint VARCHAR, user_name VARCHAR, replay_load_id BIGINT",
      "SELECT r.load_id, r.ordinal, r.state, l.schema_name, l.table_name, r.object_name, r.line_number,"
          + " r.begin_offset, r.end_offset, r.raw_bytes, r.message, r.sqlstate, r.error_code,"
          + " r.field_number, r.column_name, r.column_type, r.raw_value, r.detail, r.hint, l.user_name,"
          + " r.replay_id"
          + Parts.REJECTS),

  /** The public keys of the database for SSH: lines of authorized_keys. */
  COPYLOAD_SSH_KEYS(
      "key_type VARCHAR, public_key VARCHAR, fingerprint VARCHAR, made TIMESTAMP", null);

  /** What queries have in common. */
  private static final class Parts {
    static final String OBJECTS =
        " FROM copyload_catalog.load_objects o JOIN copyload_catalog.loads l ON l.load_id = o.load_id";
    static final String CHUNKS =
        " LEFT JOIN copyload_catalog.load_chunks c"
            + " ON c.load_id = o.load_id AND c.ordinal = o.ordinal";
    static final String CHUNK =
        "COALESCE(c.bytes, o.stored_bytes), COALESCE(c.line_count, o.line_count),";
    static final String PARTIAL = " NVL2(c.chunk_start, 1, 0), COALESCE(c.chunk_start, 0)";
    static final String REJECTS =
        " FROM copyload_catalog.load_rejects r JOIN copyload_catalog.loads l ON l.load_id = r.load_id";
    static final String REPLACEMENTS =
        " FROM copyload_catalog.load_replacements p"
            + " JOIN copyload_catalog.loads l ON l.load_id = p.load_id";

    static final String JOB_FILES =
        " FROM copyload_catalog.job_files f JOIN copyload_catalog.jobs l ON l.job_id = f.job_id";

    /** Bucket of an address, or folder of a path. */
    static final String LOCATION =
        "CASE WHEN POSITION('://' IN f.object_name) > 0"
            + " THEN REGEXP_REPLACE(f.object_name, '^[^:]+://([^/]*)/.*$', '$1', 'n')"
            + " ELSE REGEXP_REPLACE(f.object_name, '/[^/]*$', '', 'n') END";

    /** Key of an address, or name of a file. */
    static final String KEY =
        "CASE WHEN POSITION('://' IN f.object_name) > 0"
            + " THEN REGEXP_REPLACE(f.object_name, '^[^:]+://[^/]*/', '', 'n')"
            + " ELSE REGEXP_REPLACE(f.object_name, '^.*/', '', 'n') END";

    private Parts() {}

    /** At most 1024 characters; one of several bytes is a period, as in Redshift. */
    static String ascii(String text) {
      return "REGEXP_REPLACE(LEFT(" + text + ", 1024), '[^\\x00-\\x7f]', '.')";
    }
  }

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

  /**
   * The rows of the view; parameter 1 is the user whose loads are shown, or null for all loads.
   * Null when the rows do not come from the history.
   */
  public String query() {
    return query == null ? null : query + " WHERE ?1 IS NULL OR l.user_name = ?1";
  }
}
