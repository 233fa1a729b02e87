package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.aws.AwsErrors;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteFailure.Kind;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sts.model.StsException;

/** What the answers of S3 and STS mean to a COPY. */
final class S3Errors {
  private static final Set<String> REFUSED =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "InvalidToken",
          "InvalidClientTokenId",
          "InvalidSecurity",
          "TokenRefreshRequired",
          "AuthorizationHeaderMalformed");

  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");

  private S3Errors() {}

  /** What stands behind a request that writes. */
  static RemoteFailure ofWriting(SdkException e) {
    RemoteFailure failure = of(e);
    return failure.code() == CopyErrorCode.INSUFFICIENT_PRIVILEGE
        ? new RemoteFailure(
            failure.kind(),
            failure.code(),
            failure.getMessage(),
            "The identity needs s3:PutObject and s3:AbortMultipartUpload for the objects, and"
                + " s3:ListBucket for the bucket.",
            e)
        : failure;
  }

  static RemoteFailure of(SdkException e) {
    if (e instanceof AwsServiceException answer) {
      return ofAnswer(answer);
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof AwsServiceException answer && t != e) {
        return ofAnswer(answer);
      }
      if (t instanceof IOException broken) {
        return RemoteFailure.of(broken);
      }
    }
    return AwsErrors.withoutAnswer(e, firstLine(String.valueOf(e.getMessage())));
  }

  private static RemoteFailure ofAnswer(AwsServiceException e) {
    int status = e.statusCode();
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    String message = text(e, status, code);
    if (code == null) {
      code = "";
    }
    if (e instanceof StsException && status < 500 && !code.startsWith("Throttl")) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED,
          message,
          "The role must exist and trust the identity that assumes it.");
    }
    if (EXPIRED.contains(code)) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED,
          message,
          "The temporary credentials are no longer valid: fetch new ones.");
    }
    if (code.equals("RequestTimeTooSkewed")) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED,
          message,
          "The clock of this machine differs too much from the store's: set it.");
    }
    if (REFUSED.contains(code)) {
      return RemoteFailure.lasting(
          CopyErrorCode.CREDENTIALS_REFUSED, message, "Check the access key, secret and token.");
    }
    if (status == 412) {
      return RemoteFailure.changed();
    }
    if (status == 404 || code.equals("NoSuchKey") || code.equals("NoSuchBucket")) {
      return RemoteFailure.lasting(CopyErrorCode.OBJECT_MISSING, message, null);
    }
    boolean passing =
        status >= 500
            || status == 429
            || code.equals("SlowDown")
            || code.equals("RequestTimeout")
            || code.startsWith("Throttl");
    if (passing) {
      return RemoteFailure.passing(message, e);
    }
    if (status == 403 || status == 401) {
      return new RemoteFailure(
          Kind.FINAL,
          CopyErrorCode.INSUFFICIENT_PRIVILEGE,
          message,
          "The identity needs s3:ListBucket for the bucket and s3:GetObject for its objects.",
          e);
    }
    return new RemoteFailure(Kind.FINAL, CopyErrorCode.OBJECT_UNREADABLE, message, null, e);
  }

  /** Whether the object has no such bytes. */
  static boolean isNoSuchRange(RemoteFailure e) {
    return e.getCause() instanceof AwsServiceException answer && answer.statusCode() == 416;
  }

  /** Redshift's form of S3's errors. */
  private static String text(AwsServiceException e, int status, String code) {
    String message = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    if (message == null || message.isBlank()) {
      message =
          switch (status) {
            case 403 -> "Access Denied";
            case 404 -> "The specified key does not exist.";
            default -> "the store answered with an error";
          };
    }
    StringBuilder text = new StringBuilder();
    text.append(
        e instanceof StsException
            ? "STSServiceException:"
            : e instanceof SqsException ? "SQSServiceException:" : "S3ServiceException:");
    text.append(firstLine(message)).append(",Status ").append(status);
    if (code != null) {
      text.append(",Error ").append(code);
    }
    return text.toString();
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() > 500 ? line.substring(0, 500) + "..." : line;
  }
}
