package io.copyload.engine.source;

import java.util.List;
import java.util.Objects;

/** Who asks a source for its objects. */
public sealed interface Authorization {
  /** Whoever the process is to the source: its environment, profile or machine. */
  record Ambient() implements Authorization {}

  /**
   * An access key.
   *
   * @param sessionToken of a temporary key, else null
   */
  record AccessKey(String id, Secret secret, Secret sessionToken) implements Authorization {
    public AccessKey {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(secret, "secret");
    }
  }

  /**
   * Roles, each of which is assumed by the one before it, the first by the ambient identity.
   *
   * @param sessionName what the store's logs call the session
   */
  record Roles(List<String> arns, String sessionName) implements Authorization {
    private static final String SESSION_NAME = "copyload";

    public Roles(List<String> arns) {
      this(arns, SESSION_NAME);
    }

    public Roles {
      arns = List.copyOf(arns);
      sessionName = sessionName == null ? SESSION_NAME : sessionName;
      if (arns.isEmpty()) {
        throw new IllegalArgumentException("no role");
      }
    }
  }
}
