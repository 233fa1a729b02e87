package io.copyload.engine.format.orc;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.List;

/**
 * ORC under Redshift's rules: columns by position, types without widening.
 *
 * @param fillRecord whether the file may lack the last columns, which are then NULL
 */
public record OrcFormat(boolean fillRecord) implements VectorFormat {
  @Override
  public String historyName() {
    return "orc";
  }

  @Override
  public boolean seeks() {
    return true;
  }

  @Override
  public VectorObject open(SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException {
    return OrcObject.open(this, object, wanted, bytes, cancel);
  }
}
