package io.copyload.engine.statement;

import java.util.List;

/** Materialize's statements about secrets and connections, see {@link StoredObjectParser}. */
public sealed interface StoredObject {
  /** What a statement is about. */
  enum Kind {
    SECRET,
    CONNECTION;

    /** The name for messages: {@code secret}. */
    public String word() {
      return this == SECRET ? "secret" : "connection";
    }
  }

  /**
   * The value of a secret.
   *
   * @param text of the literal; null for a parameter
   * @param parameter index from 0, -1 for a literal
   * @param decoding {@code base64} or {@code hex} when the text is decoded, else null
   */
  record SecretValue(String text, int parameter, String decoding) {
    @Override
    public String toString() {
      return OptionValue.STARS;
    }
  }

  /**
   * An option of a connection.
   *
   * @param name in upper case, with single blanks
   * @param text null when it is a secret's name, or when there is no value
   * @param secret name of a secret, or null
   */
  record Setting(String name, String text, Identifier secret, TextRange range) {
    @Override
    public String toString() {
      return name + " = " + OptionValue.STARS;
    }
  }

  record CreateSecret(Identifier name, boolean ifNotExists, SecretValue value)
      implements StoredObject {}

  record AlterSecret(Identifier name, boolean ifExists, SecretValue value)
      implements StoredObject {}

  /**
   * @param validate whether WITH (VALIDATE) asks for a check
   */
  record CreateConnection(
      Identifier name, boolean ifNotExists, List<Setting> settings, boolean validate)
      implements StoredObject {}

  /**
   * @param settings those without text and secret are taken away
   */
  record AlterConnection(
      Identifier name, boolean ifExists, List<Setting> settings, boolean validate)
      implements StoredObject {}

  record Rename(Kind kind, Identifier name, boolean ifExists, Identifier newName)
      implements StoredObject {}

  record SetOwner(Kind kind, Identifier name, boolean ifExists, Identifier owner)
      implements StoredObject {}

  record Drop(Kind kind, Identifier name, boolean ifExists, boolean cascade)
      implements StoredObject {}

  record Validate(Identifier name) implements StoredObject {}

  /**
   * @param schema of the entries, or null; it says nothing, since they belong to the database
   * @param like pattern of names, or null
   * @param where text of a condition on what is shown, or null
   */
  record Show(Kind kind, Identifier schema, String like, String where) implements StoredObject {}

  record ShowCreate(Identifier name) implements StoredObject {}
}
