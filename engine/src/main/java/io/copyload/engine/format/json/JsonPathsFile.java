package io.copyload.engine.format.json;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.manifest.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Redshift's list of paths, one for each column: {@code {"jsonpaths": ["$['a']['b'][0]", ...]}} or
 * {@code "$.a.b[0]"}, one notation in a file (Redshift guide, "COPY from JSON format").
 */
public final class JsonPathsFile {
  /** Documents have at most 4 MB, hence fewer elements. */
  private static final int MAX_INDEX = 1 << 21;

  private static final int MAX_STEPS = 500;

  private enum Notation {
    DOT,
    BRACKET
  }

  private final String name;

  /** Of the paths so far; null while none has shown it. */
  private Notation notation;

  private JsonPathsFile(String name) {
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @param name for messages
   * @return null when its key is not {@code jsonpaths}: the file means nothing then
   * @throws CopyException BAD_COPY_FILE_FORMAT when it is not one object with an array of paths
   */
  public static List<JsonPath> read(String name, byte[] bytes) {
    try {
      return new JsonPathsFile(name)
          .paths(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new CopyException(
          CopyErrorCode.BAD_COPY_FILE_FORMAT, "JSONPaths file \"" + name + "\" is not UTF-8", e);
    }
  }

  private List<JsonPath> paths(String text) {
    JsonText json = new JsonText(text, 0);
    List<String> paths = null;
    try {
      json.expect('{');
      for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
        String key = json.string();
        json.expect(':');
        if (!key.equals("jsonpaths")) {
          json.skipValue();
          continue;
        }
        paths = new ArrayList<>();
        json.expect('[');
        for (boolean next = !json.accept(']'); next; next = json.moreInArray()) {
          String path = json.string();
          if (path.isBlank()) {
            throw json.wrong("an element is empty");
          }
          paths.add(path);
        }
      }
      json.expectEnd();
    } catch (JsonText.Wrong e) {
      throw new CopyException(
              CopyErrorCode.BAD_COPY_FILE_FORMAT,
              "JSONPaths file \"" + name + "\" is not right: " + e.getMessage())
          .withHint("It is one JSON object: {\"jsonpaths\": [\"$['key']\", ...]}");
    }
    if (paths == null) {
      return null;
    }
    List<JsonPath> parsed = new ArrayList<>();
    for (String path : paths) {
      parsed.add(path(path));
    }
    return parsed;
  }

  private JsonPath path(String text) {
    String path = text.strip();
    if (path.charAt(0) != '$') {
      throw invalid(path, 0, "it must begin with $");
    }
    List<JsonPath.Step> steps = new ArrayList<>();
    int at = 1;
    while (at < path.length()) {
      if (steps.size() == MAX_STEPS) {
        throw invalid(path, at, "it has more than " + MAX_STEPS + " steps");
      }
      char c = path.charAt(at);
      if (c == '.') {
        at = dotStep(path, at + 1, steps);
      } else if (c == '[' && at + 1 < path.length() && isQuote(path.charAt(at + 1))) {
        at = quotedStep(path, at + 1, steps);
      } else if (c == '[') {
        at = indexStep(path, at + 1, steps);
      } else {
        throw invalid(path, at, "expected \".\", \"[\" or its end");
      }
    }
    return new JsonPath(steps);
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"';
  }

  private void use(Notation used, String path, int at) {
    if (notation != null && notation != used) {
      throw invalid(path, at, "bracket and dot notation cannot be mixed");
    }
    notation = used;
  }

  private int dotStep(String path, int from, List<JsonPath.Step> steps) {
    use(Notation.DOT, path, from - 1);
    int end = from;
    while (end < path.length() && ".['\"]".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    String key = path.substring(from, end);
    if (key.isEmpty()) {
      throw invalid(path, from, "a name is missing");
    }
    if (key.equals("*")) {
      throw several(path, from);
    }
    steps.add(new JsonPath.Step(key, -1));
    return end;
  }

  private int quotedStep(String path, int quoteAt, List<JsonPath.Step> steps) {
    use(Notation.BRACKET, path, quoteAt - 1);
    char quote = path.charAt(quoteAt);
    StringBuilder key = new StringBuilder();
    int at = quoteAt + 1;
    while (at < path.length() && path.charAt(at) != quote) {
      if (path.charAt(at) == '\\' && at + 1 < path.length()) {
        at++;
      }
      key.append(path.charAt(at++));
    }
    if (at + 1 >= path.length() || path.charAt(at + 1) != ']') {
      throw invalid(path, Math.min(at, path.length()), "expected " + quote + "]");
    }
    steps.add(new JsonPath.Step(key.toString(), -1));
    return at + 2;
  }

  private int indexStep(String path, int from, List<JsonPath.Step> steps) {
    int end = path.indexOf(']', from);
    if (end < 0) {
      throw invalid(path, path.length(), "expected \"]\"");
    }
    String digits = path.substring(from, end).strip();
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw digits.matches("[*?:,@].*|.*[:,].*")
          ? several(path, from)
          : invalid(path, from, "an index must be a whole number from 0");
    }
    int index = digits.length() > 9 ? MAX_INDEX : Math.min(MAX_INDEX, Integer.parseInt(digits));
    steps.add(new JsonPath.Step(null, index));
    return end + 1;
  }

  private CopyException several(String path, int at) {
    return invalid(path, at, "wildcards, slices and filters are not supported");
  }

  private CopyException invalid(String path, int at, String why) {
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "Invalid JSONPath format in \""
            + name
            + "\": \""
            + path
            + "\", character "
            + (at + 1)
            + ": "
            + why);
  }
}
