package io.copyload.engine.source.aws;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * What the answers of a service with AWS's JSON protocol mean to a COPY: which pass, who was
 * refused, what is not there. Codes are those of the service's API reference, "Common Errors".
 *
 * @param throttled codes of a service that is asked for too much, besides AWS's usual ones
 * @param missing codes that say there is no such thing
 * @param missingHint what to check then, or null
 * @param rightsHint which rights the identity needs
 */
public record AwsErrors(
    Set<String> throttled, Set<String> missing, String missingHint, String rightsHint) {
  private static final Set<String> REFUSED =
      Set.of(
          "UnrecognizedClientException",
          "InvalidSignatureException",
          "IncompleteSignatureException",
          "MissingAuthenticationTokenException",
          "ExpiredTokenException",
          "InvalidClientTokenId");

  /** The failure that an exception of the SDK stands for; whoever reads knows the object. */
  public RemoteFailure of(SdkException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof AwsServiceException answer) {
        return ofAnswer(answer);
      }
      if (t instanceof IOException broken) {
        return RemoteFailure.of(broken);
      }
    }
    return withoutAnswer(e, String.valueOf(e.getMessage()));
  }

  /**
   * The failure when no service has answered and no connection broke.
   *
   * @param message what to say when it is not for want of credentials
   */
  public static RemoteFailure withoutAnswer(SdkException e, String message) {
    if (e instanceof SdkClientException && String.valueOf(e.getMessage()).contains("redentials")) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED,
          "no AWS credentials were found",
          "Name them with IAM_ROLE, ACCESS_KEY_ID and SECRET_ACCESS_KEY, or CREDENTIALS, or set"
              + " them in the environment.");
    }
    return RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, message, null);
  }

  private RemoteFailure ofAnswer(AwsServiceException e) {
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
    if (throttled.contains(code)
        || code.contains("Throttling")
        || e.statusCode() == 429
        || e.statusCode() >= 500) {
      return RemoteFailure.passing(message, e);
    }
    if (missing.contains(code)) {
      return RemoteFailure.lasting(CopyErrorCode.OBJECT_MISSING, message, missingHint);
    }
    if (e instanceof StsException || REFUSED.contains(code)) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED, message, "Check the role, or the key and secret.");
    }
    if (code.equals("AccessDeniedException") || e.statusCode() == 403) {
      return RemoteFailure.lasting(CopyErrorCode.INSUFFICIENT_PRIVILEGE, message, rightsHint);
    }
    return RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, message, null);
  }
}
