package io.copyload.engine.source.ssh;

import com.jcraft.jsch.ConfigRepository;
import com.jcraft.jsch.OpenSSHConfig;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a connection decides for SSH.
 *
 * @param trustNewHosts whether a host that nobody knows yet is believed and remembered
 * @param knownHosts OpenSSH's file of host keys
 * @param config OpenSSH's client configuration
 */
record SshSettings(boolean trustNewHosts, Path knownHosts, ConfigRepository config) {
  static final String HOST_KEYS = "ssh_host_keys";
  static final String KNOWN_HOSTS = "ssh_known_hosts";
  static final String CONFIG = "ssh_config";

  /** What Redshift logs in as. */
  private static final String DEFAULT_USER = "redshift";

  private static final int DEFAULT_PORT = 22;

  static SshSettings of(SourceSettings settings) {
    String hostKeys = settings.text(HOST_KEYS);
    String knownHosts = settings.text(KNOWN_HOSTS);
    String config = settings.text(CONFIG);
    try {
      return new SshSettings(
          hostKeys != null && hostKeys.equalsIgnoreCase("accept-new"),
          path(knownHosts == null ? "~/.ssh/known_hosts" : knownHosts),
          config == null
              ? ConfigRepository.nullConfig
              : OpenSSHConfig.parseFile(path(config).toString()));
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "connection property " + CONFIG + ": \"" + config + "\" cannot be read",
          e);
    }
  }

  /** A path as OpenSSH's configuration has it. */
  static Path path(String text) {
    return text.startsWith("~/")
        ? Path.of(System.getProperty("user.home"), text.substring(2))
        : Path.of(text);
  }

  /**
   * Where and as whom to log in.
   *
   * @param identities files with further private keys
   * @param jumps hosts to go through, the first one first
   */
  record Login(String host, int port, String user, List<Path> identities, List<String> jumps) {}

  /** The login at a host that a manifest or the configuration names. */
  Login login(String endpoint, String username) {
    ConfigRepository.Config host = config.getConfig(endpoint);
    if (host.getValue("ProxyCommand") != null) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "ProxyCommand for host \"" + endpoint + "\" is not supported: use ProxyJump");
    }
    String user = username != null ? username : host.getUser();
    List<Path> identities = new ArrayList<>();
    String[] files = host.getValues("IdentityFile");
    if (files != null) {
      for (String file : files) {
        identities.add(path(file));
      }
    }
    String jump = host.getValue("ProxyJump");
    return new Login(
        host.getHostname() == null ? endpoint : host.getHostname(),
        host.getPort() > 0 ? host.getPort() : DEFAULT_PORT,
        user == null ? DEFAULT_USER : user,
        identities,
        jump == null || jump.equalsIgnoreCase("none")
            ? List.of()
            : List.of(jump.split("\\s*,\\s*")));
  }

  /** The login at a jump host, which is {@code [user@]host[:port]}. */
  Login jump(String text) {
    int at = text.lastIndexOf('@');
    String user = at < 0 ? null : text.substring(0, at);
    String place = text.substring(at + 1);
    int colon = place.lastIndexOf(':');
    boolean hasPort = colon > 0 && place.indexOf(':') == colon;
    Login login = login(hasPort ? place.substring(0, colon) : place, user);
    try {
      return hasPort
          ? new Login(
              login.host(),
              Integer.parseInt(place.substring(colon + 1)),
              login.user(),
              login.identities(),
              List.of())
          : login;
    } catch (NumberFormatException e) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "connection property " + CONFIG + ": ProxyJump \"" + text + "\" has no valid port",
          e);
    }
  }
}
