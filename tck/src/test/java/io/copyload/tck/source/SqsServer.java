package io.copyload.tck.source;

import java.net.URI;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A real SQS server on loopback. Queues show a message again after a second. */
final class SqsServer implements AutoCloseable {
  private final SQSRestServer server;
  private final SqsClient client;
  private final String endpoint;

  SqsServer() {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    endpoint = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    client =
        SqsClient.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.KEY_ID, S3Server.SECRET)))
            .build();
  }

  /** Makes a queue and returns its address. */
  String queue(String name) {
    client.createQueue(
        q -> q.queueName(name).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")));
    return endpoint + "/000000000000/" + name;
  }

  void send(String queue, String body) {
    client.sendMessage(m -> m.queueUrl(queue).messageBody(body));
  }

  /** Messages that are not deleted. */
  int size(String queue) {
    return client
        .getQueueAttributes(
            q ->
                q.queueUrl(queue)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }
}
