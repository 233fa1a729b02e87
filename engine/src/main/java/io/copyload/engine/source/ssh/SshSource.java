package io.copyload.engine.source.ssh;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.WholeObject;
import io.copyload.engine.source.remote.NetworkSettings;
import java.util.List;

/**
 * Commands that remote hosts run (Redshift developer guide, "COPY from remote host (SSH)"). The
 * location is that of the manifest, which any other source may hold.
 */
public final class SshSource implements Source {
  private static final int MAX_MANIFEST_BYTES = 4 << 20;

  private final Source manifests;

  /**
   * @param manifests where the manifest is
   */
  public SshSource(Source manifests) {
    this.manifests = manifests;
  }

  @Override
  public Reach reach() {
    return Reach.NETWORK;
  }

  @Override
  public String shownName(String location) {
    return manifests.shownName(location);
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    String shown = shownName(location);
    SourceClauses plain =
        new SourceClauses(
            SourceClauses.Reading.PLAIN, clauses.region(), clauses.authorization(), null, null);
    byte[] bytes =
        WholeObject.read(
            "SSH manifest",
            shown,
            manifests.list(location, plain, settings, cancel),
            MAX_MANIFEST_BYTES,
            cancel);
    List<SshManifest.Entry> entries = SshManifest.read(shown, bytes);
    AllowList allowed = AllowList.of(settings);
    SshSettings ssh = SshSettings.of(settings);
    for (SshManifest.Entry entry : entries) {
      String address = "ssh://" + entry.endpoint() + "/";
      allowed.check(address, address);
      // What the configuration says of the host is checked before anything runs.
      ssh.login(entry.endpoint(), entry.username()).jumps().forEach(ssh::jump);
    }
    return new SshListing(shown, entries, ssh, NetworkSettings.of(settings), settings);
  }
}
