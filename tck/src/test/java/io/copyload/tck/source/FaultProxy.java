package io.copyload.tck.source;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands before an HTTP server and breaks what it answers. It passes bytes on as they are, so that
 * signatures hold.
 */
public final class FaultProxy implements Closeable {
  /** What happens to one request. */
  interface Fault {
    /**
     * Answers the request; {@code upstream} is what the server says.
     *
     * @return whether the connection may serve another request
     */
    boolean answer(Exchange exchange) throws IOException;
  }

  /** Decides about the n-th request, counted from 1; null passes it on. */
  interface Plan {
    Fault of(int number, String requestLine);
  }

  private final ServerSocket server;
  private final int upstreamPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  final AtomicInteger requests = new AtomicInteger();
  final AtomicInteger faults = new AtomicInteger();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  volatile Plan plan = (number, line) -> null;
  volatile String lastHead = "";

  public FaultProxy(int upstreamPort) throws IOException {
    this.upstreamPort = upstreamPort;
    server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(this::accept, "fault-proxy");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  int port() {
    return server.getLocalPort();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** How long each request waits, as it does in a network. */
  public volatile long latencyMillis;

  /** Starts to count anew. */
  void reset(Plan newPlan) {
    requests.set(0);
    faults.set(0);
    plan = newPlan;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        Thread thread = new Thread(() -> serve(socket), "fault-proxy-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      while (head != null) {
        lastHead = head;
        String line = head.substring(0, head.indexOf("\r\n"));
        if (latencyMillis > 0) {
          sleep(latencyMillis);
        }
        Fault fault = plan.of(requests.incrementAndGet(), line);
        int now = open.incrementAndGet();
        mostOpen.accumulateAndGet(now, Math::max);
        boolean more;
        try {
          Exchange exchange = new Exchange(client, in, head);
          if (fault == null) {
            more = exchange.passOn();
          } else {
            faults.incrementAndGet();
            more = fault.answer(exchange);
          }
          more &= exchange.bodyLeft == 0;
        } finally {
          open.decrementAndGet();
        }
        head = more ? head(in) : null;
      }
    } catch (IOException e) {
      // The client has gone.
    } finally {
      sockets.remove(client);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      bytes.write(b);
      last = last << 8 | b;
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** The value of a header that is a number, or -1. */
  private static long number(String head, String header) {
    String lower = head.toLowerCase(java.util.Locale.ROOT);
    int at = lower.indexOf("\r\n" + header + ":");
    int begin = at + header.length() + 3;
    return at < 0
        ? -1
        : Long.parseLong(lower.substring(begin, lower.indexOf("\r\n", begin)).strip());
  }

  static void sleep(long millis) {
    LockSupport.parkNanos(millis * 1_000_000);
  }

  /** One request and its answer. */
  final class Exchange {
    private final Socket client;
    private final InputStream in;
    private final String head;
    private long bodyLeft;

    Exchange(Socket client, InputStream in, String head) throws IOException {
      this.client = client;
      this.in = in;
      bodyLeft = Math.max(0, number(head, "content-length"));
      // Not signed: the proxy says itself that the body may come.
      String rest = head.replaceFirst("(?i)\r\nexpect: 100-continue", "");
      this.head = rest;
      if (rest.length() != head.length()) {
        client
            .getOutputStream()
            .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }

    /** The body of the request, read away or passed on. */
    private void body(OutputStream out) throws IOException {
      byte[] buffer = new byte[64 << 10];
      while (bodyLeft > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, bodyLeft));
        if (n < 0) {
          throw new IOException("the request ended");
        }
        out.write(buffer, 0, n);
        bodyLeft -= n;
      }
    }

    /** What the server says. */
    boolean passOn() throws IOException {
      return forward(Long.MAX_VALUE, 0);
    }

    /** An answer of our own. */
    boolean say(int status, String headers, String body) throws IOException {
      body(OutputStream.nullOutputStream());
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      OutputStream out = client.getOutputStream();
      out.write(
          ("HTTP/1.1 "
                  + status
                  + " x\r\n"
                  + headers
                  + "Content-Length: "
                  + bytes.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(bytes);
      out.flush();
      return true;
    }

    /** Nothing, and a reset connection. */
    boolean reset() throws IOException {
      client.setSoLinger(true, 0);
      return false;
    }

    /** The server's answer up to a byte of its body, then the end of the connection. */
    boolean truncate(long bodyBytes) throws IOException {
      forward(bodyBytes, 0);
      return false;
    }

    /** As {@link #truncate}, with a reset. */
    boolean resetAfter(long bodyBytes) throws IOException {
      forward(bodyBytes, 0);
      client.setSoLinger(true, 0);
      return false;
    }

    /** The server's answer, with a pause before every 16 KB. */
    boolean slowly(long millis) throws IOException {
      return forward(Long.MAX_VALUE, millis);
    }

    private boolean forward(long most, long pauseMillis) throws IOException {
      try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), upstreamPort)) {
        upstream.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        body(upstream.getOutputStream());
        InputStream said = new BufferedInputStream(upstream.getInputStream());
        String answer = head(said);
        if (answer == null) {
          return false;
        }
        OutputStream out = client.getOutputStream();
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        String lower = answer.toLowerCase(java.util.Locale.ROOT);
        long length = number(answer, "content-length");
        boolean headOnly = head.startsWith("HEAD");
        byte[] buffer = new byte[16 << 10];
        if (length < 0 || headOnly || answer.startsWith("HTTP/1.1 204")) {
          if (!headOnly && lower.contains("\r\ntransfer-encoding: chunked")) {
            // Not cut into answers: this connection serves no other request.
            for (int n; (n = said.read(buffer)) > 0; ) {
              out.write(buffer, 0, n);
              out.flush();
              if (new String(buffer, 0, n, StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
                break;
              }
            }
            return false;
          }
          out.flush();
          return headOnly || answer.startsWith("HTTP/1.1 204");
        }
        long left = length;
        long allowed = most;
        while (left > 0 && allowed > 0) {
          sleep(pauseMillis);
          int n = said.read(buffer, 0, (int) Math.min(buffer.length, Math.min(left, allowed)));
          if (n < 0) {
            return false;
          }
          out.write(buffer, 0, n);
          left -= n;
          allowed -= n;
        }
        out.flush();
        return left == 0;
      }
    }
  }

  /** Holds a request until the latch opens, then resets it. */
  static Fault hold(CountDownLatch latch) {
    return exchange -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return exchange.reset();
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
