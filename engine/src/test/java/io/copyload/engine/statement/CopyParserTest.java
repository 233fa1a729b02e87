package io.copyload.engine.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyParserTest {
  static CopyFrom from(String sql) {
    return assertInstanceOf(CopyFrom.class, CopyParser.parse(sql));
  }

  /** The options as {@code NAME/STYLE value}, to compare without ranges. */
  static String shown(List<OptionClause> options) {
    StringBuilder text = new StringBuilder();
    for (OptionClause clause : options) {
      text.append(text.isEmpty() ? "" : "; ").append(clause.name());
      text.append('/').append(clause.style().name().charAt(0));
      if (clause.hasValue()) {
        text.append(' ').append(shown(clause.value()));
      }
    }
    return text.toString();
  }

  private static String shown(OptionValue value) {
    if (value instanceof OptionValue.Text text) {
      return text.literal() ? "'" + text.text() + "'" : "\"" + text.text() + "\"";
    }
    if (value instanceof OptionValue.Word word) {
      return word.text();
    }
    if (value instanceof OptionValue.Number number) {
      return "#" + number.text();
    }
    if (value instanceof OptionValue.Secret secret) {
      return "SECRET(" + secret.text() + ")";
    }
    if (value instanceof OptionValue.ValueList list) {
      String items = String.join(",", list.items().stream().map(CopyParserTest::shown).toList());
      return list.brackets() ? "[" + items + "]" : "(" + items + ")";
    }
    return value instanceof OptionValue.Star ? "*" : "-";
  }

  private static void assertOptions(String expected, String text) {
    String sql = "COPY t FROM 'f' " + text;
    CopyFrom copy = from(sql);
    assertEquals(expected, shown(copy.options()));
    for (OptionClause clause : copy.options()) {
      assertTrue(clause.range().begin() <= clause.nameRange().begin());
      assertTrue(clause.nameRange().end() <= clause.range().end());
      assertEquals(clause.range().end(), clause.value().range().end());
    }
  }

  private static CopyException refused(String sql) {
    return assertThrows(CopyException.class, () -> CopyParser.parse(sql));
  }

  @Test
  void readsTableColumnsAndSource() {
    String sql = " copy Db.\"Sch\".T (a, \"B\") FROM 'dir/*.csv' ; ";
    CopyFrom copy = from(sql);
    assertEquals("Db", copy.table().catalog().text());
    assertFalse(copy.table().catalog().quoted());
    assertEquals("Sch", copy.table().schema().text());
    assertTrue(copy.table().schema().quoted());
    assertEquals("T", copy.table().table().text());
    assertEquals("t", copy.table().table().shown());
    assertEquals("Db.\"Sch\".T", copy.table().range().of(sql));
    assertEquals(List.of("a", "B"), copy.columns().stream().map(Identifier::text).toList());
    assertEquals("\"B\"", copy.columns().get(1).range().of(sql));
    SourceRef.StringSource source = assertInstanceOf(SourceRef.StringSource.class, copy.source());
    assertEquals("dir/*.csv", source.text());
    assertEquals("'dir/*.csv'", source.range().of(sql));
    assertEquals("copy Db.\"Sch\".T (a, \"B\") FROM 'dir/*.csv'", copy.range().of(sql));
    assertNull(copy.into());
    assertNull(copy.where());
  }

  @Test
  void readsEverySource() {
    assertEquals(6, from("COPY INTO t FROM ?").into().position());
    assertEquals(0, ((SourceRef.ParameterSource) from("COPY t FROM ? CSV").source()).index());
    assertEquals(2, ((SourceRef.ParameterSource) from("COPY t FROM ?3").source()).index());
    assertEquals(0, ((SourceRef.ParameterSource) from("COPY t FROM $1").source()).index());
    assertInstanceOf(SourceRef.Stdin.class, from("COPY t FROM STDIN").source());
    assertInstanceOf(SourceRef.Stdin.class, from("COPY t FROM stdout").source());
    SourceRef.Program program =
        assertInstanceOf(SourceRef.Program.class, from("COPY t FROM PROGRAM 'ls'").source());
    assertEquals("ls", program.command());
    String sql = "COPY INTO t FROM 's3://b/' || to_char(now(), 'YYYY')::text (FORMAT csv)";
    CopyFrom copy = from(sql);
    assertInstanceOf(SourceRef.ExpressionSource.class, copy.source());
    assertEquals("'s3://b/' || to_char(now(), 'YYYY')::text", copy.source().range().of(sql));
    assertEquals("FORMAT/P csv", shown(copy.options()));
    sql = "COPY t FROM ('a' || ?) || x WITH (HEADER)";
    assertEquals("('a' || ?) || x", from(sql).source().range().of(sql));
    sql = "COPY t FROM 'a' || x (FORMAT csv)";
    assertEquals("'a' || x", from(sql).source().range().of(sql));
    sql = "COPY t FROM now()";
    assertEquals("now()", from(sql).source().range().of(sql));
  }

  @Test
  void takesTablesNamedLikeKeywords() {
    assertEquals("binary", from("COPY binary FROM 'f'").table().table().text());
    assertEquals("job", from("COPY job FROM 'f'").table().table().text());
    assertEquals("job", from("COPY job (run) FROM 'f'").table().table().text());
    assertEquals("from", from("COPY \"from\" FROM 'f'").table().table().text());
    assertFalse(from("COPY `t` FROM 'f'").table().table().quoted());
  }

  @Test
  void readsParenthesisedOptions() {
    assertOptions("FORMAT/P csv", "(FORMAT csv)");
    assertOptions("FORMAT/P 'csv'; HEADER/P", "WITH (format 'csv', HEADER)");
    assertOptions("\"Format\"/P \"CSV\"; NULL/P ''", "(\"Format\" \"CSV\", \"null\" '')");
    assertOptions("HEADER/P true; FREEZE/P on", "(HEADER true, FREEZE on)");
    assertOptions(
        "HEADER/P #1; REJECT_LIMIT/P #-1; A/P #2.5", "(HEADER 1, REJECT_LIMIT - 1, a +2.5)");
    assertOptions(
        "FORCE_NULL/P *; FORCE_NOT_NULL/P (a,\"B\")", "(FORCE_NULL *, FORCE_NOT_NULL (a, \"B\"))");
    assertOptions("LOG_VERBOSITY/P default; DEFAULT/P 'x'", "(LOG_VERBOSITY default, DEFAULT 'x')");
    assertOptions("DELIMITER/P '\t'", "(DELIMITER U&'\\0009')");
    assertOptions("SELECT/P x", "(select x)");
  }

  @Test
  void readsMaterializeOptions() {
    assertOptions(
        "FORMAT/P 'CSV'; FILES/P ['a','b']; PATTERN/P \"x/**\"; AWS CONNECTION/P c; MAX FILE SIZE/P"
            + " '1MB'",
        "WITH (FORMAT = 'CSV', FILES = ['a', 'b'], PATTERN \"x/**\", AWS CONNECTION = c, max file"
            + " size '1MB')");
    assertOptions(
        "FILES/P ('a','b'); DELIMITER/P SECRET",
        "(FILES ('a', 'b'), DELIMITER secret)".replace("secret", "SECRET"));
    assertOptions("KEY/P k", "(KEY = SECRET k)");
    String sql = "COPY t FROM 'f' (FORMAT = csv)";
    assertEquals("=", from(sql).options().get(0).equalsRange().of(sql));
    assertEquals("FORMAT = csv", from(sql).options().get(0).range().of(sql));
  }

  @Test
  void readsLegacyOptions() {
    assertOptions("", "WITH");
    assertOptions("CSV/L; HEADER/L", "WITH CSV HEADER");
    assertOptions("NULL/L '-'; DELIMITER/L '|'; CSV/L", "NULL '-' DELIMITER AS '|' CSV");
    assertOptions("QUOTE/L '''; ESCAPE/L '\\'", "QUOTE '''' ESCAPE AS E'\\\\'");
    assertOptions("CSV/L; FORCE_NOT_NULL/L (b,c); HEADER/L", "CSV FORCE NOT NULL b, c HEADER");
    assertOptions("FORCE_NULL/L *; FORCE_QUOTE/L (\"a\")", "FORCE NULL * FORCE QUOTE \"a\"");
    assertOptions("ENCODING/L 'LATIN1'; FREEZE/L; BINARY/L", "ENCODING 'LATIN1' FREEZE BINARY");
    assertOptions("DELIMITERS/L '|'", "DELIMITERS '|'");
    assertOptions("DELIMITERS/L '|'; NULL/L '-'", "USING DELIMITERS '|' WITH NULL AS '-'");
    assertEquals("BINARY/L", shown(from("COPY BINARY t FROM STDIN").options()));
  }

  @Test
  void readsEveryRedshiftClause() {
    assertOptions("IAM_ROLE/R default; CSV/L; GZIP/R", "IAM_ROLE default CSV GZIP");
    assertOptions("IAM_ROLE/R 'arn'", "iam_role 'arn'");
    assertOptions(
        "ACCESS_KEY_ID/R 'AK'; SECRET_ACCESS_KEY/R SECRET(s); SESSION_TOKEN/R SECRET(t); TOKEN/R"
            + " SECRET(u)",
        "ACCESS_KEY_ID 'AK' SECRET_ACCESS_KEY 's' SESSION_TOKEN 't' TOKEN 'u'");
    assertOptions("CREDENTIALS/R SECRET(k=v)", "CREDENTIALS 'k=v'");
    assertOptions("CREDENTIALS/R SECRET(k=v); CSV/L", "WITH CREDENTIALS AS 'k=v' CSV");
    assertOptions("CSV/L; CREDENTIALS/R SECRET(k=v)", "CSV WITH CREDENTIALS 'k=v'");
    assertOptions("CSV/R; QUOTE/L '%'", "FORMAT AS CSV QUOTE AS '%'");
    assertOptions("CSV/R", "FORMAT CSV");
    assertOptions("CSV/R", "AS CSV");
    assertOptions("DELIMITER/R '|'", "FORMAT DELIMITER '|'");
    assertOptions("FIXEDWIDTH/R 'a:1,b:2'", "FIXEDWIDTH AS 'a:1,b:2'");
    assertOptions("JSON/R 'auto'; AVRO/R", "FORMAT AS JSON AS 'auto' AVRO");
    assertOptions("JSON/R; AVRO/R 'auto ignorecase'", "JSON AVRO AS 'auto ignorecase'");
    assertOptions("PARQUET/R; SERIALIZETOJSON/R; ORC/R", "FORMAT PARQUET SERIALIZETOJSON ORC");
    assertOptions("SHAPEFILE/R; SIMPLIFY/R", "SHAPEFILE SIMPLIFY");
    assertOptions("SIMPLIFY/R (AUTO)", "SIMPLIFY AUTO");
    assertOptions("SIMPLIFY/R (AUTO,#1.1E-05); GZIP/R", "SIMPLIFY AUTO 1.1E-05 GZIP");
    assertOptions("SIMPLIFY/R ('0.5')", "SIMPLIFY '0.5'");
    assertOptions("GZIP/R; BZIP2/R; LZOP/R; ZSTD/R", "GZIP BZIP2 LZOP ZSTD");
    assertOptions("ACCEPTANYDATE/R; ACCEPTINVCHARS/R", "ACCEPTANYDATE ACCEPTINVCHARS");
    assertOptions("ACCEPTINVCHARS/R '^'; BLANKSASNULL/R", "ACCEPTINVCHARS AS '^' BLANKSASNULL");
    assertOptions(
        "DATEFORMAT/R 'auto'; TIMEFORMAT/R 'epochsecs'",
        "DATEFORMAT AS 'auto' TIMEFORMAT 'epochsecs'");
    assertOptions("ENCODING/R utf16; ENCODING/R 'UTF8'", "ENCODING utf16 ENCODING AS 'UTF8'");
    assertOptions("ESCAPE/R; REMOVEQUOTES/R; EMPTYASNULL/R", "ESCAPE REMOVEQUOTES EMPTYASNULL");
    assertOptions("IGNOREHEADER/R #1; MAXERROR/R #10", "IGNOREHEADER AS 1 MAXERROR 10");
    assertOptions("MAXERROR/R #-1; READRATIO/R '50'", "MAXERROR AS -1 READRATIO AS '50'");
    assertOptions("COMPROWS/R #1000; REGION/R 'eu'", "COMPROWS 1000 REGION AS 'eu'");
    assertOptions("COMPUPDATE/R; STATUPDATE/R OFF", "COMPUPDATE STATUPDATE OFF");
    assertOptions("COMPUPDATE/R PRESET; STATUPDATE/R true", "COMPUPDATE PRESET STATUPDATE true");
    assertOptions(
        "ENCRYPTED/R; MASTER_SYMMETRIC_KEY/R SECRET(k); SSH/R",
        "ENCRYPTED MASTER_SYMMETRIC_KEY AS 'k' SSH");
    assertOptions(
        "NULL/L '\\N'; EXPLICIT_IDS/R; FILLRECORD/R", "NULL AS '\\N' EXPLICIT_IDS FILLRECORD");
    assertOptions(
        "IGNOREALLERRORS/R; IGNOREBLANKLINES/R; NOLOAD/R",
        "IGNOREALLERRORS IGNOREBLANKLINES NOLOAD");
    assertOptions(
        "ROUNDEC/R; TRIMBLANKS/R; TRUNCATECOLUMNS/R; MANIFEST/R",
        "ROUNDEC TRIMBLANKS TRUNCATECOLUMNS MANIFEST");
    assertOptions("CSV/L; GZIP/R; DELIMITER/R ';'", "CSV, GZIP , DELIMITER ';'");
  }

  @Test
  void everyClauseNameOfRedshiftIsRead() {
    for (String name : RedshiftClause.names()) {
      String argument =
          switch (RedshiftClause.form(name)) {
            case FLAG, OPTIONAL_STRING, SWITCH, SIMPLIFY -> "";
            case STRING, SECRET, ROLE -> " 'x'";
            case NUMBER -> " 7";
          };
      CopyFrom copy = from("COPY t FROM 'f' " + name.toLowerCase(java.util.Locale.ROOT) + argument);
      assertEquals(name, copy.options().get(0).name());
      assertEquals(!argument.isEmpty(), copy.options().get(0).hasValue());
    }
  }

  @Test
  void keepsRangesOfClauses() {
    String sql = "COPY t FROM 'f' FORMAT AS JSON 'auto' FORCE NOT NULL a, b IGNOREHEADER AS 2";
    List<OptionClause> options = from(sql).options();
    assertEquals("FORMAT AS JSON 'auto'", options.get(0).range().of(sql));
    assertEquals("JSON", options.get(0).nameRange().of(sql));
    assertEquals("'auto'", options.get(0).value().range().of(sql));
    assertEquals("FORCE NOT NULL a, b", options.get(1).range().of(sql));
    assertEquals("FORCE NOT NULL", options.get(1).nameRange().of(sql));
    assertEquals("a, b", options.get(1).value().range().of(sql));
    assertEquals("IGNOREHEADER AS 2", options.get(2).range().of(sql));
  }

  @Test
  void keepsTheConditionAsText() {
    String sql = "COPY t FROM STDIN (FORMAT csv) WHERE a IN (1, (2)) AND b = 'x' ;";
    assertEquals("a IN (1, (2)) AND b = 'x'", from(sql).where().of(sql));
  }

  @Test
  void readsJobs() {
    String sql = "COPY t FROM 's3://b' IAM_ROLE 'r' JOB CREATE j AUTO OFF;";
    CopyJob.Create create = assertInstanceOf(CopyJob.Create.class, CopyParser.parse(sql));
    assertEquals("COPY t FROM 's3://b' IAM_ROLE 'r'", create.copy().range().of(sql));
    assertEquals("j", create.name().text());
    assertEquals(CopyJob.Auto.OFF, create.auto());
    assertEquals(
        CopyJob.Auto.ABSENT,
        ((CopyJob.Create) CopyParser.parse("COPY t FROM 'f' JOB CREATE j")).auto());
    assertEquals(
        CopyJob.Auto.ON, ((CopyJob.Alter) CopyParser.parse("COPY JOB ALTER \"J\" AUTO ON")).auto());
    assertInstanceOf(CopyJob.Run.class, CopyParser.parse("copy job run j"));
    assertInstanceOf(CopyJob.ListAll.class, CopyParser.parse("COPY JOB LIST;"));
    assertInstanceOf(CopyJob.Show.class, CopyParser.parse("COPY JOB SHOW j"));
    assertInstanceOf(CopyJob.Drop.class, CopyParser.parse("COPY JOB DROP j"));
  }

  @Test
  void readsCopyTo() {
    String sql = "COPY (SELECT (1), ')' FROM t) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)";
    CopyTo copy = assertInstanceOf(CopyTo.class, CopyParser.parse(sql));
    assertEquals("SELECT (1), ')' FROM t", copy.query().of(sql));
    assertNull(copy.table());
    assertEquals("FORMAT/P csv; FORCE_QUOTE/P *", shown(copy.options()));
    copy =
        assertInstanceOf(CopyTo.class, CopyParser.parse("COPY s.t (a) TO 'f' CSV FORCE QUOTE a"));
    assertEquals("s", copy.table().schema().text());
    assertEquals(1, copy.columns().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "COPY~end of input~5",
        "COPY t~end of input~7",
        "COPY t FROM~end of input~12",
        "COPY t FROM foo~at or near \"foo\"~13",
        "COPY t FROM foo CSV~at or near \"foo\"~13",
        "COPY t FROM 'f' junk~at or near \"junk\"~17",
        "COPY t FROM 'f' ()~at or near \")\"~18",
        "COPY t FROM 'f' WITH ()~at or near \")\"~23",
        "COPY t FROM 'f' (FORMAT csv~end of input~28",
        "COPY t FROM 'f' (FORMAT csv) junk~at or near \"junk\"~30",
        "COPY t FROM 'f' (FORMAT csv,)~at or near \")\"~29",
        "COPY t FROM 'f' (FORMAT =)~at or near \")\"~26",
        "COPY t FROM 'f' (NULL NULL)~at or near \"NULL\"~23",
        "COPY t FROM 'f' (HEADER -x)~at or near \"x\"~26",
        "COPY t FROM 'f' (FORCE_NULL ())~at or near \")\"~30",
        "COPY t FROM 'f' (FORMAT csv) CSV~at or near \"CSV\"~30",
        "COPY t FROM 'f' (FORMAT csv) (HEADER)~at or near \"(\"~30",
        "COPY t FROM 'f' CSV (HEADER)~at or near \"(\"~21",
        "COPY t FROM 'f' CSV HEADER false~at or near \"false\"~28",
        "COPY t FROM 'f' CSV, HEADER~at or near \",\"~20",
        "COPY t FROM 'f', CSV~at or near \",\"~16",
        "COPY t FROM 'f' CSV,~at or near \",\"~20",
        "COPY t FROM 'f' DEFAULT 'x'~at or near \"DEFAULT\"~17",
        "COPY t FROM 'f' DELIMITER x~at or near \"x\"~27",
        "COPY t FROM 'f' CSV DELIMITERS 'x'~at or near \"DELIMITERS\"~21",
        "COPY t FROM 'f' WITH WITH CSV~at or near \"WITH\"~22",
        "COPY t FROM 'f' CSV WITH HEADER~at or near \"WITH\"~21",
        "COPY t FROM 'f' FORMAT text~at or near \"text\"~24",
        "COPY t FROM 'f' FORCE a~at or near \"a\"~23",
        "COPY t FROM 'f' WHERE~end of input~22",
        "COPY t FROM 'f' WHERE a>1 (FORMAT csv)~at or near \"(\"~27",
        "COPY t FROM 'f' WHERE a)~at or near \")\"~24",
        "COPY t FROM 'f' WHERE (a~end of input~25",
        "COPY t FROM 'f'; SELECT 1~at or near \"SELECT\"~18",
        "COPY t FROM ?0~at or near \"?0\"~13",
        "COPY t FROM 'f' ?~at or near \"?\"~17",
        "COPY t() FROM 'f'~at or near \")\"~8",
        "COPY t(a,) FROM 'f'~at or near \")\"~10",
        "COPY () TO 'f'~at or near \")\"~7",
        "COPY (SELECT 1) FROM STDIN~at or near \"FROM\"~17",
        "COPY (SELECT 1 TO STDOUT~end of input~25",
        "COPY INTO t TO 'f'~at or near \"TO\"~13",
        "COPY FROM 'f'~at or near \"FROM\"~6",
        "COPY JOB RUN~end of input~13",
        "COPY JOB LIST x~at or near \"x\"~15",
        "COPY t FROM 'f' JOB CREATE~end of input~27",
        "COPY t FROM 'f' JOB CREATE j AUTO x~at or near \"x\"~35",
        "COPY JOB CREATE j~at or near \"CREATE\"~10",
        "EXPLAIN COPY t FROM 'f'~at or near \"EXPLAIN\"~1",
        "COPY t FROM 'f' IGNOREHEADER~end of input~29",
        "COPY t FROM 'f' IGNOREHEADER x~at or near \"x\"~30",
        "COPY t FROM 'f' CREDENTIALS = 'x'~at or near \"=\"~29",
      })
  void refusesWithPositionAndToken(String sql, String where, int position) {
    CopyException e = refused(sql);
    assertEquals("syntax error " + (where.startsWith("at") ? "" : "at ") + where, e.getMessage());
    assertEquals(CopyErrorCode.SYNTAX, e.code());
    assertEquals(position, e.position());
  }

  @Test
  void refusesByNameWhatPostgresqlNames() {
    assertEquals(
        "STDIN/STDOUT not allowed with PROGRAM", refused("COPY t FROM PROGRAM STDIN").getMessage());
    CopyException e = refused("COPY t TO 'f' WHERE a");
    assertEquals("WHERE clause not allowed with COPY TO", e.getMessage());
    assertEquals(15, e.position());
    e = refused("COPY a.b.c.d FROM 'f'");
    assertEquals("improper qualified name (too many dotted names)", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM 'f' SECRET_ACCESS_KEY 'hush' 'hush2'",
        "COPY t FROM 'f' SECRET_ACCESS_KEY 'a'hush'b'hush",
        "COPY t FROM 'f' SECRET_ACCESS_KEY 'a'hush CSV",
        "COPY t FROM 'f' SECRET_ACCESS_KEY hush",
        "COPY t FROM 'f' MASTER_SYMMETRIC_KEY \"hush\"",
        "COPY t FROM 'f' CREDENTIALS AS hush=hush",
        "COPY t FROM 'f' 'aws_access_key_id=hush'",
        "COPY t FROM 'f' SESSION_TOKEN 'hush",
        "COPY t FROM 'f' TOKEN $$hush",
        "COPY t 'hush' FROM 'f'",
      })
  void errorsDoNotRepeatSecrets(String sql) {
    CopyException e = refused(sql);
    assertFalse(e.toString().contains("hush"), e.toString());
    assertTrue(e.position() > 0);
  }

  @Test
  void secretsPrintAsStars() {
    CopyFrom copy =
        from(
            "COPY t FROM 'f' SECRET_ACCESS_KEY 'hush1' TOKEN 'hush2' CREDENTIALS 'hush3'"
                + " MASTER_SYMMETRIC_KEY 'hush4'");
    assertFalse(copy.toString().contains("hush"));
    assertEquals("***", copy.options().get(0).value().toString());
  }
}
