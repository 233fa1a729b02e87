package io.copyload.engine.source.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that nginx 1.22, Apache 2.4 and Python 3.11 have made for the same folder, and others. */
class ListingPageTest {
  private static final URI FOLDER = URI.create("http://example.com/in/");

  private static List<String> names(String contentType, InputStream page) throws IOException {
    return new ArrayList<>(ListingPage.names(FOLDER, contentType, page));
  }

  private static List<String> names(String contentType, String page) throws IOException {
    return names(contentType, new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @CsvSource({
    "nginx.html,text/html,%C3%BC.csv 100%25.csv a.csv b%20c%26d.csv x%3Ay.csv",
    "nginx.json,application/json,%C3%BC.csv 100%25.csv a.csv b%20c&d.csv x:y.csv",
    "apache-table.html,text/html;charset=ISO-8859-1,"
        + "%c3%bc.csv 100%25.csv a.csv b%20c&d.csv x:y.csv",
    "apache-list.html,text/html;charset=ISO-8859-1,"
        + "%c3%bc.csv 100%25.csv a.csv b%20c&d.csv x:y.csv",
    "apache-pre.html,text/html;charset=ISO-8859-1,"
        + "%c3%bc.csv 100%25.csv a.csv b%20c&d.csv x:y.csv",
    "python.html,text/html; charset=utf-8,%C3%BC.csv 100%25.csv a.csv b%20c%26d.csv x%3Ay.csv"
  })
  void filesOfAFolderAreFound(String page, String contentType, String expected) throws IOException {
    try (InputStream in = ListingPageTest.class.getResourceAsStream(page)) {
      assertEquals(List.of(expected.split(" ")), names(contentType, in));
    }
  }

  @Test
  void onlyRelativeLinksToFilesInTheFolderCount() throws IOException {
    assertEquals(
        List.of("a.csv", "b.csv", "c.csv"),
        names(
            "text/html",
            "<title>Directory: /in/</title><a href='a.csv'>x</a><a href='a.csv#top'>y</a>"
                + "<a href='/in/b.csv'>x</a><a href='./c.csv'>x</a><a href='d/'>x</a>"
                + "<a href='../e.csv'>x</a><a href='/in2/f.csv'>x</a><a href='d/g.csv'>x</a>"
                + "<a href='http://example.com/in/h.csv'>x</a><a href='//example.com/in/i.csv'>x</a>"
                + "<a href='?C=N'>x</a><a href='j.csv?x=1'>x</a><a href='mailto:a@b'>x</a>"
                + "<a href=''>x</a><a href='.'>x</a><a href='..'>x</a><a>x</a><a href='%'>x</a>"));
    assertEquals(List.of(), names("text/html", "<title>Index of /in/</title>"));
    assertEquals(List.of(), names("application/json", "[]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "text/html~<title>Welcome</title><a href='a.csv'>a</a>~its title is \"Welcome\"",
        "text/html~<a href='a.csv'>a</a>~it has no title",
        "text/csv~1,a~it is text/csv",
        "~x~does not tell its type",
        "application/json~{\"files\":[]}~not an array of files",
        "application/json~[{\"name\":\"a\"}]~has no \"name\" or no \"type\"",
        "application/json~[1]~not an array of files"
      })
  void otherPagesAreRefusedByName(String contentType, String page, String why) {
    RemoteFailure e = assertThrows(RemoteFailure.class, () -> names(contentType, page));
    assertEquals(CopyErrorCode.WRONG_OBJECT_TYPE, e.code());
    assertTrue(e.getMessage().startsWith("the page is no listing of files: "), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void pagesAreBounded() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return ' ';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            java.util.Arrays.fill(buffer, offset, offset + length, (byte) ' ');
            return length;
          }
        };
    for (String type : List.of("text/html", "application/json")) {
      RemoteFailure e = assertThrows(RemoteFailure.class, () -> names(type, endless));
      assertEquals(CopyErrorCode.PROGRAM_LIMIT_EXCEEDED, e.code());
    }
  }
}
