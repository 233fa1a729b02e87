package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.http.HttpBody;
import io.copyload.engine.source.http.HttpCalls;
import io.copyload.engine.source.manifest.JsonText;
import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of a cluster by its REST interface (Hadoop's "WebHDFS REST API"), which name nodes and
 * HttpFS servers speak.
 */
final class WebHdfsFiles implements HdfsFiles {
  private static final int HTTP_PORT = 9870;
  private static final int HTTPS_PORT = 9871;

  /** A page of a listing has a thousand entries; old servers know no pages. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final int FIRST_BYTES = 8 << 10;

  private final HttpCalls calls;
  private final String root;
  private final String user;
  private volatile boolean pages = true;

  /** Data nodes that did not answer: the name node is asked for others. */
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  WebHdfsFiles(HdfsAddress address, SourceSettings settings) {
    boolean secure = address.scheme().equals("swebhdfs");
    if (address.authority().isEmpty() || address.authority().startsWith(":")) {
      throw new CopyException(CopyErrorCode.INVALID_NAME, "\"" + address + "\" names no name node");
    }
    calls = new HttpCalls(settings);
    boolean port = address.authority().matches(".*:[0-9]+") && !address.authority().endsWith("]");
    root =
        (secure ? "https://" : "http://")
            + address.authority()
            + (port ? "" : ":" + (secure ? HTTPS_PORT : HTTP_PORT))
            + "/webhdfs/v1";
    user = HdfsUser.of(address, settings);
    uri("/", "GETFILESTATUS", "");
  }

  @Override
  public HdfsEntry status(String path) throws IOException {
    try {
      String answer = ask(path, "GETFILESTATUS", "");
      return read(answer, json -> WebHdfsAnswers.status(json, path));
    } catch (RemoteFailure e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public Page list(String path, String after) throws IOException {
    try {
      if (pages) {
        Page page = page(path, after);
        if (page != null) {
          return page;
        }
        pages = false;
      }
      Page whole = read(ask(path, "LISTSTATUS", ""), json -> WebHdfsAnswers.whole(json, path));
      List<HdfsEntry> entries = whole.entries();
      return new Page(entries.subList(indexOf(entries, after) + 1, entries.size()), true);
    } catch (RemoteFailure e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        return null;
      }
      throw e;
    }
  }

  /** A page of a listing, or null when the server knows no pages. */
  private Page page(String path, String after) throws IOException {
    // Name nodes and HttpFS differ in the case of the name.
    String from =
        after == null
            ? ""
            : "&startafter=" + encoded(after, false) + "&startAfter=" + encoded(after, false);
    try {
      Page page =
          read(ask(path, "LISTSTATUS_BATCH", from), json -> WebHdfsAnswers.page(json, path));
      // A server that does not heed where to start would list its first page for ever.
      return after != null && indexOf(page.entries(), after) >= 0 ? null : page;
    } catch (RemoteFailure e) {
      if (WebHdfsAnswers.isUnknownOperation(e)) {
        return null;
      }
      throw e;
    }
  }

  private static int indexOf(List<HdfsEntry> entries, String name) {
    int index = entries.size() - 1;
    while (index >= 0 && !entries.get(index).name().equals(name)) {
      index--;
    }
    return index;
  }

  private interface Reading<T> {
    T of(JsonText json);
  }

  private static <T> T read(String answer, Reading<T> reading) throws RemoteFailure {
    try {
      return reading.of(new JsonText(answer, 0));
    } catch (JsonText.Wrong e) {
      throw WebHdfsAnswers.notWebHdfs();
    }
  }

  @Override
  public RemoteBody open(HdfsEntry file, long begin, long end) throws IOException {
    String range = "&offset=" + begin + "&length=" + (end - begin);
    String without = broken.isEmpty() ? "" : "&excludedatanodes=" + String.join(",", broken);
    URI asked = uri(file.path(), "OPEN", range + without);
    HttpResponse<HttpBody> answer = calls.send(calls.get(asked).build());
    if (answer.statusCode() == 307) {
      answer.body().close();
      answer = follow(asked, answer.headers().firstValue("Location").orElse(null));
    }
    if (answer.statusCode() != 200) {
      RemoteFailure failure = failure(answer);
      if (failure.code() == CopyErrorCode.OBJECT_MISSING) {
        throw RemoteFailure.changed();
      }
      throw failure;
    }
    return new Range(answer.body(), file, end - begin);
  }

  /** Asks the data node that the name node names. */
  private HttpResponse<HttpBody> follow(URI from, String location) throws IOException {
    URI to = null;
    try {
      to = location == null ? null : new URI(location);
    } catch (URISyntaxException e) {
      to = null;
    }
    boolean secure = to != null && "https".equals(to.getScheme());
    boolean followed =
        to != null
            && to.getHost() != null
            && from.getRawPath().equals(to.getRawPath())
            && (secure || "http".equals(to.getScheme()) && "http".equals(from.getScheme()));
    if (!followed) {
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_UNREADABLE,
          "the name node redirects to something that is no data node",
          "Redirects are followed to the same path of another host, and from https to https only.");
    }
    try {
      return calls.send(calls.get(to).build());
    } catch (IOException e) {
      RemoteFailure failure = RemoteFailure.of(e);
      broken.add(to.getHost());
      throw RemoteFailure.passing(
          "data node " + to.getAuthority() + ": " + failure.getMessage(), e);
    }
  }

  /** The whole text of an answer that is not data. */
  private String ask(String path, String operation, String parameters) throws IOException {
    HttpResponse<HttpBody> answer = calls.send(calls.get(uri(path, operation, parameters)).build());
    if (answer.statusCode() != 200) {
      throw failure(answer);
    }
    return text(answer.body(), MAX_ANSWER_BYTES);
  }

  private static RemoteFailure failure(HttpResponse<HttpBody> answer) throws IOException {
    return WebHdfsAnswers.failure(answer.statusCode(), text(answer.body(), MAX_ERROR_BYTES));
  }

  private static String text(HttpBody body, int most) throws IOException {
    try (body) {
      byte[] bytes = new byte[FIRST_BYTES];
      int end = 0;
      while (true) {
        int count = body.read(bytes, end, bytes.length - end);
        if (count < 0) {
          return new String(bytes, 0, end, StandardCharsets.UTF_8);
        }
        end += count;
        if (end == most) {
          throw RemoteFailure.lasting(
              CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "an answer of the server has more than " + most + " bytes",
              "Name fewer files.");
        }
        if (end == bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.min(most, 2 * end));
        }
      }
    }
  }

  private URI uri(String path, String operation, String parameters) {
    try {
      return new URI(
          root
              + encoded(path, true)
              + "?op="
              + operation
              + "&user.name="
              + encoded(user, false)
              + parameters);
    } catch (URISyntaxException e) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME, "invalid address \"" + root + path + "\"", e);
    }
  }

  private static String encoded(String text, boolean slashes) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          b >= 'a' && b <= 'z'
              || b >= 'A' && b <= 'Z'
              || b >= '0' && b <= '9'
              || b == '-'
              || b == '_'
              || b == '.'
              || slashes && b == '/';
      if (plain) {
        encoded.append((char) b);
      } else {
        encoded.append('%');
        encoded.append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xf, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
      }
    }
    return encoded.toString();
  }

  @Override
  public void close() {
    // The threads that wait for answers are interrupted.
  }

  /** Bytes of a file; with the last of them, the file is still the one that was listed. */
  private final class Range implements RemoteBody {
    private final HttpBody body;
    private final HdfsEntry file;
    private long left;

    Range(HttpBody body, HdfsEntry file, long length) {
      this.body = body;
      this.file = file;
      left = length;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = body.read(buffer, offset, length);
      if (count < 0 && left > 0) {
        check();
        return count;
      }
      left -= Math.max(count, 0);
      if (left == 0 && count > 0) {
        check();
      }
      return count;
    }

    /** The interface knows no condition by which a request would name the file itself. */
    private void check() throws IOException {
      HdfsEntry now = status(file.path());
      if (now == null || !now.identity().equals(file.identity())) {
        throw RemoteFailure.changed();
      }
    }

    @Override
    public void abort() {
      body.abort();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
