package io.copyload.engine.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A statement in H2's words, made of pieces of the original and of new ones, so that a place in it
 * can be shown in the original.
 */
public final class TranslatedSql {
  /** Table whose columns are to be repeated. */
  public record Like(TableName table, boolean includingDefaults) {}

  /**
   * A piece of the text.
   *
   * @param text null when {@code like} is to be expanded here
   * @param origin where it stands, or what it stands for, in the original
   * @param same whether it is a copy of the original, character by character
   */
  private record Piece(String text, TextRange origin, boolean same, Like like) {}

  private final String original;
  private final List<Piece> pieces = new ArrayList<>();

  TranslatedSql(String original) {
    this.original = original;
  }

  /** Appends a part of the original. */
  void copy(TextRange range) {
    pieces.add(new Piece(range.of(original), range, true, null));
  }

  /** Appends text that stands for a part of the original. */
  void replace(TextRange range, String text) {
    pieces.add(new Piece(text, range, false, null));
  }

  void like(TextRange range, Like like) {
    pieces.add(new Piece(null, range, false, like));
  }

  /**
   * The text.
   *
   * @param columns the definitions that stand for a LIKE clause, as in CREATE TABLE
   */
  public String text(Function<Like, String> columns) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      if (piece.like() != null) {
        piece = new Piece(columns.apply(piece.like()), piece.origin(), false, null);
        pieces.set(i, piece);
      }
      text.append(piece.text());
    }
    return text.toString();
  }

  /** The place in the original of a place in {@link #text}. */
  public int origin(int offset) {
    int begin = 0;
    for (Piece piece : pieces) {
      int length = piece.text() == null ? 0 : piece.text().length();
      if (offset < begin + length) {
        return piece.origin().begin() + (piece.same() ? offset - begin : 0);
      }
      begin += length;
    }
    return original.length();
  }
}
