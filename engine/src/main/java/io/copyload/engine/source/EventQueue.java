package io.copyload.engine.source;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A queue in which a store says which objects are new. What it says is a hint: it may come twice,
 * late or never. Threads: one; {@link #abort} any.
 */
public interface EventQueue {
  /**
   * A message.
   *
   * @param receipt by which it is deleted
   * @param names of the objects that it calls new, as a scan names them
   * @param fault what is wrong with it, or null
   */
  record Message(String receipt, List<String> names, String fault) {
    public Message {
      names = List.copyOf(names);
    }
  }

  /**
   * Takes up to ten messages. They come again after a while unless they are deleted.
   *
   * @param wait most time to wait for the first one
   */
  List<Message> receive(Duration wait) throws IOException;

  void delete(List<Message> messages) throws IOException;

  /** Ends a wait that is under way. */
  void abort();
}
