package io.copyload.engine.source.dynamodb;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.aws.AwsAccess;
import io.copyload.engine.source.aws.AwsErrors;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.RemoteFailure;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** One table of DynamoDB as one identity sees it. Threads: any. */
final class DynamoStore {
  static final String ENDPOINT = "dynamodb_endpoint";

  private static final AwsErrors ERRORS =
      new AwsErrors(
          Set.of(
              "ProvisionedThroughputExceededException",
              "RequestLimitExceeded",
              "LimitExceededException"),
          Set.of("ResourceNotFoundException"),
          null,
          "The identity needs dynamodb:DescribeTable and dynamodb:Scan for the table.");

  private final String table;
  private final NetworkSettings network;
  private final AwsAccess access;
  private final DynamoDbClient client;

  DynamoStore(String table, SourceClauses clauses, SourceSettings settings) {
    this.table = table;
    network = NetworkSettings.of(settings);
    URI endpoint = AwsAccess.endpoint(settings, ENDPOINT);
    access = AwsAccess.of(clauses, settings, null, endpoint != null);
    client = access.client(DynamoDbClient.builder(), endpoint);
  }

  String name() {
    return "dynamodb://" + table;
  }

  TableDescription describe(CancelToken cancel) {
    return Planning.answer(name(), network, this::describe, access.http()::abortAll, cancel);
  }

  private TableDescription describe() throws RemoteFailure {
    try {
      return client.describeTable(r -> r.tableName(table)).table();
    } catch (SdkException e) {
      throw ERRORS.of(e);
    }
  }

  /**
   * A page of a part's items.
   *
   * @param after the key of the last item before the page; null or empty for the first page
   * @param mostItems 0 for what fits a page
   */
  ScanResponse page(
      int part,
      int partCount,
      Map<String, AttributeValue> after,
      int mostItems,
      CancelToken cancel) {
    ScanRequest.Builder request =
        ScanRequest.builder()
            .tableName(table)
            .segment(part)
            .totalSegments(partCount)
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    if (after != null && !after.isEmpty()) {
      request.exclusiveStartKey(after);
    }
    if (mostItems > 0) {
      request.limit(mostItems);
    }
    ScanRequest made = request.build();
    // Other parts have requests under way: only the thread of this one is interrupted.
    return Planning.answer(name(), network, () -> scan(made), () -> {}, cancel);
  }

  private ScanResponse scan(ScanRequest request) throws RemoteFailure {
    try {
      return client.scan(request);
    } catch (SdkException e) {
      throw ERRORS.of(e);
    }
  }
}
