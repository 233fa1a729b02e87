package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Authorization;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionValue;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Redshift's clauses say about the source: authorization, MANIFEST, REGION, ENCRYPTED
 * (developer guide, "Authorization parameters" and "COPY from Amazon S3").
 */
final class RedshiftSource {
  private static final String BAD_CREDENTIALS =
      "Invalid credentials. Must be of the format: credentials"
          + " 'aws_access_key_id=<access-key-id>;aws_secret_access_key=<secret-access-key>"
          + "[;token=<temporary-session-token>]'";

  private static final Set<String> CREDENTIAL_KEYS =
      Set.of(
          "aws_iam_role",
          "aws_access_key_id",
          "aws_secret_access_key",
          "token",
          "master_symmetric_key");

  private final Map<String, OptionClause> seen;
  private Secret encryptionKey;

  /**
   * @param seen the statement's clauses by name
   */
  RedshiftSource(Map<String, OptionClause> seen) {
    this.seen = seen;
  }

  SourceClauses resolve() {
    OptionClause region = seen.get("REGION");
    Authorization authorization = authorization();
    return new SourceClauses(
        reading(), region == null ? null : text(region), authorization, encryption(), null);
  }

  private SourceClauses.Reading reading() {
    if (seen.containsKey("SSH")) {
      return SourceClauses.Reading.SSH_MANIFEST;
    }
    if (!seen.containsKey("MANIFEST")) {
      return SourceClauses.Reading.PREFIX;
    }
    return seen.containsKey("PARQUET") || seen.containsKey("ORC")
        ? SourceClauses.Reading.SIZED_MANIFEST
        : SourceClauses.Reading.MANIFEST;
  }

  private Authorization authorization() {
    OptionClause role = seen.get("IAM_ROLE");
    OptionClause credentials = seen.get("CREDENTIALS");
    OptionClause id = seen.get("ACCESS_KEY_ID");
    OptionClause secret = seen.get("SECRET_ACCESS_KEY");
    OptionClause token =
        seen.containsKey("SESSION_TOKEN") ? seen.get("SESSION_TOKEN") : seen.get("TOKEN");
    if (seen.containsKey("SESSION_TOKEN") && seen.containsKey("TOKEN")) {
      throw conflict(seen.get("TOKEN"), seen.get("SESSION_TOKEN"));
    }
    for (OptionClause key : Arrays.asList(id, secret, token)) {
      if (key != null && (role != null || credentials != null)) {
        throw conflict(key, role != null ? role : credentials);
      }
    }
    if (role != null && credentials != null) {
      throw conflict(credentials, role);
    }
    if (role != null) {
      return role.value() instanceof OptionValue.Word
          ? new Authorization.Ambient()
          : roles(role, text(role));
    }
    if (credentials != null) {
      return credentials(credentials);
    }
    if (id == null && secret == null && token == null) {
      return new Authorization.Ambient();
    }
    if (id == null || secret == null) {
      throw invalid(
          id != null ? id : secret != null ? secret : token,
          "ACCESS_KEY_ID and SECRET_ACCESS_KEY must be given together");
    }
    return accessKey(id, text(id), secret(secret), token == null ? null : secret(token));
  }

  private static Authorization accessKey(
      OptionClause clause, String id, String secret, String token) {
    if (id.isBlank() || secret.isBlank()) {
      throw invalid(clause, "ACCESS_KEY_ID and SECRET_ACCESS_KEY must not be empty");
    }
    return new Authorization.AccessKey(
        id, new Secret(secret), token == null ? null : new Secret(token));
  }

  private static Authorization roles(OptionClause clause, String text) {
    List<String> arns = List.of(text.split(",", -1));
    for (String arn : arns) {
      if (!arn.matches("arn:[^:\\s]+:iam::[^:\\s]*:role/\\S+")) {
        throw invalid(
            clause,
            // What is no name of AWS's may be a key at the wrong place.
            (arn.strip().startsWith("arn:") ? "\"" + arn + "\"" : "the value of " + clause.name())
                + " is not a role: write arn:aws:iam::<12 digits>:role/<name>, several with"
                + " commas and no blanks between them");
      }
    }
    return new Authorization.Roles(arns);
  }

  private Authorization credentials(OptionClause clause) {
    String text = secret(clause);
    Map<String, String> values = new HashMap<>();
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? "" : part.substring(0, equals);
      String value = part.substring(equals + 1);
      if (!CREDENTIAL_KEYS.contains(key)
          || value.isEmpty()
          || value.chars().anyMatch(Character::isWhitespace)
          || values.put(key, value) != null) {
        throw invalid(clause, BAD_CREDENTIALS);
      }
    }
    String rootKey = values.remove("master_symmetric_key");
    if (rootKey != null) {
      encryptionKey = encryptionKey(clause, rootKey);
    }
    if (values.keySet().equals(Set.of("aws_iam_role"))) {
      return roles(clause, values.get("aws_iam_role"));
    }
    String id = values.get("aws_access_key_id");
    String secret = values.get("aws_secret_access_key");
    if (id == null || secret == null || values.containsKey("aws_iam_role")) {
      throw invalid(clause, BAD_CREDENTIALS);
    }
    return accessKey(clause, id, secret, values.get("token"));
  }

  private Secret encryption() {
    OptionClause encrypted = seen.get("ENCRYPTED");
    OptionClause key = seen.get("MASTER_SYMMETRIC_KEY");
    if (key != null) {
      if (seen.containsKey("CREDENTIALS")) {
        throw conflict(key, seen.get("CREDENTIALS"));
      }
      encryptionKey = encryptionKey(key, secret(key));
    }
    if (encrypted != null && encryptionKey == null) {
      throw invalid(
          encrypted,
          "ENCRYPTED requires MASTER_SYMMETRIC_KEY, or master_symmetric_key in CREDENTIALS");
    }
    if (encrypted == null && encryptionKey != null) {
      throw invalid(
          key != null ? key : seen.get("CREDENTIALS"),
          "a master symmetric key can be used only with ENCRYPTED");
    }
    return encryptionKey;
  }

  private static Secret encryptionKey(OptionClause clause, String text) {
    try {
      if (Base64.getDecoder().decode(text).length == 32) {
        return new Secret(text);
      }
    } catch (IllegalArgumentException e) {
      throw badKey(clause);
    }
    throw badKey(clause);
  }

  private static CopyException badKey(OptionClause clause) {
    return invalid(clause, "the master symmetric key must be a 256-bit AES key in base64");
  }

  private static String text(OptionClause clause) {
    return ((OptionValue.Text) clause.value()).text();
  }

  private static String secret(OptionClause clause) {
    return ((OptionValue.Secret) clause.value()).text();
  }

  private static CopyException conflict(OptionClause clause, OptionClause other) {
    return invalid(clause, clause.name() + " cannot be used together with " + other.name());
  }

  private static CopyException invalid(OptionClause clause, String message) {
    return new CopyException(CopyErrorCode.INVALID_PARAMETER_VALUE, message)
        .withPosition(clause.nameRange().position());
  }
}
