package io.copyload.tck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * A parsed case file: a title, where it runs, and its steps in order. The format is described in
 * {@code cases/README.md}.
 *
 * <p><b>Failures:</b> anything the format does not know is an {@link IllegalArgumentException} that
 * names file and line; a misspelt expectation must never pass unseen.
 */
record CaseFile(
    Path path,
    String title,
    boolean inMemory,
    boolean onDisk,
    String settings,
    Map<String, String> properties,
    List<Step> steps) {

  /** Something that the runner does, with the line it stands on. */
  sealed interface Step {
    int lineNumber();
  }

  /** Writes a file into the case's folder before the next step. */
  record InputFile(int lineNumber, String name, byte[] content, boolean gzip, String copyOf)
      implements Step {}

  /** Statements of which nothing is expected but success. */
  record Setup(int lineNumber, List<String> statements) implements Step {}

  /** One statement and what must come of it. */
  record Statement(
      int lineNumber, String sql, boolean query, List<Bind> binds, Expectation expected)
      implements Step {}

  /** The rejects of the newest load, as {@code stl_load_errors} lists them. */
  record Rejects(int lineNumber, List<String> columns, List<String> rows) implements Step {}

  /** A connection or transaction step: its keyword and its argument, which may be empty. */
  record Control(int lineNumber, String keyword, String argument) implements Step {}

  /** A value for the next {@code ?}: how it is given, and the file's name or the text. */
  record Bind(String kind, String argument) {}

  /** What a statement must do; absent parts are null and not checked. */
  record Expectation(
      Long count,
      String sqlState,
      String message,
      String messageContains,
      String warningContains,
      List<String> kinds,
      List<String> rows,
      boolean unordered) {}

  /** The properties for the connection. */
  Properties connectionProperties() {
    Properties result = new Properties();
    properties.forEach(result::setProperty);
    return result;
  }

  static CaseFile read(Path path) throws IOException {
    return new Parser(path, Files.readString(path, StandardCharsets.UTF_8)).parse();
  }

  private static final class Parser {
    private static final Set<String> CONTROLS =
        Set.of(
            "connection",
            "close",
            "autocommit",
            "isolation",
            "commit",
            "rollback",
            "savepoint",
            "rollback to",
            "release",
            "reopen");
    private static final Set<String> WITHOUT_ARGUMENT = Set.of("commit", "rollback", "reopen");
    private static final Set<String> BINDS =
        Set.of("stream", "reader", "bytes", "string", "path", "file", "value");

    private final Path path;
    private final List<String> lines;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, String> properties = new java.util.LinkedHashMap<>();
    private int next;
    private String title;
    private String storage = "memory";
    private String settings = "";

    // The statement whose expectations are being read, if any.
    private int statementLine;
    private String statementSql;
    private boolean statementIsQuery;
    private List<Bind> binds;
    private Long count;
    private String sqlState;
    private String message;
    private String messageContains;
    private String warningContains;
    private List<String> kinds;
    private List<String> rows;
    private boolean unordered;
    private boolean anyRows;

    Parser(Path path, String text) {
      this.path = path;
      this.lines = Arrays.asList(text.split("\n", -1));
    }

    CaseFile parse() {
      while (next < lines.size()) {
        String line = lines.get(next++);
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith(" ") || line.startsWith("\t")) {
          throw bad("an indented line without a keyword above it");
        }
        int colon = line.indexOf(':');
        if (colon < 0) {
          throw bad("no ':' after the keyword");
        }
        keyword(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
      endStatement();
      if (title == null) {
        throw bad("no 'case:'");
      }
      boolean inMemory = !storage.equals("disk only");
      boolean onDisk = !storage.equals("memory");
      return new CaseFile(
          path, title, inMemory, onDisk, settings, Map.copyOf(properties), List.copyOf(steps));
    }

    private void keyword(String head, String argument) {
      int line = next;
      if (title == null && !head.equals("case")) {
        throw bad("the first keyword must be 'case'");
      }
      switch (head) {
        case "case" -> {
          if (title != null) {
            throw bad("'case' twice");
          }
          title = needed(argument);
        }
        case "storage" -> {
          if (!Set.of("memory", "disk", "disk only").contains(argument)) {
            throw bad("storage is 'memory', 'disk' or 'disk only'");
          }
          storage = argument;
        }
        case "settings" -> settings = needed(argument);
        case "property" -> {
          int equals = needed(argument).indexOf('=');
          if (equals < 1) {
            throw bad("property needs name=value");
          }
          properties.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        case "setup" -> {
          endStatement();
          none(argument);
          steps.add(new Setup(line, statements(body())));
        }
        case "run", "query" -> {
          endStatement();
          statementLine = line;
          statementSql = argument.isEmpty() ? String.join("\n", body()) : argument;
          if (statementSql.isBlank()) {
            throw bad(head + " without a statement");
          }
          statementIsQuery = head.equals("query");
          binds = new ArrayList<>();
        }
        case "bind" -> {
          inStatement(head);
          String kind = argument.split(" ", 2)[0];
          if (!BINDS.contains(kind)) {
            throw bad("unknown kind of bind '" + kind + "'");
          }
          binds.add(new Bind(kind, argument.substring(kind.length()).strip()));
        }
        case "loaded", "updated" -> {
          inStatement(head);
          count = Long.valueOf(needed(argument));
        }
        case "error" -> {
          inStatement(head);
          sqlState = needed(argument);
        }
        case "message" -> {
          inStatement(head);
          message = needed(argument);
        }
        case "message contains" -> {
          inStatement(head);
          messageContains = needed(argument);
        }
        case "warning contains" -> {
          inStatement(head);
          warningContains = needed(argument);
        }
        case "kinds" -> {
          inStatement(head);
          kinds = List.of(needed(argument).split(" +"));
        }
        case "rows", "rows unordered" -> {
          inStatement(head);
          if (argument.equals("none")) {
            rows = List.of();
          } else if (argument.equals("any")) {
            anyRows = true;
          } else {
            none(argument);
            rows = body();
            if (rows.isEmpty()) {
              throw bad("no rows; write 'rows: none'");
            }
          }
          unordered = head.equals("rows unordered");
        }
        default -> {
          endStatement();
          other(line, head, argument);
        }
      }
    }

    private void other(int line, String head, String argument) {
      if (head.startsWith("file ")) {
        file(line, head.substring(5).strip(), argument);
      } else if (head.startsWith("rejects ")) {
        List<String> columns = List.of(head.substring(8).strip().split(" +"));
        List<String> expected = argument.equals("none") ? List.of() : body();
        if (!argument.equals("none")) {
          none(argument);
        }
        steps.add(new Rejects(line, columns, expected));
      } else if (CONTROLS.contains(head)) {
        if (WITHOUT_ARGUMENT.contains(head)) {
          none(argument);
        } else {
          needed(argument);
        }
        steps.add(new Control(line, head, argument));
      } else {
        throw bad("unknown keyword '" + head + "'");
      }
    }

    private void file(int line, String head, String argument) {
      none(argument);
      String[] words = head.split(" +");
      boolean escaped = false;
      boolean gzip = false;
      int repeat = 0;
      String copyOf = null;
      for (int i = 1; i < words.length; i++) {
        switch (words[i]) {
          case "escaped" -> escaped = true;
          case "gzip" -> gzip = true;
          case "repeat" -> repeat = Integer.parseInt(words[++i]);
          case "from" -> copyOf = words[++i];
          default -> throw bad("unknown word '" + words[i] + "' after file");
        }
      }
      List<String> body = body();
      if (copyOf != null && !body.isEmpty()) {
        throw bad("a file that comes 'from' another has no lines here");
      }
      byte[] content = escaped ? unescape(String.join("", body)) : plain(body, repeat);
      steps.add(new InputFile(line, words[0], content, gzip, copyOf));
    }

    private byte[] plain(List<String> body, int repeat) {
      StringBuilder out = new StringBuilder();
      String text = body.isEmpty() ? "" : String.join("\n", body) + "\n";
      if (repeat == 0) {
        out.append(text);
      }
      for (int i = 1; i <= repeat; i++) {
        out.append(text.replace("${i}", Integer.toString(i)));
      }
      return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] unescape(String text) {
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      for (int i = 0; i < text.length(); ) {
        int c = text.codePointAt(i);
        i += Character.charCount(c);
        if (c != '\\') {
          out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
          continue;
        }
        char escape = i < text.length() ? text.charAt(i++) : ' ';
        switch (escape) {
          case 'n' -> out.write('\n');
          case 'r' -> out.write('\r');
          case 't' -> out.write('\t');
          case 's' -> out.write(' ');
          case '\\' -> out.write('\\');
          case 'x' -> {
            out.write(Integer.parseInt(text.substring(i, i + 2), 16));
            i += 2;
          }
          default -> throw bad("unknown escape '\\" + escape + "'");
        }
      }
      return out.toByteArray();
    }

    /**
     * The indented lines that follow, without their two blanks and without trailing empty lines.
     */
    private List<String> body() {
      List<String> body = new ArrayList<>();
      while (next < lines.size()) {
        String line = lines.get(next);
        if (line.startsWith("  ")) {
          body.add(line.substring(2));
        } else if (line.isEmpty()) {
          body.add("");
        } else {
          break;
        }
        next++;
      }
      while (!body.isEmpty() && body.get(body.size() - 1).isEmpty()) {
        body.remove(body.size() - 1);
      }
      return body;
    }

    /** One statement a line; a line that is indented further continues the one above. */
    private List<String> statements(List<String> body) {
      List<String> result = new ArrayList<>();
      for (String line : body) {
        if (line.isBlank()) {
          continue;
        }
        if (line.startsWith("  ") && !result.isEmpty()) {
          int last = result.size() - 1;
          result.set(last, result.get(last) + "\n" + line);
        } else {
          result.add(line);
        }
      }
      if (result.isEmpty()) {
        throw bad("setup without statements");
      }
      return result;
    }

    private void inStatement(String keyword) {
      if (statementSql == null) {
        throw bad("'" + keyword + "' must follow run or query");
      }
    }

    private void endStatement() {
      if (statementSql == null) {
        return;
      }
      if (statementIsQuery && rows == null && !anyRows && sqlState == null) {
        throw bad("query of line " + statementLine + " expects nothing");
      }
      if (!statementIsQuery && rows != null) {
        throw bad("rows must follow query");
      }
      if ((message != null || messageContains != null) && sqlState == null) {
        throw bad("message must follow error");
      }
      Expectation expected =
          new Expectation(
              count, sqlState, message, messageContains, warningContains, kinds, rows, unordered);
      steps.add(
          new Statement(
              statementLine, statementSql, statementIsQuery, List.copyOf(binds), expected));
      statementSql = null;
      binds = null;
      count = null;
      sqlState = null;
      message = null;
      messageContains = null;
      warningContains = null;
      kinds = null;
      rows = null;
      unordered = false;
      anyRows = false;
    }

    private String needed(String argument) {
      if (argument.isEmpty()) {
        throw bad("nothing after ':'");
      }
      return argument;
    }

    private void none(String argument) {
      if (!argument.isEmpty()) {
        throw bad("unexpected '" + argument + "'");
      }
    }

    private IllegalArgumentException bad(String what) {
      return new IllegalArgumentException(path + ":" + next + ": " + what);
    }
  }
}
