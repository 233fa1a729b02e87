package io.copyload.engine.source;

import java.util.List;

/** The private keys by which a database logs in at other machines. Threads: any. */
@FunctionalInterface
public interface LoginKeys {
  /** No keys. */
  LoginKeys NONE = List::of;

  /** Private keys in OpenSSH's format, without a passphrase; the first use makes them. */
  List<Secret> all();
}
