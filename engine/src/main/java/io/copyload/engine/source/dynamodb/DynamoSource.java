package io.copyload.engine.source.dynamodb;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceSettings;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** A table of Amazon DynamoDB (Redshift developer guide, "COPY from Amazon DynamoDB"). */
public final class DynamoSource implements Source {
  private static final String SCHEME = "dynamodb://";

  @Override
  public Reach reach() {
    return Reach.NETWORK;
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    String table = location.substring(SCHEME.length());
    if (!table.matches("[A-Za-z0-9_.-]{3,255}")) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME,
          "\"" + location + "\" names no table: write dynamodb://table-name");
    }
    AllowList.of(settings).check(SCHEME + table + "/", location);
    DynamoStore store = new DynamoStore(table, clauses, settings);
    TableDescription found = store.describe(cancel);
    Long size = found.tableSizeBytes();
    return SourceListing.of(new DynamoTable(store, size == null ? 0 : size, readCapacity(found)));
  }

  private static double readCapacity(TableDescription table) {
    Long units =
        table.provisionedThroughput() == null
            ? null
            : table.provisionedThroughput().readCapacityUnits();
    if (units != null && units > 0) {
      return units;
    }
    // A table that is paid for by request may have a limit all the same.
    Long most =
        table.onDemandThroughput() == null
            ? null
            : table.onDemandThroughput().maxReadRequestUnits();
    return most != null && most > 0 ? most : 0;
  }
}
