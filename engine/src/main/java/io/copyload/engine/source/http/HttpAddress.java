package io.copyload.engine.source.http;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * A web address of a COPY. Its query and user may be secrets (a presigned address has its signature
 * in the query): only {@link #shown} goes into messages and views.
 *
 * @param uri without user and fragment
 * @param basicAuthorization value of the Authorization header that the user makes, or null
 * @param shown what may be seen
 */
record HttpAddress(URI uri, String basicAuthorization, String shown) {
  static HttpAddress of(String text) {
    try {
      URI uri = new URI(text.replace(" ", "%20"));
      if (uri.getHost() != null) {
        String user = uri.getUserInfo();
        return new HttpAddress(
            bare(uri),
            user == null
                ? null
                : "Basic "
                    + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)),
            shown(uri));
      }
    } catch (URISyntaxException e) {
      throw invalid(text);
    }
    throw invalid(text);
  }

  /** What stands behind the last slash of the path, decoded. */
  String lastName() {
    String path = uri.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Whether it is the address of a folder, whose page may be a listing. */
  boolean isFolder() {
    return uri.getRawPath().endsWith("/");
  }

  /** What may be seen of a text that should be an address. */
  static String shownText(String text) {
    int end = text.length();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '?' || text.charAt(i) == '#') {
        end = i;
        break;
      }
    }
    String rest = text.substring(0, end);
    int begin = rest.indexOf("://") + 3;
    int slash = rest.indexOf('/', begin);
    int at = rest.lastIndexOf('@', slash < 0 ? rest.length() : slash);
    return at < begin ? rest : rest.substring(0, begin) + rest.substring(at + 1);
  }

  private static String shown(URI uri) {
    return uri.getScheme().toLowerCase(Locale.ROOT)
        + "://"
        + uri.getHost()
        + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
        + uri.getRawPath();
  }

  private static URI bare(URI uri) throws URISyntaxException {
    return new URI(shown(uri) + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
  }

  private static CopyException invalid(String text) {
    return new CopyException(
        CopyErrorCode.INVALID_NAME, "invalid address \"" + shownText(text) + "\"");
  }

  /**
   * Where a redirect leads, or null when it may not be followed: it must stay on the web, and not
   * leave https.
   */
  static URI redirected(URI from, String location) {
    try {
      URI to = bare(from.resolve(new URI(location)));
      boolean secure = to.getScheme().equals("https");
      boolean web = secure || to.getScheme().equals("http");
      return web && to.getHost() != null && (secure || from.getScheme().equals("http")) ? to : null;
    } catch (URISyntaxException | RuntimeException e) {
      return null;
    }
  }

  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equals(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }
}
