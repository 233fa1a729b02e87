package io.copyload.engine.statement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The text of a COPY as it may be kept: with the full name of its table, with the place its data
 * came from instead of a parameter, with stars for every secret, and with no more than the first
 * FILES.
 */
public final class ResolvedText {
  private record Change(TextRange range, String text) {}

  /** Names of FILES that are kept: there may be a hundred thousand. */
  private static final int MAX_FILES = 1000;

  private ResolvedText() {}

  /**
   * The text to keep.
   *
   * @param sql what {@code copy} was parsed from
   * @param table the table's name as SQL
   * @param source what was read; never a secret
   */
  public static String of(String sql, CopyFrom copy, String table, String source) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change(copy.table().range(), table));
    if (copy.source() instanceof SourceRef.Program program) {
      // A command line may hold anything.
      changes.add(new Change(program.range(), "PROGRAM '" + OptionValue.STARS + "'"));
    } else if (!(copy.source() instanceof SourceRef.Stdin)) {
      changes.add(
          new Change(
              copy.source().range(),
              source.equals("stdin") ? "STDIN" : "'" + source.replace("'", "''") + "'"));
    }
    for (OptionClause option : copy.options()) {
      if (option.value() instanceof OptionValue.Secret secret) {
        changes.add(new Change(secret.range(), "'" + OptionValue.STARS + "'"));
      } else if (option.value() instanceof OptionValue.ValueList list
          && option.name().equals("FILES")
          && list.items().size() > MAX_FILES) {
        // Each object has a row of its own in the history.
        TextRange last = list.items().get(MAX_FILES - 1).range();
        TextRange end = list.items().get(list.items().size() - 1).range();
        changes.add(
            new Change(
                new TextRange(last.end(), end.end()),
                " /* and " + (list.items().size() - MAX_FILES) + " more */"));
      }
    }
    changes.sort(Comparator.comparingInt(change -> change.range().begin()));
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (Change change : changes) {
      text.append(sql, from, change.range().begin()).append(change.text());
      from = change.range().end();
    }
    return text.append(sql, from, sql.length()).toString();
  }
}
