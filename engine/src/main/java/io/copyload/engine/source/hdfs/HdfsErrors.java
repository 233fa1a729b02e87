package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.remote.RemoteFailure;

/** What the exceptions of Hadoop's servers mean to a COPY. */
final class HdfsErrors {
  private static final String STANDBY = "the name node is a standby";

  private HdfsErrors() {}

  /** The class path lacks Hadoop's client, or a part of it. */
  static CopyException noClient(NoClassDefFoundError e) {
    return new CopyException(
            CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
            "hdfs:// is read by Hadoop's client, which is not on the class path",
            e)
        .withHint(
            "Add org.apache.hadoop:hadoop-client-runtime with what it depends on"
                + " (hadoop-client-api, slf4j-api, commons-logging), or use webhdfs://, which"
                + " needs nothing.");
  }

  static boolean isStandby(RemoteFailure e) {
    return e.getMessage().equals(STANDBY);
  }

  /**
   * @param exception name of its class, without the package
   */
  static RemoteFailure of(String exception, String message) {
    String text = firstLine(message);
    return switch (exception) {
      case "FileNotFoundException", "ParentNotDirectoryException" ->
          RemoteFailure.lasting(CopyErrorCode.OBJECT_MISSING, text, null);
      case "AccessControlException" ->
          text.contains("authentication is not enabled")
              ? RemoteFailure.lasting(CopyErrorCode.CREDENTIALS_REFUSED, text, null)
              : RemoteFailure.lasting(
                  CopyErrorCode.INSUFFICIENT_PRIVILEGE,
                  text,
                  "The user is that of the address (user@host), of the connection property"
                      + " hdfs_user, or the process's own.");
      case "SecurityException",
          "AuthenticationException",
          "AuthorizationException",
          "InvalidToken" ->
          RemoteFailure.lasting(CopyErrorCode.CREDENTIALS_REFUSED, text, null);
      case "StandbyException" ->
          RemoteFailure.lasting(
              CopyErrorCode.OBJECT_UNREADABLE,
              STANDBY,
              "Name the active name node, or by hdfs:// the cluster's name as the configuration"
                  + " of Hadoop has it.");
      case "IllegalArgumentException" ->
          text.contains("Invalid value for webhdfs parameter \"op\"")
                  || text.contains("No enum constant")
              ? WebHdfsAnswers.unknownOperation(text)
              : RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, text, null);
      case "InvalidPathException", "UnsupportedOperationException" ->
          RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, text, null);
      default -> RemoteFailure.passing(text + " (" + exception + ")", null);
    };
  }

  /** The rest is a stack trace of the server. */
  static String firstLine(String message) {
    String text = message == null ? "" : message.strip();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end).strip();
  }
}
