package io.copyload.engine.source.s3;

import io.copyload.engine.source.EventQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/** A queue of Amazon SQS to which a bucket sends its events, straight or through SNS. */
final class SqsQueue implements EventQueue {
  /** Most messages of one request, by SQS. */
  private static final int MOST = 10;

  private final SqsClient client;
  private final String url;
  private final Runnable abort;
  private final Duration longestWait;

  /**
   * @param abort ends the client's requests
   * @param longestWait that the client lets a request have
   */
  SqsQueue(SqsClient client, String url, Runnable abort, Duration longestWait) {
    this.client = client;
    this.url = url;
    this.abort = abort;
    this.longestWait = longestWait;
  }

  @Override
  public List<Message> receive(Duration wait) throws IOException {
    Duration most = wait.compareTo(longestWait) > 0 ? longestWait : wait;
    try {
      return client
          .receiveMessage(
              r ->
                  r.queueUrl(url).maxNumberOfMessages(MOST).waitTimeSeconds((int) most.toSeconds()))
          .messages()
          .stream()
          .map(message -> S3Event.message(message.receiptHandle(), message.body()))
          .toList();
    } catch (SdkException e) {
      throw S3Errors.of(e);
    }
  }

  @Override
  public void delete(List<Message> messages) throws IOException {
    try {
      for (int from = 0; from < messages.size(); from += MOST) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(MOST);
        for (Message message : messages.subList(from, Math.min(messages.size(), from + MOST))) {
          entries.add(
              DeleteMessageBatchRequestEntry.builder()
                  .id(Integer.toString(entries.size()))
                  .receiptHandle(message.receipt())
                  .build());
        }
        client.deleteMessageBatch(r -> r.queueUrl(url).entries(entries));
      }
    } catch (SdkException e) {
      throw S3Errors.of(e);
    }
  }

  @Override
  public void abort() {
    abort.run();
  }
}
