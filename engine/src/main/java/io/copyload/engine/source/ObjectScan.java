package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.util.List;

/**
 * A look at what is stored at a location, page by page in the order of names; nothing is opened.
 * Threads: one.
 */
public interface ObjectScan {
  /**
   * The next objects, perhaps none; null behind the last page.
   *
   * @throws io.copyload.engine.CopyException when the location cannot be listed
   */
  List<FoundObject> nextPage(CancelToken cancel);
}
