package io.copyload.engine.source.ssh;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A login at one host, through as many jump hosts as the configuration names. Threads: one
 * connects; {@link #close} any.
 */
final class SshConnection implements AutoCloseable {
  /** Unanswered questions whether the host is still there, after which it is not. */
  private static final int ALIVE_QUESTIONS = 2;

  private final SshSettings settings;
  private final List<Secret> keys;
  private final Duration timeout;

  /** What is open, the last one first. */
  private final Deque<Session> sessions = new ArrayDeque<>();

  private final Deque<Socket> sockets = new ArrayDeque<>();
  private boolean closed;

  SshConnection(SshSettings settings, List<Secret> keys, Duration timeout) {
    this.settings = settings;
    this.keys = keys;
    this.timeout = timeout;
  }

  /**
   * Logs in and makes a channel for the entry's command, which does not run yet.
   *
   * @throws RemoteFailure without the names of host and command
   */
  ChannelExec connect(SshManifest.Entry entry) throws RemoteFailure {
    SshSettings.Login login = settings.login(entry.endpoint(), entry.username());
    Session last = null;
    for (String jump : login.jumps()) {
      last = session(settings.jump(jump), new HostKeys(null, settings), last, "jump host " + jump);
    }
    Session session = session(login, new HostKeys(entry.publicKey(), settings), last, null);
    try {
      return (ChannelExec) session.openChannel("exec");
    } catch (JSchException e) {
      throw RemoteFailure.passing("the host opened no channel: " + e.getMessage(), e);
    }
  }

  private Session session(SshSettings.Login login, HostKeys hostKeys, Session via, String place)
      throws RemoteFailure {
    String at = place == null ? "" : place + ": ";
    try {
      JSch client = new JSch();
      for (int i = 0; i < keys.size(); i++) {
        byte[] key = keys.get(i).reveal().getBytes(StandardCharsets.UTF_8);
        client.addIdentity("copyload-" + i, key, null, null);
      }
      for (Path identity : login.identities()) {
        client.addIdentity(identity.toString());
      }
      Session session = client.getSession(login.user(), login.host(), login.port());
      session.setDaemonThread(true);
      session.setHostKeyRepository(hostKeys);
      session.setConfig("StrictHostKeyChecking", "yes");
      session.setConfig("PreferredAuthentications", "publickey");
      int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
      session.setServerAliveInterval(Math.max(1000, millis / (ALIVE_QUESTIONS + 1)));
      session.setServerAliveCountMax(ALIVE_QUESTIONS);
      if (via == null) {
        session.setSocketFactory(new Sockets(millis));
      } else {
        session.setProxy(new Hop(via));
      }
      synchronized (this) {
        if (closed) {
          throw new RemoteFailure(Kind.FINAL, CopyErrorCode.CANCELLED, "it was closed", null, null);
        }
        sessions.push(session);
      }
      session.connect(millis);
      return session;
    } catch (JSchHostKeyException e) {
      String why = hostKeys.problem();
      throw new RemoteFailure(
          Kind.FINAL,
          CopyErrorCode.CREDENTIALS_REFUSED,
          at + (why == null ? e.getMessage() : why),
          hostKeys.hint(),
          e);
    } catch (JSchAlgoNegoFailException e) {
      throw new RemoteFailure(
          Kind.FINAL, CopyErrorCode.OBJECT_UNREADABLE, at + e.getMessage(), null, e);
    } catch (JSchException e) {
      throw failure(login, at, e);
    }
  }

  private static RemoteFailure failure(SshSettings.Login login, String at, JSchException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("Auth ") || message.startsWith("USERAUTH")) {
      return new RemoteFailure(
          Kind.FINAL,
          CopyErrorCode.CREDENTIALS_REFUSED,
          at + "the host does not let user \"" + login.user() + "\" in",
          "Add the public key of copyload_ssh_keys to .ssh/authorized_keys of that user on the"
              + " host.",
          e);
    }
    if (message.contains("invalid privatekey") || message.contains("IdentityFile")) {
      return new RemoteFailure(
          Kind.FINAL, CopyErrorCode.CREDENTIALS_REFUSED, at + message, null, e);
    }
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      if (t instanceof java.net.SocketTimeoutException) {
        return new RemoteFailure(
            Kind.UNREACHABLE,
            CopyErrorCode.OBJECT_UNREADABLE,
            at + "the host did not answer in time",
            null,
            e);
      }
      if (t instanceof IOException broken) {
        RemoteFailure of = RemoteFailure.of(broken);
        return new RemoteFailure(of.kind(), of.code(), at + of.getMessage(), null, e);
      }
    }
    return RemoteFailure.passing(at + "the connection broke: " + message, e);
  }

  /** Ends the connection and whatever waits for it. */
  @Override
  public void close() {
    Deque<Session> open;
    synchronized (this) {
      closed = true;
      open = new ArrayDeque<>(sessions);
      for (Socket socket : sockets) {
        closeQuietly(socket);
      }
      sockets.clear();
    }
    for (Session session : open) {
      session.disconnect();
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more.
    }
  }

  /** Sockets that can be closed while they connect. */
  private final class Sockets implements SocketFactory {
    private final int millis;

    Sockets(int millis) {
      this.millis = millis;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      Socket socket = new Socket();
      synchronized (SshConnection.this) {
        if (closed) {
          throw new IOException("closed");
        }
        sockets.push(socket);
      }
      try {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), millis);
        return socket;
      } catch (IOException e) {
        closeQuietly(socket);
        throw e;
      }
    }

    @Override
    public InputStream getInputStream(Socket socket) throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream getOutputStream(Socket socket) throws IOException {
      return socket.getOutputStream();
    }
  }

  /** The way through a jump host. */
  private static final class Hop implements Proxy {
    private final Session via;
    private Channel channel;
    private InputStream in;
    private OutputStream out;

    Hop(Session via) {
      this.via = via;
    }

    @Override
    public void connect(SocketFactory sockets, String host, int port, int timeout)
        throws Exception {
      channel = via.getStreamForwarder(host, port);
      in = channel.getInputStream();
      out = channel.getOutputStream();
      channel.connect(timeout);
    }

    @Override
    public InputStream getInputStream() {
      return in;
    }

    @Override
    public OutputStream getOutputStream() {
      return out;
    }

    @Override
    public Socket getSocket() {
      return null;
    }

    @Override
    public void close() {
      if (channel != null) {
        channel.disconnect();
      }
    }
  }
}
