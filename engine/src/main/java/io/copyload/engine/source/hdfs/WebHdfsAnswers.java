package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.manifest.JsonText;
import io.copyload.engine.source.remote.RemoteFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What the answers of WebHDFS say. */
final class WebHdfsAnswers {
  private static final String UNKNOWN_OPERATION = "the server does not know the operation";

  private WebHdfsAnswers() {}

  static HdfsEntry status(JsonText json, String path) {
    HdfsEntry[] found = new HdfsEntry[1];
    members(
        json,
        name -> {
          if (!name.equals("FileStatus")) {
            return false;
          }
          found[0] = entry(json, path, false);
          return true;
        });
    if (found[0] == null) {
      throw json.wrong("expected a FileStatus");
    }
    return found[0];
  }

  /** A listing without pages. */
  static HdfsFiles.Page whole(JsonText json, String folder) {
    return new HdfsFiles.Page(statuses(json, folder), true);
  }

  /** A page of a listing. */
  static HdfsFiles.Page page(JsonText json, String folder) {
    List<HdfsEntry> entries = new ArrayList<>();
    long[] rest = new long[1];
    members(
        json,
        listing -> {
          if (!listing.equals("DirectoryListing")) {
            return false;
          }
          members(
              json,
              name -> {
                switch (name) {
                  case "partialListing" -> entries.addAll(statuses(json, folder));
                  case "remainingEntries" -> rest[0] = json.count();
                  default -> {
                    return false;
                  }
                }
                return true;
              });
          return true;
        });
    return new HdfsFiles.Page(List.copyOf(entries), rest[0] == 0);
  }

  private static List<HdfsEntry> statuses(JsonText json, String folder) {
    List<HdfsEntry> entries = new ArrayList<>();
    members(
        json,
        outer -> {
          if (!outer.equals("FileStatuses")) {
            return false;
          }
          members(
              json,
              inner -> {
                if (!inner.equals("FileStatus")) {
                  return false;
                }
                json.expect('[');
                for (boolean more = !json.accept(']'); more; more = json.moreInArray()) {
                  HdfsEntry entry = entry(json, folder, true);
                  if (entry != null) {
                    entries.add(entry);
                  }
                }
                return true;
              });
          return true;
        });
    return entries;
  }

  /** Reads an object; what {@code member} does not take is skipped. */
  private static void members(JsonText json, Predicate<String> member) {
    json.expect('{');
    for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
      String name = json.string();
      json.expect(':');
      if (!member.test(name)) {
        json.skipValue();
      }
    }
  }

  /**
   * One file or folder.
   *
   * @param listed whether {@code path} is the folder that it is in; the listing of a file has the
   *     file without a name, for which null is returned
   */
  private static HdfsEntry entry(JsonText json, String path, boolean listed) {
    String[] texts = {"", ""};
    long[] numbers = new long[3];
    members(
        json,
        name -> {
          switch (name) {
            case "pathSuffix" -> texts[0] = json.string();
            case "type" -> texts[1] = json.string();
            case "length" -> numbers[0] = json.count();
            case "modificationTime" -> numbers[1] = json.count();
            case "fileId" -> numbers[2] = json.count();
            default -> {
              return false;
            }
          }
          return true;
        });
    if (listed && texts[0].isEmpty() || !List.of("FILE", "DIRECTORY").contains(texts[1])) {
      return null;
    }
    return new HdfsEntry(
        listed ? (path.equals("/") ? "" : path) + "/" + texts[0] : path,
        texts[1].equals("DIRECTORY"),
        numbers[0],
        Instant.ofEpochMilli(numbers[1]),
        numbers[2]);
  }

  static boolean isUnknownOperation(RemoteFailure e) {
    return e.getMessage().startsWith(UNKNOWN_OPERATION);
  }

  static RemoteFailure notWebHdfs() {
    return RemoteFailure.lasting(
        CopyErrorCode.OBJECT_UNREADABLE,
        "what answers there does not speak WebHDFS",
        "Name the HTTP port of the name node, usually 9870 (50070 before Hadoop 3).");
  }

  /** What an answer other than 200 means. */
  static RemoteFailure failure(int status, String text) {
    String[] remote = {null, ""};
    try {
      JsonText json = new JsonText(text, 0);
      members(
          json,
          outer -> {
            if (!outer.equals("RemoteException")) {
              return false;
            }
            members(
                json,
                name -> {
                  switch (name) {
                    case "exception" -> remote[0] = json.string();
                    case "message" -> remote[1] = json.string();
                    default -> {
                      return false;
                    }
                  }
                  return true;
                });
            return true;
          });
    } catch (JsonText.Wrong e) {
      // Not every error comes from Hadoop itself.
      remote[0] = null;
    }
    if (remote[0] != null) {
      return HdfsErrors.of(remote[0], remote[1]);
    }
    return switch (status) {
      case 401, 407 ->
          RemoteFailure.lasting(
              CopyErrorCode.CREDENTIALS_REFUSED,
              "the server asks for authentication, status " + status,
              "A cluster with Kerberos can be read by hdfs://.");
      case 403 ->
          RemoteFailure.lasting(
              CopyErrorCode.INSUFFICIENT_PRIVILEGE, "the server refuses, status 403", null);
      case 408, 429, 500, 502, 503, 504 ->
          RemoteFailure.passing("the server answered with status " + status, null);
      default -> notWebHdfs();
    };
  }

  static RemoteFailure unknownOperation(String message) {
    return RemoteFailure.lasting(
        CopyErrorCode.OBJECT_UNREADABLE, UNKNOWN_OPERATION + ": " + message, null);
  }
}
