package io.copyload.engine.catalog;

import io.copyload.engine.load.Reject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes the records of a load that were refused or changed. */
final class RejectRows {
  private RejectRows() {}

  static void insert(Connection connection, long id, LoadEnd end) throws SQLException {
    if (!end.rejects().isEmpty()) {
      insertRejects(connection, id, end);
      insertFields(connection, id, end);
    }
    if (!end.replacements().isEmpty()) {
      insertReplacements(connection, id, end.replacements());
    }
  }

  private static void insertRejects(Connection connection, long id, LoadEnd end)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.load_rejects(load_id, ordinal, object_name, line_number,"
                + " column_name, column_type, column_length, field_position, raw_line, raw_value,"
                + " error_code, sqlstate, message, field_number, detail, hint, begin_offset,"
                + " end_offset, raw_bytes, state, chunk_start)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      int ordinal = 0;
      for (Reject reject : end.rejects()) {
        LoadEnd.ColumnType type = end.typeOf(reject.columnName());
        insert.setLong(1, id);
        insert.setInt(2, ordinal++);
        insert.setString(3, LoadHistory.cut(reject.objectName()));
        insert.setLong(4, reject.lineNumber());
        insert.setString(5, reject.columnName());
        insert.setString(6, type == null ? null : type.name());
        insert.setString(7, type == null ? null : type.length());
        insert.setInt(8, reject.position());
        insert.setString(9, LoadHistory.cut(reject.rawRecord()));
        insert.setString(10, LoadHistory.cut(reject.value()));
        insert.setInt(11, reject.reason().redshiftCode());
        insert.setString(12, reject.reason().code().sqlState());
        insert.setString(13, LoadHistory.cut(reject.message()));
        insert.setInt(14, reject.fieldNumber());
        insert.setString(15, LoadHistory.cut(reject.detail()));
        insert.setString(16, LoadHistory.cut(reject.hint()));
        insert.setObject(17, reject.raw() == null ? null : reject.raw().begin());
        insert.setObject(18, reject.raw() == null ? null : reject.raw().end());
        insert.setBytes(19, reject.raw() == null ? null : reject.raw().bytes());
        insert.setString(20, end.nulled() && reject.reason().soft() ? "nulled" : "rejected");
        insert.setObject(21, reject.chunkStart() < 0 ? null : reject.chunkStart());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void insertFields(Connection connection, long id, LoadEnd end)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.load_fields(load_id, ordinal, field, column_name,"
                + " column_type, column_length, text) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      boolean any = false;
      int most = Math.min(end.rejects().size(), Reject.MAX_DETAILED);
      for (int ordinal = 0; ordinal < most; ordinal++) {
        Reject reject = end.rejects().get(ordinal);
        int field = 0;
        for (String text : reject.fields()) {
          any |= addField(insert, id, ordinal, field++, text, end);
        }
        if (reject.faultField() > 0) {
          any |= addField(insert, id, ordinal, reject.faultField() - 1, null, end);
        }
      }
      if (any) {
        insert.executeBatch();
      }
    }
  }

  private static boolean addField(
      PreparedStatement insert, long id, int ordinal, int field, String text, LoadEnd end)
      throws SQLException {
    String column = field < end.fieldColumns().size() ? end.fieldColumns().get(field) : null;
    LoadEnd.ColumnType type = end.typeOf(column);
    insert.setLong(1, id);
    insert.setInt(2, ordinal);
    insert.setInt(3, field);
    insert.setString(4, column);
    insert.setString(5, type == null ? null : type.name());
    insert.setString(6, type == null ? null : type.length());
    insert.setString(7, LoadHistory.cut(text));
    insert.addBatch();
    return true;
  }

  private static void insertReplacements(Connection connection, long id, List<Reject> replacements)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.load_replacements(load_id, ordinal, object_name,"
                + " line_number, column_name, raw_line) VALUES (?, ?, ?, ?, ?, ?)")) {
      int ordinal = 0;
      for (Reject replaced : replacements) {
        insert.setLong(1, id);
        insert.setInt(2, ordinal++);
        insert.setString(3, LoadHistory.cut(replaced.objectName()));
        insert.setLong(4, replaced.lineNumber());
        insert.setString(5, replaced.columnName());
        insert.setString(6, LoadHistory.cut(replaced.rawRecord()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
