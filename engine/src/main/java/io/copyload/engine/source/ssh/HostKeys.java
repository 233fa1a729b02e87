package io.copyload.engine.source.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides whether a host is the one that is meant: it has the key of the manifest, or one that
 * known_hosts has for it. A host that nobody knows is believed only when the connection's property
 * says so, and then only if known_hosts has no other key of it. Threads: one connection.
 */
final class HostKeys implements HostKeyRepository {
  /** One at a time looks whether a host is new and writes it down. */
  private static final ReentrantLock WRITING = new ReentrantLock();

  private final HostPublicKey pinned;
  private final SshSettings settings;

  /** Why the host was not believed, or null. */
  private String problem;

  private String hint;

  /**
   * @param pinned the host's only key, or null
   */
  HostKeys(HostPublicKey pinned, SshSettings settings) {
    this.pinned = pinned;
    this.settings = settings;
  }

  String problem() {
    return problem;
  }

  String hint() {
    return hint;
  }

  @Override
  public int check(String host, byte[] key) {
    problem = null;
    if (pinned != null) {
      if (pinned.is(key)) {
        return OK;
      }
      problem =
          "the host has the key "
              + shown(key)
              + ", the manifest says "
              + pinned.type()
              + " "
              + pinned.fingerprint();
      hint =
          "Correct publickey in the manifest if the host has a new key; somebody else may answer.";
      return CHANGED;
    }
    try {
      int known = knownHosts().check(host, key);
      return known == NOT_INCLUDED && settings.trustNewHosts()
          ? remember(host, key)
          : judged(known, key);
    } catch (IOException | JSchException e) {
      problem = "\"" + settings.knownHosts() + "\" cannot be used: " + e.getMessage();
      return CHANGED;
    }
  }

  private int judged(int known, byte[] key) {
    if (known == CHANGED) {
      problem = "the host has the key " + shown(key) + ", which is not the one of known_hosts";
      hint =
          "If the host has a new key, remove the old one from \""
              + settings.knownHosts()
              + "\"; somebody else may answer.";
    } else if (known == NOT_INCLUDED) {
      problem = "the host is not known; its key is " + shown(key);
      hint =
          "If that is its key, add it to \""
              + settings.knownHosts()
              + "\" or as publickey to the manifest, or set the connection property "
              + SshSettings.HOST_KEYS
              + "=accept-new.";
    }
    return known;
  }

  private int remember(String host, byte[] key) throws IOException, JSchException {
    WRITING.lock();
    try {
      // Another connection may have been first.
      HostKeyRepository now = knownHosts();
      int known = now.check(host, key);
      if (known != NOT_INCLUDED) {
        return judged(known, key);
      }
      HostKey[] others = now.getHostKey(host, null);
      if (others != null && others.length > 0) {
        return judged(CHANGED, key);
      }
      HostPublicKey remembered = HostPublicKey.of(key);
      Path file = settings.knownHosts();
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      String line = host + " " + remembered.type() + " " + remembered.base64() + "\n";
      boolean open = Files.exists(file) && Files.size(file) > 0 && !endsWithNewline(file);
      Files.writeString(
          file,
          open ? "\n" + line : line,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return OK;
    } finally {
      WRITING.unlock();
    }
  }

  private static boolean endsWithNewline(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return bytes[bytes.length - 1] == '\n';
  }

  private HostKeyRepository knownHosts() throws IOException, JSchException {
    JSch reader = new JSch();
    Path file = settings.knownHosts();
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    reader.setKnownHosts(new ByteArrayInputStream(bytes));
    return reader.getHostKeyRepository();
  }

  private static String shown(byte[] key) {
    String type;
    try {
      type = HostPublicKey.of(key).type();
    } catch (IllegalArgumentException e) {
      type = "of an unknown type";
    }
    return type + " " + HostPublicKey.fingerprint(key);
  }

  /** What is known of a host; the client asks for a key of such a type first. */
  @Override
  public HostKey[] getHostKey(String host, String type) {
    try {
      if (pinned == null) {
        return knownHosts().getHostKey(host, type);
      }
      return type == null || type.equals(pinned.type())
          ? new HostKey[] {new HostKey(host, pinned.blob())}
          : new HostKey[0];
    } catch (IOException | JSchException e) {
      return new HostKey[0];
    }
  }

  @Override
  public HostKey[] getHostKey() {
    return new HostKey[0];
  }

  @Override
  public void add(HostKey key, UserInfo user) {
    // Written down by check alone.
  }

  @Override
  public void remove(String host, String type) {
    // Nothing is forgotten here.
  }

  @Override
  public void remove(String host, String type, byte[] key) {
    // Nothing is forgotten here.
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return settings.knownHosts().toString();
  }
}
