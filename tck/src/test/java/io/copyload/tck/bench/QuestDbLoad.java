package io.copyload.tck.bench;

import io.questdb.ServerMain;
import io.questdb.cairo.CairoEngine;
import io.questdb.cairo.security.AllowAllSecurityContext;
import io.questdb.cairo.sql.RecordCursor;
import io.questdb.cairo.sql.RecordCursorFactory;
import io.questdb.griffin.SqlExecutionContextImpl;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * QuestDB's parallel CSV import, embedded. Its COPY runs in the background and wants a table that
 * is partitioned by a timestamp, so l_shipdate is one and the table is partitioned by month; it has
 * no decimals in an import, so the prices are doubles.
 */
final class QuestDbLoad {
  private QuestDbLoad() {}

  static void run(Path csv, Path folder, int threads) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("QDB_CAIRO_SQL_COPY_ROOT", csv.getParent().toString());
    environment.put("QDB_CAIRO_SQL_COPY_WORK_ROOT", folder.resolve("copy-work").toString());
    environment.put("QDB_SHARED_WORKER_COUNT", Integer.toString(threads));
    environment.put("QDB_HTTP_ENABLED", "false");
    environment.put("QDB_HTTP_MIN_ENABLED", "false");
    environment.put("QDB_PG_ENABLED", "false");
    environment.put("QDB_LINE_TCP_ENABLED", "false");
    environment.put("QDB_TELEMETRY_ENABLED", "false");
    environment.put("QDB_LOG_W_STDOUT_LEVEL", "CRITICAL");
    environment.put("QDB_METRICS_ENABLED", "false");
    try (ServerMain server = ServerMain.create(folder.toString(), environment)) {
      server.start();
      CairoEngine engine = server.getEngine();
      try (SqlExecutionContextImpl context =
          new SqlExecutionContextImpl(engine, threads)
              .with(AllowAllSecurityContext.INSTANCE, null, null, -1, null)) {
        engine.execute(
            "CREATE TABLE lineitem (l_orderkey LONG, l_partkey LONG, l_suppkey LONG,"
                + " l_linenumber INT, l_quantity DOUBLE, l_extendedprice DOUBLE,"
                + " l_discount DOUBLE, l_tax DOUBLE, l_returnflag SYMBOL, l_linestatus SYMBOL,"
                + " l_shipdate TIMESTAMP, l_commitdate DATE, l_receiptdate DATE,"
                + " l_shipinstruct SYMBOL, l_shipmode SYMBOL, l_comment VARCHAR)"
                + " TIMESTAMP(l_shipdate) PARTITION BY MONTH BYPASS WAL",
            context);
        long begin = System.nanoTime();
        String id =
            text(
                engine,
                context,
                "COPY lineitem FROM '"
                    + csv.getFileName()
                    + "' WITH HEADER true TIMESTAMP 'l_shipdate' FORMAT 'yyyy-MM-dd'");
        while (true) {
          String state =
              text(
                  engine,
                  context,
                  "SELECT status || ' ' || coalesce(message, '') FROM sys.text_import_log"
                      + " WHERE id = '"
                      + id
                      + "' AND phase IS NULL AND status <> 'started' LIMIT -1");
          if (state != null) {
            if (!state.startsWith("finished")) {
              throw new IllegalStateException(state);
            }
            break;
          }
          // The import tells nobody; two milliseconds do not matter in seconds.
          Thread.sleep(2);
        }
        System.out.println("copy_millis=" + (System.nanoTime() - begin) / 1_000_000);
        String sums =
            text(
                engine,
                context,
                "SELECT count() || ' ' || cast(sum(l_quantity) AS LONG) || ' '"
                    + " || cast(round(sum(l_extendedprice), 2) AS VARCHAR) || ' '"
                    + " || sum(l_linenumber) FROM lineitem");
        StringBuilder plain = new StringBuilder();
        for (String sum : sums.split(" ")) {
          plain.append(plain.isEmpty() ? "" : " ");
          plain.append(new BigDecimal(sum).stripTrailingZeros().toPlainString());
        }
        System.out.println("sums=" + plain);
      }
    }
  }

  /** The first value of the first row, as text; null when there is none. */
  private static String text(CairoEngine engine, SqlExecutionContextImpl context, String sql)
      throws Exception {
    try (RecordCursorFactory factory = engine.select(sql, context);
        RecordCursor cursor = factory.getCursor(context)) {
      if (!cursor.hasNext()) {
        return null;
      }
      int type = factory.getMetadata().getColumnType(0);
      return io.questdb.cairo.ColumnType.isVarchar(type)
          ? String.valueOf(cursor.getRecord().getVarcharA(0))
          : String.valueOf(cursor.getRecord().getStrA(0));
    }
  }
}
