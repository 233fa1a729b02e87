package io.copyload.engine.format.items;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.source.ItemObject;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.List;

/**
 * Items with named values, as DynamoDB has them: a value fills the column of its name, in any case.
 * Values are texts and numbers, which become the columns' types as fields of a file do (Redshift
 * developer guide, "Loading data from an Amazon DynamoDB table").
 *
 * @param readRatio percent of the table's read capacity that the load may use
 * @param emptyAsNull whether text without characters is NULL in a column of characters, too
 * @param blanksAsNull whether text of blanks is NULL in a column of characters, too
 */
public record ItemFormat(int readRatio, boolean emptyAsNull, boolean blanksAsNull)
    implements VectorFormat {
  /** Every value is handed over as text of no certain length, so that it is always converted. */
  private static final TargetType TEXT = TargetType.of(TargetType.Kind.VARCHAR);

  @Override
  public String historyName() {
    return "items";
  }

  @Override
  public VectorObject open(SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException {
    if (!(object instanceof ItemObject items)) {
      throw new CopyException(CopyErrorCode.SYNTAX, "READRATIO can be used with dynamodb:// only");
    }
    ItemObject.Scan scan = items.scan(readRatio, cancel);
    List<TargetType> types = wanted.stream().map(column -> TEXT).toList();
    return new VectorObject() {
      @Override
      public List<TargetType> types() {
        return types;
      }

      @Override
      public int unitCount() {
        return scan.partCount();
      }

      @Override
      public VectorReader reader(int unit) {
        return new ItemReader(ItemFormat.this, object.name(), scan.part(unit), wanted);
      }

      @Override
      public void close() {
        // Nothing is open between pages.
      }
    };
  }
}
