package io.copyload.engine.source;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The folders and addresses that a connection may use: its property {@code allowed_sources}. Every
 * object is checked, whoever names it: the statement, a manifest, a link or a redirect.
 */
public final class AllowList {
  public static final String PROPERTY = "allowed_sources";

  /** Nothing is forbidden. */
  public static final AllowList EVERYTHING = new AllowList(null);

  private final boolean everything;
  private final List<Path> folders = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  private AllowList(String text) {
    everything = text == null;
    if (text == null) {
      return;
    }
    for (String part : text.split(",")) {
      String entry = part.strip();
      if (entry.isEmpty()) {
        continue;
      }
      if (Sources.schemeOf(entry).equals("file")) {
        String path = entry.regionMatches(true, 0, "file:", 0, 5) ? entry.substring(5) : entry;
        folders.add(real(Path.of(path.startsWith("///") ? path.substring(2) : path)));
      } else {
        addresses.add(normal(entry));
      }
    }
  }

  public static AllowList of(SourceSettings settings) {
    try {
      return new AllowList(settings.text(PROPERTY));
    } catch (InvalidPathException e) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "invalid value of connection property " + PROPERTY + ": " + e.getMessage());
    }
  }

  /**
   * Checks an address.
   *
   * @param shown the address for messages
   * @throws CopyException INSUFFICIENT_PRIVILEGE when it is not allowed
   */
  public void check(String address, String shown) {
    check(address, shown, false);
  }

  /** As {@link #check(String, String)}, for an address that is written to. */
  public void checkWriting(String address, String shown) {
    check(address, shown, true);
  }

  private void check(String address, String shown, boolean writing) {
    if (everything) {
      return;
    }
    String wanted = normal(address);
    if ((wanted + '/').contains("/../")) {
      throw refused(shown, writing);
    }
    for (String allowed : addresses) {
      if (wanted.startsWith(allowed)
          && (allowed.endsWith("/")
              || wanted.length() == allowed.length()
              || "/?#".indexOf(wanted.charAt(allowed.length())) >= 0)) {
        return;
      }
    }
    throw refused(shown, writing);
  }

  /** Checks a file, where its links lead. */
  public void check(Path file, String shown) {
    check(file, shown, false);
  }

  /** As {@link #check(Path, String)}, for a file that is written. */
  public void checkWriting(Path file, String shown) {
    check(file, shown, true);
  }

  private void check(Path file, String shown, boolean writing) {
    if (everything) {
      return;
    }
    Path wanted = real(file);
    if (folders.stream().noneMatch(wanted::startsWith)) {
      throw refused(shown, writing);
    }
  }

  private static CopyException refused(String shown, boolean writing) {
    return new CopyException(
        CopyErrorCode.INSUFFICIENT_PRIVILEGE,
        "permission denied to COPY " + (writing ? "to" : "from") + " \"" + shown + "\"",
        "The connection property " + PROPERTY + " does not name it.",
        null,
        null,
        0,
        null);
  }

  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      // What does not exist yet: its folder may be a link all the same.
      Path parent = absolute.getParent();
      Path name = absolute.getFileName();
      return parent == null || name == null ? absolute : real(parent).resolve(name);
    }
  }

  /** Scheme and host in lower case, and no steps back in the path of a web address. */
  private static String normal(String address) {
    int begin = address.indexOf("://") + 3;
    int slash = address.indexOf('/', begin);
    String host = slash < 0 ? address + "/" : address.substring(0, slash + 1);
    String path = slash < 0 ? "" : address.substring(slash + 1);
    String start = host.toLowerCase(Locale.ROOT);
    if (!start.startsWith("http")) {
      return start + path;
    }
    int query = path.indexOf('?');
    String rest = query < 0 ? "" : path.substring(query);
    try {
      // A percent-encoded step back is one, too.
      String decoded = new URI("x:///" + (query < 0 ? path : path.substring(0, query))).getPath();
      String plain = new URI(null, null, decoded, null).normalize().getPath();
      return start + (plain.startsWith("/") ? plain.substring(1) : plain) + rest;
    } catch (URISyntaxException e) {
      return start + path;
    }
  }
}
