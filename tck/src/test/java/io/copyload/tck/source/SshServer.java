package io.copyload.tck.source;

import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.shell.ProcessShellFactory;

/** Apache MINA's server. */
final class SshServer implements SshHost {
  private static final String LOGIN = "redshift";

  private final org.apache.sshd.server.SshServer server;
  private final KeyPair hostKey;

  /** Lines {@code user type key} of those who are let in. */
  final Set<String> authorized = ConcurrentHashMap.newKeySet();

  /** Who was let in, as such lines without the key. */
  final List<String> logins = new CopyOnWriteArrayList<>();

  /** Commands that were run. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  SshServer() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    hostKey = generator.generateKeyPair();
    server = org.apache.sshd.server.SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator(
        (user, key, session) -> {
          String line = PublicKeyEntry.toString(key);
          boolean in = authorized.contains(user + " " + line);
          if (in) {
            logins.add(user + " " + line.substring(0, line.indexOf(' ')));
          }
          return in;
        });
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    server.setCommandFactory(
        (channel, command) -> {
          commands.add(command);
          return new ProcessShellFactory(command, "/bin/sh", "-c", command).createShell(channel);
        });
    CoreModuleProperties.STOP_WAIT_TIME.set(server, Duration.ofSeconds(1));
    server.start();
  }

  /** Lets the user in with a line of authorized_keys. */
  void authorize(String user, String publicLine) {
    String[] parts = publicLine.split(" ");
    authorized.add(user + " " + parts[0] + " " + parts[1]);
  }

  @Override
  public String login() {
    return LOGIN;
  }

  @Override
  public void authorize(List<String> publicLines) {
    authorized.clear();
    publicLines.forEach(line -> authorize(LOGIN, line));
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public String publicKey() {
    return PublicKeyEntry.toString(hostKey.getPublic()).split(" ")[1];
  }

  @Override
  public void kill() throws IOException {
    server.close(true);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
