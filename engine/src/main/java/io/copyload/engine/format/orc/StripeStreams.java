package io.copyload.engine.format.orc;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.orc.OrcObject.BoundColumn;
import io.copyload.engine.source.SourceObject;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams of one stripe. What is wanted of a small stripe is read at once; of a large one each
 * stream through a window of its own, so that memory does not depend on the size of stripes.
 * Threads: one.
 */
final class StripeStreams implements Closeable {
  private static final int MIN_HEAP_BYTES = 32 << 20;
  private static final int MIN_WINDOW_BYTES = 8 << 10;
  private static final int MAX_WINDOW_BYTES = 256 << 10;

  private final SourceObject source;
  private final OrcTail tail;
  private final long bytes;
  private final CancelToken cancel;
  private final HeapBudget heap;
  private final List<StreamInput> opened = new ArrayList<>();
  private StripeFooter footer;
  private int windowBytes;

  /** All wanted streams, or null. */
  private byte[] whole;

  private long wholeBegin;

  StripeStreams(SourceObject source, OrcTail tail, long bytes, CancelToken cancel) {
    this.source = source;
    this.tail = tail;
    this.bytes = bytes;
    this.cancel = cancel;
    heap = new HeapBudget(Math.max(MIN_HEAP_BYTES, bytes));
  }

  /** Reads the stripe's footer and, of a small one, the streams of the columns. */
  void open(OrcTail.Stripe stripe, List<BoundColumn> columns) throws IOException {
    if (stripe.footerBytes() > OrcObject.MAX_FOOTER_BYTES) {
      throw new IOException("its footer claims " + stripe.footerBytes() + " bytes");
    }
    long footerBegin = stripe.footerOffset();
    byte[] stored = OrcTail.bytes(source, footerBegin, footerBegin + stripe.footerBytes(), cancel);
    byte[] plain =
        OrcTail.plain(
            stored, 0, stored.length, tail.codec(), tail.blockBytes(), OrcObject.MAX_FOOTER_BYTES);
    footer = StripeFooter.read(new WireMessage(plain, 0, plain.length), stripe);
    Set<Integer> wanted = new HashSet<>();
    for (BoundColumn column : columns) {
      if (column.column() != null) {
        addAll(column.column(), wanted);
      }
    }
    long begin = Long.MAX_VALUE;
    long end = 0;
    int count = 0;
    for (StripeFooter.Stream stream : footer.streams()) {
      if (wanted.contains(stream.column())
          && stream.begin() >= stripe.offset() + stripe.indexBytes()) {
        begin = Math.min(begin, stream.begin());
        end = Math.max(end, stream.begin() + stream.length());
        count++;
      }
    }
    windowBytes =
        (int)
            Math.max(MIN_WINDOW_BYTES, Math.min(MAX_WINDOW_BYTES, bytes / 4 / Math.max(1, count)));
    if (count > 0 && end - begin <= bytes / 2 && end - begin < Integer.MAX_VALUE - 64) {
      heap.take(end - begin);
      whole = OrcTail.bytes(source, begin, end, cancel);
      wholeBegin = begin;
    }
  }

  private static void addAll(OrcType type, Set<Integer> columns) {
    columns.add(type.column());
    type.children().forEach(child -> addAll(child, columns));
  }

  StripeFooter footer() {
    return footer;
  }

  HeapBudget heap() {
    return heap;
  }

  StripeFooter.Encoding encoding(OrcType type) throws IOException {
    if (type.column() >= footer.encodings().size()) {
      throw new IOException("its footer does not say how column " + type.column() + " is stored");
    }
    return footer.encodings().get(type.column());
  }

  /** Which values are there; null when all are. */
  BooleanRuns present(OrcType type) throws IOException {
    StripeFooter.Stream stream = footer.find(type.column(), StripeFooter.PRESENT);
    return stream == null ? null : new BooleanRuns(open(stream));
  }

  /** A stream of a column, empty when there is none: then no value may be asked of it. */
  StreamInput input(OrcType type, int kind) throws IOException {
    StripeFooter.Stream stream = footer.find(type.column(), kind);
    return stream == null
        ? new StreamInput(new byte[0], 0, 0, OrcCodec.NONE, tail.blockBytes(), heap)
        : open(stream);
  }

  private StreamInput open(StripeFooter.Stream stream) throws IOException {
    long end = stream.begin() + stream.length();
    StreamInput input;
    if (whole != null && stream.begin() >= wholeBegin && end <= wholeBegin + whole.length) {
      int begin = (int) (stream.begin() - wholeBegin);
      input =
          new StreamInput(
              whole, begin, begin + (int) stream.length(), tail.codec(), tail.blockBytes(), heap);
    } else {
      input =
          new StreamInput(
              source.open(stream.begin(), end, cancel),
              stream.length(),
              windowBytes,
              tail.codec(),
              tail.blockBytes(),
              heap);
    }
    opened.add(input);
    return input;
  }

  @Override
  public void close() throws IOException {
    for (StreamInput input : opened) {
      input.close();
    }
  }
}
