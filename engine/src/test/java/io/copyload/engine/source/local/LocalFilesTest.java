package io.copyload.engine.source.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    for (String name : new String[] {"b.csv", "a.csv", "a.txt", "sub/c.csv", "sub/deep/d.csv"}) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private List<String> names(String pattern) {
    return LocalFiles.list(folder + "/" + pattern).stream()
        .map(object -> folder.relativize(Path.of(object.name())).toString())
        .toList();
  }

  private static String text(SourceObject object, long offset) throws IOException {
    try (ByteReader reader = object.open(offset, new CancelToken())) {
      byte[] buffer = new byte[100];
      int end = 0;
      for (int n; (n = reader.read(buffer, end, 3)) >= 0; ) {
        end += n;
      }
      return new String(buffer, 0, end, StandardCharsets.UTF_8);
    }
  }

  @Test
  void findsFilesByGlobInOrderOfNames() {
    assertEquals(List.of("a.csv", "b.csv"), names("*.csv"));
    assertEquals(List.of("a.csv", "a.txt"), names("a.*"));
    assertEquals(List.of("a.csv", "b.csv"), names("{a,b}.csv"));
    assertEquals(List.of("b.csv"), names("[b-z].csv"));
    assertEquals(List.of("a.csv", "b.csv"), names("?.csv"));
    assertEquals(List.of("sub/c.csv"), names("s*/*.csv"));
    assertEquals(List.of("sub/c.csv", "sub/deep/d.csv"), names("sub/**.csv"));
  }

  @Test
  void takesAnExistingPathLiterally() throws IOException {
    Files.writeString(folder.resolve("[ab].csv"), "literal");
    assertEquals(List.of("[ab].csv"), names("[ab].csv"));
  }

  @Test
  void understandsFileAddresses() throws IOException {
    Files.writeString(folder.resolve("a b.csv"), "blank");
    for (String address :
        new String[] {
          "file:" + folder + "/a.csv", "file://" + folder + "/a.csv", "FILE:" + folder + "/a.csv"
        }) {
      assertEquals("a.csv", text1(address));
    }
    assertEquals("blank", text1("file://" + folder + "/a%20b.csv"));
    assertEquals("blank", text1("file:" + folder + "/a b.csv"));
    assertEquals(2, LocalFiles.list("file://" + folder + "/*.csv").size() - 1);
  }

  private static String text1(String address) {
    try {
      return text(LocalFiles.list(address).get(0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takesRelativePathsFromTheWorkingDirectory() {
    Path here = Path.of("").toAbsolutePath();
    Path relative = here.relativize(folder.toAbsolutePath().resolve("a.csv"));
    assertEquals(5, LocalFiles.list(relative.toString()).get(0).size());
  }

  private void refused(CopyErrorCode code, String message, String location) {
    CopyException e = assertThrows(CopyException.class, () -> LocalFiles.list(location));
    assertEquals(code, e.code());
    assertEquals(message, e.getMessage());
  }

  @Test
  void saysWhyAFileCannotBeTaken() {
    refused(
        CopyErrorCode.OBJECT_MISSING,
        "could not open file \"/no/such\" for reading: No such file or directory",
        "/no/such");
    refused(
        CopyErrorCode.OBJECT_MISSING,
        "could not open file \"" + folder + "/*.zip\" for reading: No such file or directory",
        folder + "/*.zip");
    refused(
        CopyErrorCode.OBJECT_MISSING,
        "could not open file \""
            + folder
            + "/nowhere/*.zip\" for reading: No such file or directory",
        folder + "/nowhere/*.zip");
    refused(CopyErrorCode.WRONG_OBJECT_TYPE, "\"" + folder + "\" is a directory", "" + folder);
    refused(
        CopyErrorCode.OBJECT_MISSING,
        "could not open file \"" + folder + "/a.csv/x\" for reading: Not a directory",
        folder + "/a.csv/x");
  }

  @Test
  void refusesAnUnreadableFile() throws IOException {
    Path file = folder.resolve("a.csv");
    assertTrue(file.toFile().setReadable(false));
    Assumptions.assumeFalse(Files.isReadable(file), "this user may read everything");
    refused(
        CopyErrorCode.INSUFFICIENT_PRIVILEGE,
        "could not open file \"" + file + "\" for reading: Permission denied",
        "" + file);
  }

  @Test
  void readsFromAnywhere() throws IOException {
    SourceObject object = LocalFiles.of(folder.resolve("a.csv"));
    assertEquals("a.csv", text(object, 0));
    assertEquals("csv", text(object, 2));
    assertEquals("", text(object, 5));
    assertTrue(object.seekable());
  }

  @Test
  void noticesThatAFileHasChanged() throws IOException {
    SourceObject object = LocalFiles.of(folder.resolve("a.csv"));
    ByteReader reader = object.open(0, new CancelToken());
    Files.writeString(folder.resolve("a.csv"), "something else");
    assertThrows(IOException.class, reader::close);
    assertThrows(IOException.class, () -> object.open(0, new CancelToken()));
    assertFalse(LocalFiles.of(folder.resolve("a.csv")).size() == object.size());
  }
}
