package io.copyload.engine.source.http;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteObject;
import java.io.IOException;
import java.time.Instant;

/** An object of a server that answers requests for ranges. */
final class HttpObject extends RemoteObject {
  private final HttpStore store;
  private final String name;
  private final long size;
  private final String identity;
  private final Instant modified;
  private byte[] head;

  /**
   * @param head the first bytes, or null
   */
  HttpObject(
      HttpStore store, String name, long size, String identity, Instant modified, byte[] head) {
    this.store = store;
    this.name = name;
    this.size = size;
    this.identity = identity;
    this.modified = modified;
    this.head = head;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public Instant lastModified() {
    return modified;
  }

  @Override
  protected boolean isResolved() {
    return head == null;
  }

  @Override
  protected boolean resolve(int headBytes) {
    return true;
  }

  @Override
  protected byte[] takeHead() {
    byte[] taken = head;
    head = null;
    return taken;
  }

  @Override
  protected RemoteBody get(long begin, long end) throws IOException {
    HttpStore.Answer answer = store.get("bytes=" + begin + "-" + (end - 1), identity);
    String wanted = "bytes " + begin + "-" + (end - 1) + "/" + size;
    boolean whole = answer.status() == 200 && begin == 0 && answer.length() == size;
    if (whole || answer.status() == 206 && wanted.equals(answer.header("Content-Range"))) {
      return answer.body();
    }
    answer.close();
    if (answer.status() == 200) {
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_UNREADABLE,
          "the server no longer answers requests for ranges",
          null);
    }
    throw RemoteFailure.changed();
  }
}
