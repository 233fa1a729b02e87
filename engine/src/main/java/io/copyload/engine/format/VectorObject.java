package io.copyload.engine.format;

import io.copyload.engine.store.TargetType;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** One opened object of a {@link VectorFormat}. Threads: any number of slices read units of it. */
public interface VectorObject extends Closeable {
  /** Type of each vector that the readers fill, one per wanted column. */
  List<TargetType> types();

  /** Number of parts that can be read side by side: row groups, stripes, ranges of blocks. */
  int unitCount();

  /** Opens a part, from 0. The reader belongs to one slice, which closes it. */
  VectorReader reader(int unit) throws IOException;
}
