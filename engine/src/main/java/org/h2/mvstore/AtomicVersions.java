package org.h2.mvstore;

import java.lang.reflect.Field;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The list of an {@link MVStore}'s open maps, made so that each version which the store writes is
 * the state of all maps at one moment.
 *
 * <p>H2 closes a version map by map while other threads go on writing. A row can be in it whose
 * undo record came too late for it, or the mark of a commit without the last rows of the
 * transaction: after a crash such a transaction is there in part. Here, when the store asks for its
 * maps to close a version, the roots of all of them are locked first and freed when the last one
 * has been closed. See decision 016.
 *
 * <p>It stands in this package because the locks of the roots are not visible outside.
 */
public final class AtomicVersions extends ConcurrentHashMap<Integer, MVMap<?, ?>> {
  private static final long serialVersionUID = 1L;

  /** Tries to lock a root that others are changing before all locks are given back. */
  private static final int TRIES = 100;

  private static final Field MAPS = field(MVStore.class, "maps");
  private static final Field STORE_LOCK = field(MVStore.class, "storeLock");
  private static final Field STORING = field(MVStore.class, "storeOperationInProgress");
  private static final Field CREATE_VERSION = field(MVMap.class, "createVersion");

  private final transient MVStore store;
  private final transient ReentrantLock storeLock;
  private final transient AtomicBoolean storing;

  /** Set while roots are locked. Guarded by the store's lock. */
  private transient Closing unfinished;

  private AtomicVersions(MVStore store, Map<Integer, MVMap<?, ?>> maps)
      throws IllegalAccessException {
    super(maps);
    this.store = store;
    storeLock = (ReentrantLock) STORE_LOCK.get(store);
    storing = (AtomicBoolean) STORING.get(store);
  }

  private static Field field(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Makes the versions of a store atomic from now on. To be called before other threads than the
   * caller's write to the store. A second call does nothing.
   */
  public static void install(MVStore store) {
    try {
      ReentrantLock lock = (ReentrantLock) STORE_LOCK.get(store);
      // The store's own background writer reads the list under this lock.
      lock.lock();
      try {
        @SuppressWarnings("unchecked")
        Map<Integer, MVMap<?, ?>> maps = (Map<Integer, MVMap<?, ?>>) MAPS.get(store);
        if (!(maps instanceof AtomicVersions)) {
          MAPS.set(store, new AtomicVersions(store, maps));
        }
      } finally {
        lock.unlock();
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Collection<MVMap<?, ?>> values() {
    Collection<MVMap<?, ?>> values = super.values();
    if (!storing.get() || !storeLock.isHeldByCurrentThread()) {
      return values;
    }
    return new AbstractCollection<>() {
      @Override
      public Iterator<MVMap<?, ?>> iterator() {
        if (unfinished != null) {
          // The store failed on the way, and is about to close.
          unfinished.finish();
        }
        unfinished = new Closing(values);
        return unfinished;
      }

      @Override
      public int size() {
        return values.size();
      }
    };
  }

  /** Goes through the maps with all roots locked, and frees them at the end. */
  private final class Closing implements Iterator<MVMap<?, ?>> {
    private final List<MVMap<?, ?>> maps;
    private int next;

    Closing(Collection<MVMap<?, ?>> all) {
      maps = lockAll(all);
      for (MVMap<?, ?> map : maps) {
        includeNew(map);
      }
    }

    /**
     * Takes back all locks when one can't be had soon: a writer may hold the root of one map while
     * it waits for the root of another. So it does when a map has been opened meanwhile: there may
     * be undo records in it of rows that went into the others before they were locked.
     */
    private static List<MVMap<?, ?>> lockAll(Collection<MVMap<?, ?>> all) {
      while (true) {
        List<MVMap<?, ?>> open = List.copyOf(all);
        List<MVMap<?, ?>> taken = new ArrayList<>(open.size());
        for (MVMap<?, ?> map : open) {
          if (!tryLock(map)) {
            break;
          }
          taken.add(map);
        }
        if (taken.size() == open.size() && Set.copyOf(open).containsAll(all)) {
          return open;
        }
        unlock(taken);
        Thread.yield();
      }
    }

    private static boolean tryLock(MVMap<?, ?> map) {
      for (int i = 0; i < TRIES; i++) {
        if (map.getRoot().tryLock(1) != null) {
          return true;
        }
      }
      return false;
    }

    private static void unlock(List<MVMap<?, ?>> maps) {
      for (MVMap<?, ?> map : maps) {
        map.unlockRoot(null);
      }
    }

    /**
     * H2 leaves out a map that was created after the version's number was given: it may hold the
     * undo records of rows that are in.
     */
    private void includeNew(MVMap<?, ?> map) {
      if (map.getCreateVersion() >= store.getCurrentVersion()) {
        try {
          CREATE_VERSION.setLong(map, store.getCurrentVersion() - 1);
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    void finish() {
      unfinished = null;
      unlock(maps);
    }

    @Override
    public boolean hasNext() {
      if (next == maps.size() && unfinished == this) {
        finish();
      }
      return next < maps.size();
    }

    @Override
    public MVMap<?, ?> next() {
      return maps.get(next++);
    }

    @Override
    public void remove() {
      AtomicVersions.this.remove(maps.get(next - 1).getId());
    }
  }
}
