package io.copyload.engine.statement;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Clauses that only Redshift has, by keyword, with the form of their argument. Clauses that
 * PostgreSQL's old syntax shares (CSV, DELIMITER, NULL, QUOTE, ENCODING) and the two-faced ESCAPE
 * are in {@link CopyParser}.
 */
public final class RedshiftClause {
  /** What may follow the keyword. The noise word AS may stand before every argument. */
  enum Form {
    FLAG,
    STRING,
    SECRET,
    /** A number, bare or as a string. */
    NUMBER,
    OPTIONAL_STRING,
    /** ON, OFF, TRUE, FALSE, PRESET or nothing. */
    SWITCH,
    /** A string or the word DEFAULT. */
    ROLE,
    /** {@code [AUTO] [number]}. */
    SIMPLIFY
  }

  private static final Map<String, Form> FORMS = forms();

  /** Clauses that may follow the noise words FORMAT and AS. */
  static final Set<String> DATA_FORMATS =
      Set.of("CSV", "DELIMITER", "FIXEDWIDTH", "JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE");

  private RedshiftClause() {}

  private static Map<String, Form> forms() {
    Map<String, Form> forms = new LinkedHashMap<>();
    put(forms, Form.ROLE, "IAM_ROLE");
    put(forms, Form.STRING, "ACCESS_KEY_ID", "REGION", "FIXEDWIDTH", "DATEFORMAT", "TIMEFORMAT");
    put(
        forms,
        Form.SECRET,
        "SECRET_ACCESS_KEY",
        "SESSION_TOKEN",
        "TOKEN",
        "CREDENTIALS",
        "MASTER_SYMMETRIC_KEY");
    put(forms, Form.NUMBER, "IGNOREHEADER", "MAXERROR", "COMPROWS", "READRATIO");
    put(forms, Form.OPTIONAL_STRING, "JSON", "AVRO", "ACCEPTINVCHARS");
    put(forms, Form.SWITCH, "COMPUPDATE", "STATUPDATE");
    put(forms, Form.SIMPLIFY, "SIMPLIFY");
    put(
        forms,
        Form.FLAG,
        "PARQUET",
        "ORC",
        "SHAPEFILE",
        "SERIALIZETOJSON",
        "GZIP",
        "BZIP2",
        "LZOP",
        "ZSTD",
        "MANIFEST",
        "ENCRYPTED",
        "SSH",
        "ACCEPTANYDATE",
        "BLANKSASNULL",
        "EMPTYASNULL",
        "EXPLICIT_IDS",
        "FILLRECORD",
        "IGNOREALLERRORS",
        "IGNOREBLANKLINES",
        "NOLOAD",
        "REMOVEQUOTES",
        "ROUNDEC",
        "TRIMBLANKS",
        "TRUNCATECOLUMNS");
    return Collections.unmodifiableMap(forms);
  }

  private static void put(Map<String, Form> forms, Form form, String... names) {
    for (String name : names) {
      forms.put(name, form);
    }
  }

  /** Names of all clauses that only Redshift has. */
  public static Set<String> names() {
    return FORMS.keySet();
  }

  /** Form of the clause, or null when there is none of that name. */
  static Form form(String upperCaseName) {
    return FORMS.get(upperCaseName);
  }
}
