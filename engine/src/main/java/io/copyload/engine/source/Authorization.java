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

  /** Roles, each of which is assumed by the one before it, the first by the ambient identity. */
  record Roles(List<String> arns) implements Authorization {
    public Roles {
      arns = List.copyOf(arns);
      if (arns.isEmpty()) {
        throw new IllegalArgumentException("no role");
      }
    }
  }
}
