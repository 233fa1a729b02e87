package io.copyload.engine.source.hdfs;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which of several addresses of a cluster's name nodes can be used: some hold inside the cluster's
 * network only, and of several name nodes one is active.
 */
final class NameNodeChoice {
  /** Between machines that can reach each other, connecting takes far less. */
  private static final Duration MOST_CONNECTING = Duration.ofSeconds(3);

  private static final int RPC_PORT = 8020;
  private static final int HTTP_PORT = 9870;
  private static final int HTTPS_PORT = 9871;

  private NameNodeChoice() {}

  /**
   * The first address where an active name node answers.
   *
   * @param name of what is wanted, for messages
   */
  static HdfsAddress of(
      String name, List<HdfsAddress> candidates, SourceSettings settings, CancelToken cancel) {
    NetworkSettings network = NetworkSettings.of(settings);
    return Planning.answer(
        name, network, () -> firstOf(candidates, network, settings), () -> {}, cancel);
  }

  private static HdfsAddress firstOf(
      List<HdfsAddress> candidates, NetworkSettings network, SourceSettings settings)
      throws IOException {
    RemoteFailure standby = null;
    for (HdfsAddress candidate : candidates) {
      if (!answers(candidate, network)) {
        continue;
      }
      HdfsFiles files = HdfsSource.cluster(candidate, settings).open();
      try {
        files.status("/");
        return candidate;
      } catch (RemoteFailure e) {
        if (e.kind() != RemoteFailure.Kind.UNREACHABLE && !HdfsErrors.isStandby(e)) {
          throw e;
        }
        standby = e;
      } finally {
        files.close();
      }
    }
    if (standby != null) {
      throw standby;
    }
    throw new RemoteFailure(
        RemoteFailure.Kind.UNREACHABLE,
        CopyErrorCode.OBJECT_UNREADABLE,
        "no name node answers at "
            + candidates.stream()
                .map(c -> HostPort.of(c, port(c)).toString())
                .collect(Collectors.joining(", ")),
        "The process must reach the cluster's name node (port 8020) and data nodes.",
        null);
  }

  private static int port(HdfsAddress address) {
    return switch (address.scheme()) {
      case "webhdfs" -> HTTP_PORT;
      case "swebhdfs" -> HTTPS_PORT;
      default -> RPC_PORT;
    };
  }

  private static boolean answers(HdfsAddress candidate, NetworkSettings network) {
    Duration most =
        network.timeout().compareTo(MOST_CONNECTING) < 0 ? network.timeout() : MOST_CONNECTING;
    HostPort where = HostPort.of(candidate, port(candidate));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(where.host(), where.port()), (int) most.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private record HostPort(String host, int port) {
    static HostPort of(HdfsAddress address, int usualPort) {
      String text = address.authority();
      int colon = text.lastIndexOf(':');
      return colon < 0 || text.endsWith("]")
          ? new HostPort(text, usualPort)
          : new HostPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
