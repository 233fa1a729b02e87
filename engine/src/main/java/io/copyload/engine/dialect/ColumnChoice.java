package io.copyload.engine.dialect;

import io.copyload.engine.statement.Identifier;
import io.copyload.engine.statement.OptionValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns that an option of a COPY names, not yet looked up.
 *
 * @param all whether {@code *} was written
 */
public record ColumnChoice(boolean all, List<Identifier> columns) {
  /** No column. */
  public static final ColumnChoice NONE = new ColumnChoice(false, List.of());

  public ColumnChoice {
    columns = List.copyOf(columns);
  }

  /** The columns of an argument that is a list or {@code *}. */
  static ColumnChoice of(OptionValue value) {
    if (!(value instanceof OptionValue.ValueList list)) {
      return new ColumnChoice(true, List.of());
    }
    List<Identifier> columns = new ArrayList<>();
    for (OptionValue item : list.items()) {
      if (item instanceof OptionValue.Word word) {
        columns.add(new Identifier(word.text(), false, word.range()));
      } else if (item instanceof OptionValue.Text text) {
        columns.add(new Identifier(text.text(), true, text.range()));
      } else {
        throw new IllegalArgumentException("no column name: " + item);
      }
    }
    return new ColumnChoice(false, columns);
  }

  public boolean isNone() {
    return !all && columns.isEmpty();
  }
}
