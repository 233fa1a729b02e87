package io.copyload.tck.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real SSH server on loopback whose commands are run by the machine's shell. */
interface SshHost extends AutoCloseable {
  /** The servers there are. */
  enum Kind {
    MINA {
      @Override
      SshHost start(Path folder) throws Exception {
        return new SshServer();
      }
    },
    OPENSSH {
      @Override
      SshHost start(Path folder) throws Exception {
        assumeTrue(OpenSshServer.isInstalled(), "/usr/sbin/sshd is not installed");
        return new OpenSshServer(Files.createTempDirectory(folder, "sshd"));
      }
    };

    /**
     * Starts a host.
     *
     * @param folder for what it keeps
     */
    abstract SshHost start(Path folder) throws Exception;
  }

  int port();

  /** Who can log in. */
  String login();

  /** Lets {@link #login} in with lines of authorized_keys, and nobody else. */
  void authorize(List<String> publicLines) throws IOException;

  /** The host's key as a manifest has it. */
  String publicKey() throws IOException;

  /** Breaks every connection and takes no new one. */
  void kill() throws IOException;

  /** A line of known_hosts. */
  default String knownHostsLine() throws IOException {
    return "[127.0.0.1]:" + port() + " ssh-rsa " + publicKey() + "\n";
  }

  /** What an OpenSSH configuration says of the host. */
  default String configuration(String name) {
    return "Host "
        + name
        + "\n  HostName 127.0.0.1\n  Port "
        + port()
        + "\n  User "
        + login()
        + "\n";
  }

  @Override
  void close() throws IOException;
}
