package io.copyload.engine.source.http;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.manifest.JsonText;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;

/**
 * The page on which a web server shows what a folder has: HTML as nginx autoindex, Apache
 * mod_autoindex and Jetty make it, or nginx's JSON ({@code autoindex_format json}). Threads: one.
 */
final class ListingPage {
  /** Bytes of a page, some 100,000 files. */
  static final int MAX_BYTES = 16 << 20;

  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  /**
   * How the title or first heading of a listing begins. Other pages have links, too; without this,
   * a welcome page would be an empty folder.
   */
  private static final Pattern TITLE =
      Pattern.compile("\\s*(index of|directory|listing of)\\b.*", Pattern.CASE_INSENSITIVE);

  private final URI folder;
  private final SortedSet<String> names = new TreeSet<>();

  private ListingPage(URI folder) {
    this.folder = folder;
  }

  /**
   * The names of the files that are directly in the folder, percent-encoded as in its links.
   *
   * @param from address of the page; what is in its folder counts
   * @throws RemoteFailure when the page is no listing
   */
  static SortedSet<String> names(URI from, String contentType, InputStream body)
      throws IOException {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    Reader text = new InputStreamReader(new Bounded(body), charset(type));
    ListingPage page = new ListingPage(from.resolve("."));
    if (type.startsWith("text/html") || type.startsWith("application/xhtml+xml")) {
      page.html(text);
    } else if (type.startsWith("application/json")) {
      page.json(text);
    } else {
      throw noListing(
          contentType == null
              ? "the server does not tell its type"
              : "it is " + cut(contentType) + ", not HTML or JSON");
    }
    return page.names;
  }

  private static Charset charset(String type) {
    Matcher named = CHARSET.matcher(type);
    try {
      return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }

  private void html(Reader text) throws IOException {
    String title = null;
    boolean listing = false;
    try (StreamParser parser = new StreamParser(Parser.htmlParser()).parse(text, "")) {
      for (Element element = parser.selectNext("title, h1, a[href]");
          element != null;
          element = parser.selectNext("title, h1, a[href]")) {
        if (element.nameIs("a")) {
          link(element.attr("href"));
        } else {
          title = title == null ? element.text() : title;
          listing |= TITLE.matcher(element.text()).matches();
        }
        // The page as a whole need not be in memory.
        element.empty();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (!listing) {
      throw noListing(title == null ? "it has no title" : "its title is \"" + cut(title) + "\"");
    }
  }

  /** Takes a link that leads to a file directly in the folder, without leaving the server. */
  private void link(String href) {
    URI to;
    try {
      to = new URI(href.strip().replace(" ", "%20"));
    } catch (URISyntaxException e) {
      return;
    }
    if (to.isAbsolute() || to.getRawAuthority() != null || to.getRawQuery() != null) {
      return;
    }
    String path = folder.resolve(to).normalize().getRawPath();
    if (path != null && path.startsWith(folder.getRawPath())) {
      add(path.substring(folder.getRawPath().length()));
    }
  }

  private void add(String name) {
    if (!name.isEmpty() && name.indexOf('/') < 0 && !name.equals(".") && !name.equals("..")) {
      names.add(URI.create("/" + name).toASCIIString().substring(1));
    }
  }

  private void json(Reader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
      text.append(buffer, 0, n);
    }
    JsonText json = new JsonText(text.toString(), 0);
    try {
      json.expect('[');
      for (boolean more = !json.accept(']'); more; more = json.moreInArray()) {
        entry(json);
      }
      json.expectEnd();
    } catch (JsonText.Wrong e) {
      throw noListing("its JSON is not an array of files: " + e.getMessage());
    }
  }

  private void entry(JsonText json) {
    String name = null;
    String type = null;
    json.expect('{');
    for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
      String key = json.string();
      json.expect(':');
      switch (key) {
        case "name" -> name = json.string();
        case "type" -> type = json.string();
        default -> json.skipValue();
      }
    }
    if (name == null || type == null) {
      throw json.wrong("an entry has no \"name\" or no \"type\"");
    }
    if (type.equals("file") && name.indexOf('/') < 0) {
      try {
        add(new URI(null, null, "/" + name, null).getRawPath().substring(1));
      } catch (URISyntaxException e) {
        throw json.wrong("a name is no part of an address");
      }
    }
  }

  private static String cut(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  private static RemoteFailure noListing(String why) {
    return RemoteFailure.lasting(
        CopyErrorCode.WRONG_OBJECT_TYPE,
        "the page is no listing of files: " + why,
        "A listing is HTML as nginx, Apache or Jetty make it, whose title begins with \"Index of\""
            + " or \"Directory\", or nginx's JSON.");
  }

  /** Fails a page that is too long. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private int left = MAX_BYTES;

    Bounded(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      left -= Math.max(count, 0);
      if (left < 0) {
        throw RemoteFailure.lasting(
            CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
            "the listing has more than " + MAX_BYTES + " bytes",
            "Divide the files among several folders.");
      }
      return count;
    }
  }
}
