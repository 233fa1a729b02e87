package io.copyload.engine.source.remote;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The certificate authorities that a connection trusts beside the JVM's own: its property {@code
 * network_authorities} names a file of certificates in PEM.
 */
public final class TrustedAuthorities {
  public static final String PROPERTY = "network_authorities";

  private final TrustManager[] managers;

  private TrustedAuthorities(TrustManager[] managers) {
    this.managers = managers;
  }

  /** Those of a connection; null when it has none of its own. */
  public static TrustedAuthorities of(SourceSettings settings) {
    String file = settings.text(PROPERTY);
    if (file == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      Collection<? extends Certificate> own =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!own.isEmpty()) {
        return new TrustedAuthorities(managers(own));
      }
    } catch (IOException | InvalidPathException | GeneralSecurityException e) {
      throw bad(file);
    }
    throw bad(file);
  }

  private static TrustManager[] managers(Collection<? extends Certificate> own)
      throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    int number = 0;
    for (Certificate certificate : own) {
      all.setCertificateEntry("own-" + number++, certificate);
    }
    for (TrustManager manager : managers((KeyStore) null)) {
      if (manager instanceof X509TrustManager usual) {
        for (X509Certificate certificate : usual.getAcceptedIssuers()) {
          all.setCertificateEntry("jvm-" + number++, certificate);
        }
      }
    }
    return managers(all);
  }

  /** Managers of a store; null is the JVM's. */
  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static CopyException bad(String file) {
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "the file \""
            + file
            + "\" of connection property "
            + PROPERTY
            + " holds no certificates in PEM");
  }

  /** For a client that makes its own context. */
  public TrustManager[] managers() {
    return managers.clone();
  }

  /** For a client that takes a context. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
