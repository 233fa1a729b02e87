package io.copyload.engine.h2;

import org.h2.engine.Database;
import org.h2.mvstore.MVStore;

/** Brings what is committed to disk. */
public final class DurableCommit {
  private DurableCommit() {}

  /**
   * Returns when everything that was committed before is on disk. Does nothing for a database in
   * memory.
   *
   * <p>H2's own {@code Store.sync} is not enough: {@code MVStore.commit} does nothing when the
   * background writer began meanwhile, and that one writes later, in threads of its own. So this
   * waits for those threads, too.
   */
  public static void sync(Database database) {
    MVStore store = database.getStore().getMvStore();
    if (store.getFileStore() == null || store.isReadOnly()) {
      return;
    }
    while (store.commit() < 0 && store.hasUnsavedChanges()) {
      Thread.onSpinWait();
    }
    store.executeFilestoreOperation(store::sync);
  }
}
