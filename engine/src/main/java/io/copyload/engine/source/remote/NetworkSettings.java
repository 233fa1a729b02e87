package io.copyload.engine.source.remote;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceSettings;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a load uses the network.
 *
 * @param connections most requests at a time
 * @param tries most attempts at one piece of data without progress
 * @param timeout of connecting, and of each wait for the next bytes
 * @param proxy of HTTP requests, or null
 * @param readAheadBytes most heap for bytes that were read ahead
 */
public record NetworkSettings(
    int connections, int tries, Duration timeout, InetSocketAddress proxy, long readAheadBytes) {
  public static final String CONNECTIONS = "network_connections";
  public static final String TRIES = "network_tries";
  public static final String TIMEOUT = "network_timeout";
  public static final String PROXY = "network_proxy";

  private static final long MIN_READ_AHEAD_BYTES = 1 << 20;
  private static final int MIN_BLOCK_BYTES = 64 << 10;
  private static final int MAX_BLOCK_BYTES = 4 << 20;

  public static NetworkSettings of(SourceSettings settings) {
    return new NetworkSettings(
        number(settings, CONNECTIONS, 16, 256),
        number(settings, TRIES, 10, 1000),
        Duration.ofSeconds(number(settings, TIMEOUT, 30, 86_400)),
        proxy(settings.text(PROXY)),
        Math.max(MIN_READ_AHEAD_BYTES, settings.memoryBytes() / 8));
  }

  /** The same with another number of tries. */
  public NetworkSettings withTries(int most) {
    return new NetworkSettings(connections, most, timeout, proxy, readAheadBytes);
  }

  /** Size of the pieces in which a large object is asked for. */
  public int blockBytes() {
    return (int) Math.max(MIN_BLOCK_BYTES, Math.min(MAX_BLOCK_BYTES, readAheadBytes / connections));
  }

  private static int number(SourceSettings settings, String key, int usual, int most) {
    String text = settings.text(key);
    if (text == null) {
      return usual;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw bad(key, "a number from 1 to " + most);
    }
    throw bad(key, "a number from 1 to " + most);
  }

  private static InetSocketAddress proxy(String text) {
    if (text == null) {
      return null;
    }
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0 && port < 65_536) {
        return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      throw bad(PROXY, "host:port");
    }
    throw bad(PROXY, "host:port");
  }

  private static CopyException bad(String key, String expected) {
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value of connection property " + key + ": expected " + expected);
  }
}
