package io.copyload.engine.statement;

import java.util.List;
import java.util.Objects;

/**
 * A CREATE TABLE or ALTER TABLE in Redshift's words.
 *
 * @param create false for ALTER TABLE
 * @param sql what is left for H2, or null when only attributes change
 * @param temporary whether the table lives as long as its session
 * @param ownWords whether something is in it that only Redshift has
 */
public record RedshiftTable(
    boolean create,
    TranslatedSql sql,
    TableName table,
    boolean temporary,
    List<TableAttribute> attributes,
    List<TranslatedSql.Like> likes,
    boolean ownWords) {
  public RedshiftTable {
    Objects.requireNonNull(table, "table");
    attributes = List.copyOf(attributes);
    likes = List.copyOf(likes);
  }
}
