package io.copyload.tck.source;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table with pages, limits, segments and consumed capacity as DynamoDB's guide tells them. */
final class GuideTable implements DynamoServer.Table {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int UNIT_BYTES = 4096;

  @Override
  public String describe(List<String> items, long readCapacity) {
    long bytes = items.stream().mapToLong(String::length).sum();
    return "{\"Table\":{\"TableName\":\"Movies\",\"TableStatus\":\"ACTIVE\",\"TableSizeBytes\":"
        + bytes
        + ",\"ItemCount\":"
        + items.size()
        + ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":"
        + readCapacity
        + ",\"WriteCapacityUnits\":1}}}";
  }

  private static long number(String body, String pattern, long absent) {
    Matcher matcher = Pattern.compile(pattern).matcher(body);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : absent;
  }

  @Override
  public String scan(List<String> items, String request) {
    int segment = (int) number(request, "\"Segment\":(\\d+)", 0);
    int segments = (int) number(request, "\"TotalSegments\":(\\d+)", 1);
    long limit = number(request, "\"Limit\":(\\d+)", Long.MAX_VALUE);
    int from = (int) number(request, "\"row\":\\{\"N\":\"(\\d+)\"", -1) + 1;
    StringBuilder found = new StringBuilder();
    int count = 0;
    int bytes = 0;
    int last = -1;
    for (int i = from; i < items.size(); i++) {
      if (i % segments != segment) {
        continue;
      }
      if (count == limit || bytes >= PAGE_BYTES) {
        break;
      }
      found.append(count == 0 ? "" : ",").append(items.get(i));
      bytes += items.get(i).length();
      count++;
      last = i;
    }
    boolean more = count == limit || bytes >= PAGE_BYTES;
    long half = Math.max(1, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    return "{\"Items\":["
        + found
        + "],\"Count\":"
        + count
        + ",\"ScannedCount\":"
        + count
        + ",\"ConsumedCapacity\":{\"TableName\":\"Movies\",\"CapacityUnits\":"
        + half / 2.0
        + "}"
        + (more ? ",\"LastEvaluatedKey\":{\"row\":{\"N\":\"" + last + "\"}}" : "")
        + "}";
  }
}
