package io.copyload.engine.source.s3;

import io.copyload.engine.source.EventQueue;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * What a bucket says of its objects (S3 user guide, "Event message structure"), straight or as SNS
 * wraps it.
 */
final class S3Event {
  private static final String CREATED = "ObjectCreated:";

  private S3Event() {}

  /** A message, whatever its body is. */
  static EventQueue.Message message(String receipt, String body) {
    try {
      List<String> names = names(body, true);
      if (names != null) {
        return new EventQueue.Message(receipt, names, null);
      }
    } catch (UncheckedIOException | IllegalArgumentException e) {
      return new EventQueue.Message(receipt, List.of(), "it is not well-formed");
    }
    return new EventQueue.Message(receipt, List.of(), "it is no event of S3");
  }

  /** The new objects; null when the text is something else. */
  private static List<String> names(String body, boolean mayBeWrapped) {
    Map<String, JsonNode> fields = fields(JsonNode.parser().parse(body));
    JsonNode records = fields.get("Records");
    if (records == null) {
      // SNS's "Message" is text that is JSON again.
      String wrapped = text(fields.get("Message"));
      if (wrapped != null && mayBeWrapped) {
        return names(wrapped, false);
      }
      return "s3:TestEvent".equals(text(fields.get("Event"))) ? List.of() : null;
    }
    if (!records.isArray()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (JsonNode record : records.asArray()) {
      Map<String, JsonNode> event = fields(record);
      String kind = text(event.get("eventName"));
      Map<String, JsonNode> s3 = fields(event.get("s3"));
      String bucket = text(fields(s3.get("bucket")).get("name"));
      String key = text(fields(s3.get("object")).get("key"));
      if (kind == null || bucket == null || key == null) {
        return null;
      }
      if (kind.startsWith(CREATED)) {
        // Keys are encoded as in forms: a blank is a plus sign.
        names.add("s3://" + bucket + "/" + URLDecoder.decode(key, StandardCharsets.UTF_8));
      }
    }
    return names;
  }

  private static Map<String, JsonNode> fields(JsonNode node) {
    return node != null && node.isObject() ? node.asObject() : Map.of();
  }

  private static String text(JsonNode node) {
    return node != null && node.isString() ? node.asString() : null;
  }
}
