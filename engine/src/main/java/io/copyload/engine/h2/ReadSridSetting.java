package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.LeadingWords;
import java.util.List;
import java.util.Locale;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;

/**
 * {@code SET read_srid_on_shapefile_ingestion TO ON | OFF}: whether a shapefile's .prj gives the
 * SRID of its geometries (Redshift guide, configuration reference).
 */
final class ReadSridSetting implements OwnStatement.Kind {
  private static final String NAME = "read_srid_on_shapefile_ingestion";

  @Override
  public boolean claims(String sql) {
    return LeadingWords.are(sql, "SET", NAME);
  }

  @Override
  public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
    int at = LeadingWords.behind(sql, "SET", NAME);
    String rest = sql.substring(at).strip();
    String value =
        rest.replaceFirst("(?i)^(=|TO\\b)\\s*", "")
            .replaceAll("[;'\\s]+$|^'", "")
            .toLowerCase(Locale.ROOT);
    boolean on =
        switch (rest.startsWith("=") || rest.regionMatches(true, 0, "TO", 0, 2) ? value : "") {
          case "on", "true", "default" -> true;
          case "off", "false" -> false;
          default ->
              throw new CopyException(
                      CopyErrorCode.INVALID_PARAMETER_VALUE, NAME + " must be set TO ON or OFF")
                  .withPosition(at + 1);
        };
    return new OwnStatement() {
      @Override
      public List<Column> columns() {
        return List.of();
      }

      @Override
      public long run(Execution execution) {
        ShapefileSet.setReadSrid(execution.session(), on);
        return 0;
      }
    };
  }
}
