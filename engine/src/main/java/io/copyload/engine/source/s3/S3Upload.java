package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object on its way to S3. It is cut into parts, each of which is sent as soon as it is full;
 * one that needs a single part is sent whole when it is published.
 */
final class S3Upload implements OutputObject {
  private static final int MAX_PARTS = 10_000;

  /** So many parts are of the same size before they grow. */
  private static final int PARTS_OF_A_SIZE = 1_000;

  private static final int FIRST_BYTES = 64 << 10;

  private final S3Address address;
  private final S3Store store;
  private final S3Uploads uploads;
  private byte[] buffer = new byte[0];
  private int filled;
  private long size;

  /** Bytes of the finished buffer that wait for the end of the statement. */
  private boolean held;

  private final List<CompletedPart> parts = new ArrayList<>();
  private volatile String uploadId;
  private volatile boolean published;

  S3Upload(S3Address address, S3Store store, S3Uploads uploads) {
    this.address = address;
    this.store = store;
    this.uploads = uploads;
  }

  @Override
  public String name() {
    return address.toString();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      int partBytes = partBytes();
      if (filled == partBytes) {
        sendPart();
        continue;
      }
      int count = Math.min(left, partBytes - filled);
      makeRoom(filled + count, partBytes);
      System.arraycopy(bytes, from, buffer, filled, count);
      filled += count;
      from += count;
      left -= count;
    }
    size += length;
  }

  /** Parts grow so that ten thousand of them hold what an object may have. */
  private int partBytes() {
    return uploads.partBytes() * (1 + parts.size() / PARTS_OF_A_SIZE);
  }

  private void makeRoom(int needed, int most) {
    if (needed > buffer.length) {
      long grown = Math.max(FIRST_BYTES, Math.max(needed, 2L * buffer.length));
      byte[] spare = grown >= most ? uploads.spareBuffer(most) : null;
      byte[] larger = spare != null ? spare : new byte[(int) Math.min(most, grown)];
      System.arraycopy(buffer, 0, larger, 0, filled);
      buffer = larger;
    }
  }

  private void sendPart() throws IOException {
    if (parts.size() == MAX_PARTS) {
      throw RemoteFailure.lasting(
              CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "the object has " + size + " bytes, more than " + MAX_PARTS + " parts can hold",
              "Split the export by size: MAX FILE SIZE, or MAXFILESIZE of UNLOAD.")
          .whileWriting(name());
    }
    if (uploadId == null) {
      uploads.await(address, () -> uploadId = store.beginUpload(address));
    }
    byte[] bytes = buffer;
    int length = filled;
    int index = addPart();
    buffer = new byte[0];
    filled = 0;
    uploads.startWith(
        bytes,
        length,
        address,
        () -> done(index, store.putPart(address, uploadId, index + 1, bytes, length)));
  }

  private synchronized int addPart() {
    parts.add(null);
    return parts.size() - 1;
  }

  private synchronized void done(int index, CompletedPart part) {
    parts.set(index, part);
  }

  @Override
  public void finish() throws IOException {
    if (uploadId == null && uploads.hold(filled)) {
      buffer = filled < buffer.length ? Arrays.copyOf(buffer, filled) : buffer;
      held = true;
      return;
    }
    sendPart();
  }

  /** Makes the object visible, in another thread. All parts have been sent. */
  void publish() {
    if (held) {
      byte[] bytes = buffer;
      uploads.start(
          address,
          () -> {
            store.put(address, bytes, bytes.length);
            published = true;
          });
      return;
    }
    uploads.start(address, this::complete);
  }

  private void complete() throws IOException {
    try {
      store.completeUpload(address, uploadId, parts);
    } catch (RemoteFailure e) {
      // The answer of the try before may have been lost.
      if (e.code() != CopyErrorCode.OBJECT_MISSING || store.sizeOf(address) != size) {
        throw e;
      }
    }
    published = true;
  }

  /**
   * Takes away what is there.
   *
   * @param wasNew whether no such object was there before
   */
  void undo(S3Uploads.Cleaner cleaner, boolean wasNew) {
    String id = uploadId;
    if (published) {
      if (wasNew) {
        cleaner.clean(() -> store.delete(address));
      }
    } else if (id != null) {
      cleaner.clean(() -> store.abortUpload(address, id));
    }
  }
}
