package io.copyload.engine.source.ssh;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.manifest.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Redshift's list of the commands of a COPY (developer guide, "Step 5: Create a manifest file"):
 * {@code {"entries": [{"endpoint": "host", "command": "cat x", "mandatory": true, "publickey":
 * "AAAA...", "username": "u"}, ...]}}. Other keys mean nothing.
 */
final class SshManifest {
  private static final String EXAMPLE =
      "An SSH manifest is {\"entries\": [{\"endpoint\": \"host\", \"command\": \"cat data.txt\","
          + " \"mandatory\": true, \"publickey\": \"AAAA...\", \"username\": \"user\"}, ...]}.";

  private SshManifest() {}

  /**
   * One command on one host.
   *
   * @param mandatory the COPY fails when the host cannot be connected to
   * @param publicKey of the host in SSH's wire format, or null when any known key will do
   * @param username null for the default
   */
  record Entry(
      String endpoint,
      String command,
      boolean mandatory,
      HostPublicKey publicKey,
      String username) {
    /** The host and the command, for messages and views. */
    String shown() {
      return endpoint + ": " + command;
    }
  }

  /**
   * Reads a manifest.
   *
   * @param name for messages
   * @throws CopyException BAD_COPY_FILE_FORMAT with the place where the text is wrong
   */
  static List<Entry> read(String name, byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw broken(name, "it is not UTF-8", e);
    }
    JsonText json = new JsonText(text, 0);
    List<Entry> entries = null;
    try {
      json.expect('{');
      for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
        String key = json.string();
        json.expect(':');
        if (!key.equals("entries")) {
          json.skipValue();
          continue;
        }
        if (entries != null) {
          throw json.wrong("\"entries\" appears twice");
        }
        entries = new ArrayList<>();
        json.expect('[');
        for (boolean next = !json.accept(']'); next; next = json.moreInArray()) {
          entries.add(entry(json));
        }
      }
      json.expectEnd();
      if (entries == null || entries.isEmpty()) {
        throw json.wrong("it has no entries");
      }
      return entries;
    } catch (JsonText.Wrong e) {
      throw broken(name, e.getMessage(), e);
    }
  }

  private static Entry entry(JsonText json) {
    String endpoint = null;
    String command = null;
    boolean mandatory = false;
    HostPublicKey publicKey = null;
    String username = null;
    json.expect('{');
    for (boolean more = !json.accept('}'); more; more = json.moreInObject()) {
      String key = json.string();
      json.expect(':');
      switch (key) {
        case "endpoint" -> endpoint = json.string();
        case "command" -> command = json.string();
        case "mandatory" -> mandatory = json.bool();
        case "publickey" -> publicKey = publicKey(json);
        case "username" -> username = json.string();
        case "url" ->
            throw json.wrong("\"url\" is of a manifest of files: leave SSH out, or name commands");
        default -> json.skipValue();
      }
    }
    if (endpoint == null || !endpoint.matches("[\\p{L}\\p{N}._:%-]+") || endpoint.startsWith("-")) {
      throw json.wrong(
          endpoint == null
              ? "\"endpoint\" is missing in the entry before"
              : "\"endpoint\" of the entry before is no host name or address");
    }
    if (command == null || command.isBlank()) {
      throw json.wrong("\"command\" is missing in the entry before");
    }
    if (username != null && (username.isBlank() || username.chars().anyMatch(c -> c < ' '))) {
      throw json.wrong("\"username\" of the entry before is no name");
    }
    return new Entry(endpoint, command, mandatory, publicKey, username);
  }

  private static HostPublicKey publicKey(JsonText json) {
    String text = json.string();
    try {
      return HostPublicKey.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw json.wrong(
          "\"publickey\" is no public key: it is the middle part of the host's key file, in base64");
    }
  }

  private static CopyException broken(String name, String why, Exception e) {
    return new CopyException(
        CopyErrorCode.BAD_COPY_FILE_FORMAT,
        "SSH manifest \"" + name + "\" cannot be read: " + why,
        null,
        EXAMPLE,
        null,
        0,
        e);
  }
}
