package io.copyload.engine.source.emr;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/** What the answers of EMR mean to a COPY. */
final class EmrErrors {
  private static final Set<String> REFUSED =
      Set.of(
          "UnrecognizedClientException",
          "InvalidSignatureException",
          "IncompleteSignatureException",
          "MissingAuthenticationTokenException",
          "ExpiredTokenException",
          "InvalidClientTokenId");

  private EmrErrors() {}

  static RemoteFailure of(SdkException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof AwsServiceException answer) {
        return ofAnswer(answer);
      }
      if (t instanceof IOException broken) {
        return RemoteFailure.of(broken);
      }
    }
    String message = String.valueOf(e.getMessage());
    if (e instanceof SdkClientException && message.contains("redentials")) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED,
          "no AWS credentials were found",
          "Name them with IAM_ROLE, ACCESS_KEY_ID and SECRET_ACCESS_KEY, or CREDENTIALS, or set"
              + " them in the environment.");
    }
    return RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, message, null);
  }

  private static RemoteFailure ofAnswer(AwsServiceException e) {
    String code =
        e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
            ? ""
            : e.awsErrorDetails().errorCode();
    String text = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    String message =
        (text == null || text.isBlank() ? "the service answered with an error" : text)
            + ", status "
            + e.statusCode()
            + (code.isEmpty() ? "" : ", " + code);
    if (code.contains("Throttling") || e.statusCode() == 429 || e.statusCode() >= 500) {
      return RemoteFailure.passing(message, e);
    }
    if (code.equals("InvalidRequestException") || code.equals("ValidationException")) {
      return RemoteFailure.lasting(
          CopyErrorCode.OBJECT_MISSING, message, "Check the cluster's id and the region.");
    }
    if (e instanceof StsException || REFUSED.contains(code)) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED, message, "Check the role, or the key and secret.");
    }
    if (code.equals("AccessDeniedException") || e.statusCode() == 403) {
      return RemoteFailure.lasting(
          CopyErrorCode.INSUFFICIENT_PRIVILEGE,
          message,
          "The identity needs elasticmapreduce:ListInstances for the cluster; with"
              + " elasticmapreduce:DescribeCluster, too, errors are clearer.");
    }
    return RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, message, null);
  }
}
