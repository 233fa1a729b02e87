package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.CopyQuery;
import io.copyload.engine.statement.TextRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.h2.command.Prepared;
import org.h2.command.query.Query;
import org.h2.engine.SessionLocal;
import org.h2.expression.Alias;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionColumn;
import org.h2.expression.Parameter;
import org.h2.expression.aggregate.Aggregate;
import org.h2.expression.function.NamedExpression;
import org.h2.result.ResultInterface;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueToObjectConverter;

/** The query of a COPY TO, prepared. Threads: one, the session's. */
final class ExportQuery {
  private final Query query;

  private ExportQuery(Query query) {
    this.query = query;
  }

  /** A query of our own. */
  static ExportQuery prepare(SessionLocal session, String sql) {
    return new ExportQuery((Query) session.prepare(sql));
  }

  /**
   * The query within a statement.
   *
   * @param parameters those of the whole statement, of which the query's come first
   */
  static ExportQuery prepare(
      SessionLocal session, TextRange range, String sql, List<Object> parameters) {
    String text = CopyQuery.forHost(range.of(sql), range);
    Prepared prepared = session.prepare(text);
    if (!(prepared instanceof Query query)) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
    }
    List<Parameter> own = query.getParameters();
    for (int i = 0; i < own.size() && i < parameters.size(); i++) {
      own.get(i)
          .setValue(
              ValueToObjectConverter.objectToValue(session, parameters.get(i), Value.UNKNOWN));
    }
    return new ExportQuery(query);
  }

  int parameterCount() {
    return query.getParameters().size();
  }

  List<TypeInfo> types() {
    List<TypeInfo> types = new ArrayList<>();
    for (int i = 0; i < query.getColumnCount(); i++) {
      types.add(query.getExpressions().get(i).getType());
    }
    return types;
  }

  /** Names as PostgreSQL gives them: an expression without one is {@code ?column?}. */
  List<String> columnNames(SessionLocal session) {
    boolean foldsToUpper = session.getDatabase().getSettings().databaseToUpper;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < query.getColumnCount(); i++) {
      Expression expression = query.getExpressions().get(i);
      if (expression instanceof Alias || expression instanceof ExpressionColumn) {
        names.add(TableBinding.shown(expression.getAlias(session, i), foldsToUpper));
      } else if (expression instanceof NamedExpression named) {
        names.add(named.getName().toLowerCase(Locale.ROOT));
      } else if (expression instanceof Aggregate aggregate) {
        String name = aggregate.getAggregateType().name().toLowerCase(Locale.ROOT);
        names.add(name.equals("count_all") ? "count" : name);
      } else {
        names.add("?column?");
      }
    }
    return names;
  }

  /** Runs the query, with its rows as they come where H2 can do so. */
  long run(SessionLocal session, ExportSource.Reading reading) throws IOException {
    boolean lazy = session.isLazyQueryExecution();
    session.setLazyQueryExecution(true);
    try (ResultInterface result = query.query(0)) {
      return reading.read(result);
    } finally {
      session.setLazyQueryExecution(lazy);
    }
  }
}
