package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import java.util.Locale;

/**
 * A path of a cluster, which may be a pattern. As in Hadoop, no character of a path is encoded.
 *
 * @param scheme in lower case
 * @param user whose files they are; null when the address names none
 * @param authority host and port, or a name of the configuration; may be empty
 * @param path from the root, without empty parts and a slash at the end; {@code /} for the root
 */
record HdfsAddress(String scheme, String user, String authority, String path) {
  static HdfsAddress of(String text) {
    int begin = text.indexOf("://") + 3;
    int slash = text.indexOf('/', begin);
    String host = text.substring(begin, slash < 0 ? text.length() : slash);
    int at = host.lastIndexOf('@');
    String user = at < 0 ? null : host.substring(0, at);
    if (user != null && (user.isEmpty() || user.indexOf(':') >= 0)) {
      throw invalid(text, "A user stands before the host as user@, without a password.");
    }
    String authority = host.substring(at + 1);
    if (!authority.matches("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]*)(:[0-9]{1,5})?")) {
      throw invalid(text, "Write the address as scheme://host:port/path.");
    }
    return new HdfsAddress(
        text.substring(0, begin - 3).toLowerCase(Locale.ROOT),
        user,
        authority,
        path(slash < 0 ? "" : text.substring(slash), text));
  }

  private static String path(String text, String address) {
    StringBuilder path = new StringBuilder();
    for (String part : text.split("/")) {
      if (part.equals(".") || part.equals("..")) {
        throw invalid(address, "A path has no parts . and ..");
      }
      if (!part.isEmpty()) {
        path.append('/').append(part);
      }
    }
    return path.isEmpty() ? "/" : path.toString();
  }

  /** What may be seen of a text that should be an address: all but a user, whose place it is. */
  static String shown(String text) {
    int begin = text.indexOf("://") + 3;
    int slash = text.indexOf('/', begin);
    int at = text.lastIndexOf('@', slash < 0 ? text.length() : slash);
    return at < begin ? text : text.substring(0, begin) + text.substring(at + 1);
  }

  private static CopyException invalid(String text, String hint) {
    return new CopyException(CopyErrorCode.INVALID_NAME, "invalid address \"" + shown(text) + "\"")
        .withHint(hint);
  }

  /** The address of another path of the cluster. */
  String at(String otherPath) {
    return scheme + "://" + (user == null ? "" : user + "@") + authority + otherPath;
  }

  /** Checks whether a path of the cluster may be read. */
  void check(AllowList allowed, String otherPath) {
    allowed.check(scheme + "://" + authority + otherPath, at(otherPath));
  }

  @Override
  public String toString() {
    return at(path);
  }
}
