package io.copyload.jdbc;

import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.h2.CopySettings;
import io.copyload.engine.job.JobSettings;
import io.copyload.engine.source.SourceSettings;
import java.nio.file.Path;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Every connection property of our own: the only source of {@link CopyloadDriver#getPropertyInfo},
 * of the data source's setters, of the checks when connecting, and of the table in the README.
 * Settings of H2 are not listed; they pass through. Names are not case-sensitive, as H2's are not.
 */
public enum CopyloadProperty {
  THREADS("threads", "Threads of one load.", "number of processors", "0.1", new String[0]) {
    @Override
    String defaultValue() {
      return Integer.toString(Runtime.getRuntime().availableProcessors());
    }
  },
  MEMORY(
      "memory",
      "Most heap that one load holds for buffers and rows on their way, whatever the size of its input. A number of"
          + " bytes, or one with KB, MB or GB.",
      "a quarter of the heap, at most 1GB",
      "0.1",
      new String[0]) {
    @Override
    String defaultValue() {
      long bytes = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4);
      return Math.max(1, bytes >> 20) + "MB";
    }
  },
  DIALECT(
      "dialect",
      "Grammar and rules of COPY. With auto, the clauses of each statement decide; postgresql is the newest major,"
          + " postgresql18.",
      "auto",
      "0.1",
      new String[] {
        "auto",
        "postgresql",
        "postgresql14",
        "postgresql15",
        "postgresql16",
        "postgresql17",
        "postgresql18",
        "materialize",
        "redshift"
      }),
  DURABLE(
      "durable",
      "Whether a committed COPY is on disk when the call returns. Without it, H2 writes up to half a second later.",
      "true",
      "0.1",
      new String[] {"true", "false"}),
  REJECTS(
      "rejects",
      "Most rejected records of one load that are kept for stl_load_errors and sys_load_error_detail.",
      "1000",
      "0.1",
      new String[0]),
  HISTORY_RETENTION(
      "history_retention",
      "Days after which a load leaves the history views; 0 keeps all.",
      "7",
      "0.1",
      new String[0]),
  MAX_EXPANSION(
      "max_expansion",
      "Most decompressed bytes per stored byte of an object that has more than 256 MB of them: a small file that"
          + " decompresses to a huge one fails the load. 0 is no limit.",
      "1000",
      "0.1",
      new String[0]),
  STDIN(
      "stdin",
      "What COPY ... FROM STDIN of a plain Statement reads when no data stands behind it: error refuses it, as"
          + " PostgreSQL's driver does; system reads System.in.",
      "error",
      "0.1",
      new String[] {"error", "system"}),
  PROGRAM(
      "program",
      "Whether COPY ... PROGRAM may run shell commands. Users other than administrators also need the role"
          + " PG_EXECUTE_SERVER_PROGRAM.",
      "false",
      "0.1",
      new String[] {"true", "false"}),
  PRODUCT_NAME(
      "product_name",
      "What DatabaseMetaData.getDatabaseProductName says. Frameworks choose their SQL dialect by it.",
      "H2",
      "0.1",
      new String[0]),
  S3_ENDPOINT(
      "s3_endpoint",
      "Address of an S3-compatible store, such as http://localhost:9000, in place of "
          + "Amazon's.",
      "",
      "0.1",
      new String[0]),
  S3_PATH_STYLE(
      "s3_path_style",
      "Whether the bucket stands in the path of an S3 address instead of the host's name. "
          + "With auto it does when s3_endpoint is set.",
      "auto",
      "0.1",
      new String[] {"auto", "true", "false"}),
  S3_REGION(
      "s3_region",
      "Region of a COPY FROM 's3://...' without REGION, and of the clusters of emr://. Without it, the environment "
          + "decides.",
      "",
      "0.1",
      new String[0]),
  STS_ENDPOINT(
      "sts_endpoint",
      "Address where IAM roles are assumed, in place of Amazon's.",
      "",
      "0.1",
      new String[0]),
  DYNAMODB_ENDPOINT(
      "dynamodb_endpoint",
      "Address of a DynamoDB other than Amazon's, such as http://localhost:8000.",
      "",
      "0.1",
      new String[0]),
  EMR_ENDPOINT(
      "emr_endpoint",
      "Address that answers for Amazon's EMR service where clusters of emr:// are looked up.",
      "",
      "0.1",
      new String[0]),
  CLUSTER_ENDPOINT(
      "cluster_endpoint",
      "Name node that every emr:// address means, for clusters that are not EMR: host[:port], hdfs://host[:port] or "
          + "webhdfs://host[:port]. Then EMR is not asked.",
      "",
      "0.1",
      new String[0]),
  HDFS_USER(
      "hdfs_user",
      "User whose files hdfs:// and webhdfs:// read where the address names none (user@host). Empty is the "
          + "environment's HADOOP_USER_NAME, else the process's user.",
      "",
      "0.1",
      new String[0]),
  HDFS_CONFIG(
      "hdfs_config",
      "Folder with Hadoop's core-site.xml and hdfs-site.xml for hdfs://. Those on the class path count, too.",
      "",
      "0.1",
      new String[0]),
  HTTP_HEADERS(
      "http_headers",
      "Headers of every request for an http(s):// source, as Name: value, separated by line "
          + "breaks or vertical bars. They are sent to no other host that a redirect names.",
      "",
      "0.1",
      new String[0]),
  NETWORK_CONNECTIONS(
      "network_connections",
      "Most requests that one load has under way.",
      "16",
      "0.1",
      new String[0]),
  NETWORK_TRIES(
      "network_tries",
      "Most attempts at one piece of data before a load gives up. Waits grow from 0.1 to 5 "
          + "seconds.",
      "10",
      "0.1",
      new String[0]),
  NETWORK_TIMEOUT(
      "network_timeout",
      "Seconds to wait for a connection and for the next bytes.",
      "30",
      "0.1",
      new String[0]),
  NETWORK_PROXY(
      "network_proxy", "Proxy of S3 and HTTP requests, as host:port.", "", "0.1", new String[0]),
  NETWORK_AUTHORITIES(
      "network_authorities",
      "File of certificates in PEM: authorities of S3 and HTTPS servers that are trusted beside the JVM's own.",
      "",
      "0.1",
      new String[0]),
  SSH_HOST_KEYS(
      "ssh_host_keys",
      "Which hosts COPY ... SSH believes whose publickey is not in the manifest: known_hosts only those whose key is "
          + "in ssh_known_hosts; accept-new also one of which nothing is known yet, whose key is added to that file.",
      "known_hosts",
      "0.1",
      new String[] {"known_hosts", "accept-new"}),
  SSH_KNOWN_HOSTS(
      "ssh_known_hosts",
      "OpenSSH's file of host keys.",
      "~/.ssh/known_hosts",
      "0.1",
      new String[0]),
  SSH_CONFIG(
      "ssh_config",
      "OpenSSH client configuration for COPY ... SSH: HostName, Port, User, IdentityFile and ProxyJump of each "
          + "endpoint. Empty reads none.",
      "",
      "0.1",
      new String[0]),
  ALLOWED_SOURCES(
      "allowed_sources",
      "Folders and addresses that COPY may read and write, separated by commas, such as "
          + "/data,s3://bucket/in/,https://example.com/. Empty allows all.",
      "",
      "0.1",
      new String[0]),
  COPY_JOB_STRICT(
      "copy_job.strict",
      "Whether COPY JOB has the restrictions that only Redshift needs: an empty S3 location without columnar "
          + "formats, and IAM_ROLE.",
      "true",
      "0.1",
      new String[] {"true", "false"}),
  COPY_JOB_POLL_SECONDS(
      "copy_job.poll_seconds",
      "Seconds between two listings of a COPY job with AUTO ON.",
      "10",
      "0.1",
      new String[0]),
  SECRETS_KEY(
      "secrets_key",
      "Text that the key of the database's stored secrets is derived from, a long and random one. Never shown again.",
      "",
      "0.1",
      new String[0]),
  SECRETS_KEY_FILE(
      "secrets_key_file",
      "File with that text. Without either, the environment variable COPYLOAD_SECRETS_KEY counts.",
      "",
      "0.1",
      new String[0]);

  private static final int MAX_THREADS = 1024;
  private static final long MIN_MEMORY_BYTES = 1 << 20;
  private static final int MAX_REJECTS = 1_000_000;
  private static final int MAX_RETENTION_DAYS = 36_500;

  private final String key;
  private final String description;
  private final String defaultText;
  private final String since;
  private final String[] choices;

  CopyloadProperty(
      String key, String description, String defaultText, String since, String[] choices) {
    this.key = key;
    this.description = description;
    this.defaultText = defaultText;
    this.since = since;
    this.choices = choices;
  }

  /** The name in URLs and {@link Properties}. */
  public String key() {
    return key;
  }

  /** What it does, in a sentence or two. */
  public String description() {
    return description;
  }

  /** The default, as documentation says it. */
  public String defaultText() {
    return defaultText;
  }

  /** The version that brought it. */
  public String since() {
    return since;
  }

  /** Whether a connection needs it; none does. */
  public boolean required() {
    return false;
  }

  /** The values it may have, in lower case; empty when there is no fixed list. */
  public String[] choices() {
    return choices.clone();
  }

  /** The default on this machine. */
  String defaultValue() {
    return defaultText;
  }

  /** The property with that name, or null. */
  static CopyloadProperty find(String name) {
    for (CopyloadProperty property : values()) {
      if (property.key.equalsIgnoreCase(name)) {
        return property;
      }
    }
    return null;
  }

  DriverPropertyInfo info(String value) {
    boolean hidden = this == SECRETS_KEY || this == HTTP_HEADERS;
    DriverPropertyInfo info =
        new DriverPropertyInfo(key, value == null || hidden ? defaultValue() : value);
    info.description = description;
    info.required = required();
    info.choices = choices.length == 0 ? null : choices.clone();
    return info;
  }

  /** The README's table of all properties. */
  public static String markdownTable() {
    StringBuilder table = new StringBuilder();
    table.append("| property | default | values | meaning |\n| --- | --- | --- | --- |\n");
    for (CopyloadProperty property : values()) {
      table
          .append("| `")
          .append(property.key)
          .append("` | ")
          .append(property.defaultText)
          .append(" | ")
          .append(String.join(", ", property.choices))
          .append(" | ")
          .append(property.description)
          .append(" |\n");
    }
    return table.toString();
  }

  /** The settings that {@code values} make, the rest being defaults. */
  static CopySettings settings(Map<CopyloadProperty, String> values) throws SQLException {
    Map<CopyloadProperty, String> all = new EnumMap<>(CopyloadProperty.class);
    for (CopyloadProperty property : values()) {
      all.put(property, property.check(values.getOrDefault(property, property.defaultValue())));
    }
    int threads = (int) THREADS.number(all.get(THREADS), 1, MAX_THREADS);
    long memoryBytes = MEMORY.bytes(all.get(MEMORY));
    NETWORK_CONNECTIONS.number(all.get(NETWORK_CONNECTIONS), 1, 256);
    NETWORK_TRIES.number(all.get(NETWORK_TRIES), 1, 1000);
    NETWORK_TIMEOUT.number(all.get(NETWORK_TIMEOUT), 1, 86_400);
    Map<String, String> byKey = new HashMap<>();
    all.forEach((property, value) -> byKey.put(property.key, value));
    return new CopySettings(
        threads,
        memoryBytes,
        DialectName.of(all.get(DIALECT)),
        Boolean.parseBoolean(all.get(DURABLE)),
        (int) REJECTS.number(all.get(REJECTS), 0, MAX_REJECTS),
        (int) HISTORY_RETENTION.number(all.get(HISTORY_RETENTION), 0, MAX_RETENTION_DAYS),
        (int) MAX_EXPANSION.number(all.get(MAX_EXPANSION), 0, Integer.MAX_VALUE),
        Boolean.parseBoolean(all.get(PROGRAM)),
        Path.of("").toAbsolutePath(),
        new SourceSettings(byKey, memoryBytes, threads),
        false,
        new JobSettings(
            Boolean.parseBoolean(all.get(COPY_JOB_STRICT)),
            (int) COPY_JOB_POLL_SECONDS.number(all.get(COPY_JOB_POLL_SECONDS), 1, 86_400),
            null));
  }

  /** Whether the property has that one of its choices. */
  boolean is(String choice, Map<CopyloadProperty, String> values) {
    return choice.equalsIgnoreCase(values.getOrDefault(this, defaultValue()).trim());
  }

  private String check(String value) throws SQLException {
    String trimmed = value.trim();
    if (choices.length == 0) {
      return trimmed;
    }
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(trimmed)) {
        return choice;
      }
    }
    throw bad(value, "one of " + String.join(", ", choices));
  }

  private long number(String value, long least, long most) throws SQLException {
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw bad(value, "a number from " + least + " to " + most);
    }
    throw bad(value, "a number from " + least + " to " + most);
  }

  private long bytes(String value) throws SQLException {
    String upper = value.toUpperCase(Locale.ROOT);
    int shift = 0;
    int end = upper.length();
    if (upper.endsWith("KB")) {
      shift = 10;
    } else if (upper.endsWith("MB")) {
      shift = 20;
    } else if (upper.endsWith("GB")) {
      shift = 30;
    }
    if (shift > 0) {
      end -= 2;
    }
    try {
      long number = Long.parseLong(upper.substring(0, end).trim());
      long bytes = number << shift;
      if (number > 0 && bytes >> shift == number && bytes >= MIN_MEMORY_BYTES) {
        return bytes;
      }
    } catch (NumberFormatException notANumber) {
      throw bad(value, "a size of at least 1MB, such as 256MB");
    }
    throw bad(value, "a size of at least 1MB, such as 256MB");
  }

  private SQLException bad(String value, String expected) {
    return SqlErrors.badConnection(
        "Invalid value '" + value + "' of connection property " + key + ": expected " + expected);
  }
}
