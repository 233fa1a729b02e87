package io.copyload.engine.source.dynamodb;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.ItemObject;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** A table as the items of a parallel scan. */
final class DynamoTable implements ItemObject {
  /** More reading at once helps only tables that have more than so much. */
  private static final long PART_BYTES = 8 << 20;

  private static final int MIN_PARTS = 4;
  private static final int MAX_PARTS = 256;
  private static final double ALL = 100;

  private final DynamoStore store;
  private final long sizeBytes;
  private final double unitsPerSecond;

  /**
   * @param sizeBytes as the service knows it; it may be hours old
   * @param unitsPerSecond the table's read capacity; 0 when it has none
   */
  DynamoTable(DynamoStore store, long sizeBytes, double unitsPerSecond) {
    this.store = store;
    this.sizeBytes = sizeBytes;
    this.unitsPerSecond = unitsPerSecond;
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public long size() {
    return UNKNOWN_SIZE;
  }

  @Override
  public boolean seekable() {
    return false;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) {
    throw new CopyException(CopyErrorCode.SYNTAX, "COPY FROM dynamodb:// requires READRATIO");
  }

  @Override
  public Scan scan(int readRatio, CancelToken cancel) {
    // From 100 on all that the table has is used: the service itself is the limit.
    ReadRate rate = new ReadRate(readRatio >= ALL ? 0 : unitsPerSecond * readRatio / ALL);
    int parts = (int) Math.max(MIN_PARTS, Math.min(MAX_PARTS, sizeBytes / PART_BYTES));
    return new Scan() {
      @Override
      public int partCount() {
        return parts;
      }

      @Override
      public Items part(int number) {
        return new Part(number, parts, rate, cancel);
      }
    };
  }

  private final class Part implements Items {
    private final int number;
    private final int parts;
    private final ReadRate rate;
    private final CancelToken cancel;
    private Iterator<Map<String, AttributeValue>> page =
        List.<Map<String, AttributeValue>>of().iterator();
    private Map<String, AttributeValue> after;
    private boolean last;

    Part(int number, int parts, ReadRate rate, CancelToken cancel) {
      this.number = number;
      this.parts = parts;
      this.rate = rate;
      this.cancel = cancel;
    }

    @Override
    public boolean next(Values values) throws IOException {
      while (!page.hasNext()) {
        if (last) {
          return false;
        }
        ReadRate.Page asked = rate.await(cancel);
        ScanResponse answer = store.page(number, parts, after, asked.items(), cancel);
        if (answer.consumedCapacity() != null) {
          Double units = answer.consumedCapacity().capacityUnits();
          rate.consumed(asked, answer.scannedCount(), units == null ? 0 : units);
        }
        page = answer.items().iterator();
        after = answer.lastEvaluatedKey();
        last = !answer.hasLastEvaluatedKey() || after.isEmpty();
      }
      for (Map.Entry<String, AttributeValue> attribute : page.next().entrySet()) {
        AttributeValue value = attribute.getValue();
        switch (value.type()) {
          case S -> values.text(attribute.getKey(), value.s());
          case N -> values.number(attribute.getKey(), value.n());
          default -> values.other(attribute.getKey(), value.type().name());
        }
      }
      return true;
    }
  }
}
