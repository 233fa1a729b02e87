package io.copyload.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.RedshiftClause;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyResolverTest {
  private static final DelimitedSpec CSV =
      new DelimitedSpec(
          DelimitedSpec.Style.POSTGRES_CSV,
          (byte) ',',
          '"',
          '"',
          "",
          false,
          false,
          null,
          DelimitedSpec.Header.NONE,
          0,
          false,
          DelimitedSpec.EndMarker.NONE);
  private static final DelimitedSpec TEXT =
      new DelimitedSpec(
          DelimitedSpec.Style.POSTGRES_TEXT,
          (byte) '\t',
          -1,
          -1,
          "\\N",
          false,
          false,
          null,
          DelimitedSpec.Header.NONE,
          0,
          false,
          DelimitedSpec.EndMarker.STRICT);

  private static CopyFrom parse(String sql) {
    return assertInstanceOf(CopyFrom.class, CopyParser.parse(sql));
  }

  private static ResolvedCopy resolve(String clauses) {
    return resolve(clauses, DialectName.AUTO);
  }

  private static ResolvedCopy resolve(String clauses, DialectName property) {
    return CopyResolver.resolve(parse("COPY t FROM 'f' " + clauses), property);
  }

  private static CopyException refused(String clauses, DialectName property) {
    return assertThrows(CopyException.class, () -> resolve(clauses, property), clauses);
  }

  private static void assertFormat(DelimitedSpec expected, String clauses) {
    assertEquals(expected, resolve(clauses).format(), clauses);
  }

  private static DelimitedSpec.Header header(ResolvedCopy copy) {
    return ((DelimitedSpec) copy.format()).header();
  }

  private static DelimitedSpec with(
      DelimitedSpec spec, char delimiter, int quote, int escape, String nullMarker) {
    return new DelimitedSpec(
        spec.style(),
        (byte) delimiter,
        quote,
        escape,
        nullMarker,
        spec.nullInQuotes(),
        spec.emptyIsNullForNonText(),
        spec.defaultMarker(),
        spec.header(),
        spec.skipLines(),
        spec.trailingDelimiter(),
        spec.endMarker());
  }

  @Test
  void fillsInPostgresqlDefaults() {
    assertFormat(TEXT, "");
    assertFormat(TEXT, "WITH");
    assertFormat(TEXT, "(FORMAT text)");
    assertFormat(CSV, "CSV");
    assertFormat(CSV, "(FORMAT csv)");
    assertFormat(CSV, "(FORMAT 'csv', FREEZE off, ON_ERROR stop, LOG_VERBOSITY default)");
    ResolvedCopy copy = resolve("CSV");
    assertEquals(DialectName.POSTGRESQL, copy.dialect());
    assertEquals(ConversionSpec.Dialect.POSTGRESQL, copy.conversion());
    assertEquals(LoadPlan.Compression.DETECT, copy.compression());
    assertEquals(1, copy.budget().limit());
  }

  @Test
  void readsPostgresqlCharacters() {
    assertFormat(
        with(CSV, '|', '\'', '\\', "-"),
        "(FORMAT csv, DELIMITER '|', QUOTE '''', ESCAPE '\\', NULL '-')");
    assertFormat(
        with(CSV, '|', '\'', '\\', "-"),
        "CSV DELIMITER AS '|' QUOTE '''' ESCAPE AS '\\' NULL AS '-'");
    assertFormat(with(CSV, ',', '\'', '\'', ""), "CSV QUOTE ''''");
    assertFormat(with(CSV, '#', '"', '#', ""), "(FORMAT csv, DELIMITER '#', ESCAPE '#')");
    assertFormat(with(TEXT, '|', -1, -1, ""), "USING DELIMITERS '|' WITH NULL ''");
    assertFormat(with(CSV, 'x', '"', '"', ""), "(DELIMITER x, FORMAT csv)");
    assertFormat(with(CSV, '5', '"', '"', ""), "(DELIMITER 5, FORMAT csv)");
    assertFormat(with(CSV, '\t', '\n', '\n', ""), "(FORMAT csv, QUOTE E'\\n', DELIMITER E'\\t')");
  }

  @Test
  void readsBinary() {
    assertEquals(new PgBinarySpec(), resolve("(FORMAT binary)").format());
    assertEquals(new PgBinarySpec(), resolve("BINARY").format());
    assertEquals(new PgBinarySpec(), resolve("(FORMAT 'binary', HEADER off)").format());
  }

  @ParameterizedTest
  @CsvSource({
    "HEADER,SKIP",
    "HEADER true,SKIP",
    "HEADER 'ON',SKIP",
    "HEADER 1,SKIP",
    "HEADER 0,NONE",
    "HEADER off,NONE",
    "HEADER FALSE,NONE",
    "HEADER match,MATCH",
    "HEADER 'MATCH',MATCH"
  })
  void readsHeader(String option, DelimitedSpec.Header expected) {
    assertEquals(expected, header(resolve("(" + option + ")")));
    assertEquals(expected, header(resolve("(FORMAT csv, " + option + ")")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF8", "utf-8", "Utf_8", "UNICODE"})
  void takesAnySpellingOfUtf8(String name) {
    assertFormat(CSV, "(FORMAT csv, ENCODING '" + name + "')");
    assertFormat(CSV, "CSV ENCODING '" + name + "'");
  }

  /** Texts, codes and positions as PostgreSQL 18 answers them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "(FORMAT parquet)~22023~18~COPY format \"parquet\" not recognized",
        "(FORMAT 'CSV')~22023~18~COPY format \"CSV\" not recognized",
        "(FORMAT \"CSV\")~22023~18~COPY format \"CSV\" not recognized",
        "(FORMAT)~42601~0~format requires a parameter",
        "(FORMAT = csv)~42601~25~syntax error at or near \"=\"",
        "(FILES ['a'])~42601~24~syntax error at or near \"[\"",
        "(FILES ('a'))~42601~18~option \"files\" not recognized",
        "(FOO 'x')~42601~18~option \"foo\" not recognized",
        "(\"Format\" csv)~42601~18~option \"Format\" not recognized",
        "(FORMAT csv, FORMAT csv)~42601~30~conflicting or redundant options",
        "(FORMAT nix, FORMAT csv)~22023~18~COPY format \"nix\" not recognized",
        "(NULL 'a', NULL 'b')~42601~28~conflicting or redundant options",
        "CSV CSV~42601~21~conflicting or redundant options",
        "CSV BINARY~42601~21~conflicting or redundant options",
        "USING DELIMITERS '|' DELIMITER '|'~42601~38~conflicting or redundant options",
        "(DELIMITER)~42601~0~delimiter requires a parameter",
        "(DELIMITER '')~0A000~0~COPY delimiter must be a single one-byte character",
        "(DELIMITER 'é')~0A000~0~COPY delimiter must be a single one-byte character",
        "(DELIMITER E'\\n')~22023~0~COPY delimiter cannot be newline or carriage return",
        "(DELIMITER 'a')~22023~0~COPY delimiter cannot be \"a\"",
        "(DELIMITER '\\')~22023~0~COPY delimiter cannot be \"\\\"",
        "(DELIMITER 5)~22023~0~COPY delimiter cannot be \"5\"",
        "(NULL E'a\\rb')~22023~0~COPY null representation cannot use newline or carriage return",
        "(DEFAULT E'\\n"
            + "')~22023~0~COPY default representation cannot use newline or carriage return",
        "(QUOTE '\"')~0A000~0~COPY QUOTE requires CSV mode",
        "(FORMAT csv, QUOTE '\"\"')~0A000~0~COPY quote must be a single one-byte character",
        "(FORMAT csv, QUOTE ',')~22023~0~COPY delimiter and quote must be different",
        "(ESCAPE '\"')~0A000~0~COPY ESCAPE requires CSV mode",
        "(FORMAT csv, ESCAPE '')~0A000~0~COPY escape must be a single one-byte character",
        "(HEADER 2)~42601~0~header requires a Boolean value or \"match\"",
        "(HEADER 1.5)~42601~0~header requires a Boolean value or \"match\"",
        "(FREEZE maybe)~42601~0~freeze requires a Boolean value",
        "(FORMAT binary, HEADER)~0A000~0~cannot specify HEADER in BINARY mode",
        "(FORMAT binary, DELIMITER ',')~42601~0~cannot specify DELIMITER in BINARY mode",
        "(FORCE_QUOTE *)~0A000~0~COPY FORCE_QUOTE requires CSV mode",
        "(FORMAT csv, FORCE_QUOTE *)~0A000~0~COPY FORCE_QUOTE cannot be used with COPY FROM",
        "(FORCE_NULL (b))~0A000~0~COPY FORCE_NULL requires CSV mode",
        "(FORMAT csv, FORCE_NOT_NULL b)~22023~30~argument to option \"force_not_null\" must be a"
            + " list of column names",
        "(CONVERT_SELECTIVELY *)~22023~18~argument to option \"convert_selectively\" must be a list"
            + " of column names",
        "(NULL 'a,b', DELIMITER ',')~22023~0~COPY delimiter character must not appear in the NULL"
            + " specification",
        "CSV NULL 'a\"b'~22023~0~CSV quote character must not appear in the NULL specification",
        "(DEFAULT '\\N')~0A000~0~NULL specification and DEFAULT specification cannot be the same",
        "(DEFAULT 'a;b', DELIMITER ';')~0A000~0~COPY delimiter character must not appear in the"
            + " DEFAULT specification",
        "(FORMAT csv, DEFAULT 'a\"b')~0A000~0~CSV quote character must not appear in the DEFAULT"
            + " specification",
        "(ENCODING 'nonsense')~22023~18~argument to option \"encoding\" must be a valid encoding"
            + " name",
        "(ON_ERROR nope)~22023~18~COPY ON_ERROR \"nope\" not recognized",
        "(FORMAT binary, ON_ERROR ignore)~42601~0~only ON_ERROR STOP is allowed in BINARY mode",
        "(REJECT_LIMIT 1)~22023~0~COPY REJECT_LIMIT requires ON_ERROR to be set to IGNORE",
        "(ON_ERROR ignore, REJECT_LIMIT -1)~22023~0~REJECT_LIMIT (-1) must be greater than zero",
        "(ON_ERROR ignore, REJECT_LIMIT abc)~22P02~0~invalid input syntax for type bigint: \"abc\"",
        "(REJECT_LIMIT)~42601~0~reject_limit requires a numeric value",
        "(LOG_VERBOSITY loud)~22023~18~COPY LOG_VERBOSITY \"loud\" not recognized",
        "IGNOREHEADER 1~42601~17~syntax error at or near \"IGNOREHEADER\"",
        "CSV GZIP~42601~21~syntax error at or near \"GZIP\"",
      })
  void refusesAsPostgresqlDoes(String clauses, String state, int position, String message) {
    CopyException e = refused(clauses, DialectName.POSTGRESQL);
    assertEquals(message, e.getMessage());
    assertEquals(state, e.code().sqlState());
    assertEquals(position, e.position());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "IAM_ROLE default CREDENTIALS 'x=hush'~CREDENTIALS cannot be used together with IAM_ROLE",
        "CREDENTIALS 'x=hush'~Invalid credentials. Must be of the format: credentials 'aws_access_key_id=<access-key-id>;aws_secret_access_key=<secret-access-key>[;token=<temporary-session-token>]'",
        "CREDENTIALS 'aws_access_key_id=a;aws_secret_access_key=hu sh'~Invalid credentials. Must be of the format: credentials 'aws_access_key_id=<access-key-id>;aws_secret_access_key=<secret-access-key>[;token=<temporary-session-token>]'",
        "SECRET_ACCESS_KEY 'hush'~ACCESS_KEY_ID and SECRET_ACCESS_KEY must be given together",
        "ACCESS_KEY_ID 'a' SECRET_ACCESS_KEY 'hush' TOKEN 'hush' SESSION_TOKEN 'hush'~TOKEN cannot be used together with SESSION_TOKEN",
        "IAM_ROLE 'arn:aws:iam::1:role/a, arn:aws:iam::1:role/b'~\" arn:aws:iam::1:role/b\" is not a role: write arn:aws:iam::<12 digits>:role/<name>, several with commas and no blanks between them",
      })
  void refusesAuthorizationThatIsNotOne(String clauses, String message) {
    CopyException e = refused(clauses, DialectName.AUTO);
    assertEquals(message, e.getMessage());
    assertEquals("22023", e.code().sqlState());
    assertFalse(e.toString().contains("hush"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "(FORMAT = Parquet, ON_ERROR set_null)~36~ON_ERROR set_null in PARQUET mode",
      })
  void refusesByNameWhatIsNotBuilt(String clauses, int position, String what) {
    CopyException e = refused(clauses, DialectName.AUTO);
    assertEquals("COPY " + what + " is not supported yet", e.getMessage());
    assertEquals("0A000", e.code().sqlState());
    assertEquals(position, e.position());
  }

  @Test
  void aConnectionNeedsAnAddressOfS3() {
    CopyException e = refused("(FORMAT csv, AWS CONNECTION = c)", DialectName.AUTO);
    assertEquals("only 's3://...' urls are supported as COPY FROM target", e.getMessage());
    assertEquals("22023", e.code().sqlState());
    assertEquals(30, e.position());
  }

  @Test
  void everyRedshiftClauseIsInTheTableAndBuiltOrRefused() {
    Set<String> expected = new HashSet<>(RedshiftClause.names());
    expected.addAll(List.of("CSV", "DELIMITER", "NULL", "QUOTE", "ENCODING", "ESCAPE"));
    Set<String> names = new HashSet<>();
    OptionTable.of(DialectName.REDSHIFT).rows().forEach(row -> names.add(row.name()));
    assertEquals(expected, names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "'f' ~POSTGRESQL",
        "STDIN ~POSTGRESQL",
        "'f' CSV~POSTGRESQL",
        "'f' DELIMITER '|'~POSTGRESQL",
        "'f' CSV HEADER~POSTGRESQL",
        "'f' (FORMAT csv)~POSTGRESQL",
        "? (FORMAT csv)~POSTGRESQL",
        "'f' CSV IGNOREHEADER 1~REDSHIFT",
        "'f' DELIMITER '|' GZIP~REDSHIFT",
        "'f' FORMAT AS CSV~REDSHIFT",
        "'f' ENCODING utf8~REDSHIFT",
        "'f' CSV, NULL AS ''~REDSHIFT",
        "'f' ESCAPE~REDSHIFT",
        "'f' MAXERROR 5~REDSHIFT",
        "'s3://b/x' CSV~REDSHIFT",
        "'emr://x/y' ~REDSHIFT",
        "'hdfs://h:8020/x' ~REDSHIFT",
        "'webhdfs://h:9870/x' CSV~REDSHIFT",
        "'DynamoDB://x' ~REDSHIFT",
        "'s3://b/x' CSV HEADER~POSTGRESQL",
        "'s3://b/x' (FORMAT csv)~MATERIALIZE",
        "'https://h/x.csv' ~MATERIALIZE",
        "'f' (FORMAT = csv)~MATERIALIZE",
        "'f' (FORMAT csv, PATTERN 'x')~MATERIALIZE",
        "'f' (FORMAT parquet)~MATERIALIZE",
        "'f' (FILES ['a'])~MATERIALIZE",
      })
  void decidesPerStatement(String rest, DialectName expected) {
    for (String into : List.of("", "INTO ")) {
      CopyFrom copy = parse("COPY " + into + "t FROM " + rest);
      assertEquals(expected, DialectDecision.decide(copy, DialectName.AUTO));
    }
  }

  @Test
  void propertyWins() {
    assertEquals(DialectName.REDSHIFT, resolve("DELIMITER '|'", DialectName.REDSHIFT).dialect());
    assertEquals(DialectName.MATERIALIZE, resolve("", DialectName.MATERIALIZE).dialect());
    assertEquals(
        CSV.style(),
        ((DelimitedSpec)
                resolve("(FORMAT = 'CSV', HEADER = false)", DialectName.MATERIALIZE).format())
            .style());
    CopyException e = refused("CSV HEADER", DialectName.REDSHIFT);
    assertEquals("syntax error at or near \"HEADER\"", e.getMessage());
    assertTrue(e.hint().contains("redshift"));
    e = refused("(FORMAT csv)", DialectName.REDSHIFT);
    assertEquals("42601", e.code().sqlState());
    e = refused("GZIP", DialectName.MATERIALIZE);
    assertTrue(e.hint().contains("Redshift"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "CSV HEADER IGNOREHEADER 1~IGNOREHEADER~HEADER~28",
        "GZIP HEADER~GZIP~HEADER~22",
        "(FORMAT csv) GZIP~GZIP~FORMAT~30",
        "GZIP (FORMAT csv)~GZIP~FORMAT~23",
        "GZIP WHERE a > 1~GZIP~WHERE~28",
        "CSV ESCAPE '\\' MAXERROR 5~MAXERROR~ESCAPE~32",
      })
  void refusesMixedDialectsNamingBoth(
      String clauses, String redshift, String postgresql, int position) {
    CopyException e = refused(clauses, DialectName.AUTO);
    assertEquals(
        redshift
            + " is a clause of Redshift's COPY and "
            + postgresql
            + " one of PostgreSQL's; one statement cannot use both",
        e.getMessage());
    assertEquals("22023", e.code().sqlState());
    assertEquals(position, e.position());
  }

  private static DelimitedSpec redshift(
      boolean csv, char delimiter, int quote, String nullMarker, int skipLines) {
    return new DelimitedSpec(
        csv ? DelimitedSpec.Style.REDSHIFT_CSV : DelimitedSpec.Style.REDSHIFT_TEXT,
        (byte) delimiter,
        quote,
        quote,
        nullMarker,
        false,
        true,
        null,
        DelimitedSpec.Header.NONE,
        skipLines,
        true,
        DelimitedSpec.EndMarker.NONE);
  }

  private static void assertRedshift(DelimitedSpec expected, String clauses) {
    ResolvedCopy copy = resolve(clauses, DialectName.REDSHIFT);
    assertEquals(expected, copy.format(), clauses);
    assertEquals(ConversionSpec.Dialect.REDSHIFT, copy.conversion());
  }

  @Test
  void readsRedshiftFormats() {
    assertRedshift(redshift(false, '|', -1, "\\N", 0), "");
    assertRedshift(redshift(true, ',', '"', "\\N", 0), "CSV");
    assertRedshift(redshift(true, ',', '%', "\\N", 0), "FORMAT AS CSV QUOTE AS '%'");
    assertRedshift(
        redshift(true, ';', '"', "", 2), "DELIMITER AS ';' CSV NULL AS '' IGNOREHEADER AS 2");
    assertRedshift(redshift(false, '\t', -1, "-", 0), "DELIMITER '\\t' NULL '-'");
    assertRedshift(redshift(false, '\1', -1, "\\N", 0), "DELIMITER '\\001'");
    assertRedshift(redshift(false, '|', -1, "\\N", 0), "DELIMITER '\\174'");
    assertRedshift(redshift(false, '\\', -1, "\\N", 0), "DELIMITER '\\'");
    assertRedshift(redshift(false, '\t', -1, "\\N", 0), "DELIMITER E'\\t'");
    assertRedshift(redshift(false, '|', -1, "\0", 0), "NULL AS '\\000'");
    assertRedshift(redshift(false, '|', -1, "\0", 0), "NULL AS '\\0' ENCODING 'utf-8'");
    assertRedshift(redshift(false, '|', -1, "\\N", 7), "IGNOREHEADER '7'");
  }

  @Test
  void readsRedshiftCompressionAndBudget() {
    assertEquals(LoadPlan.Compression.GZIP, resolve("CSV GZIP").compression());
    assertEquals(LoadPlan.Compression.DETECT, resolve("CSV MAXERROR 0").compression());
    assertEquals(1, resolve("CSV MAXERROR 0").budget().limit());
    assertEquals(1, resolve("CSV MAXERROR 1").budget().limit());
    assertEquals(10, resolve("CSV MAXERROR AS 10").budget().limit());
    assertEquals(100_000, resolve("MAXERROR 100000").budget().limit());
    assertFalse(resolve("MAXERROR 9").budget().softOnly());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "MAXERROR 100001~22023~17~MAXERROR must be between 0 and 100000",
        "MAXERROR -1~22023~17~MAXERROR must be between 0 and 100000",
        "MAXERROR 1.5~22023~17~MAXERROR value \"1.5\" is not an integer",
        "IGNOREHEADER 'x'~22023~17~IGNOREHEADER value \"x\" is not an integer",
        "IGNOREHEADER -1~22023~17~IGNOREHEADER must be between 0 and 2147483647",
        "QUOTE '%'~22023~17~QUOTE can be used only with CSV",
        "CSV QUOTE '%%'~22023~21~QUOTE must be a single one-byte character",
        "CSV QUOTE ','~22023~21~COPY delimiter and quote must be different",
        "CSV DELIMITER '\"'~22023~21~COPY delimiter and quote must be different",
        "DELIMITER ''~22023~17~DELIMITER must not be empty",
        "DELIMITER '\\n'~22023~17~DELIMITER cannot be newline, carriage return or NUL",
        "NULL AS '\\n'~22023~17~NULL AS cannot use newline or carriage return",
        "GZIP GZIP~42601~22~conflicting or redundant options",
        "CSV FORMAT AS CSV~42601~31~conflicting or redundant options",
        "ENCODING latin7~22023~17~ENCODING \"latin7\" not recognized",
      })
  void refusesBadRedshiftValues(String clauses, String state, int position, String message) {
    CopyException e = refused(clauses, DialectName.REDSHIFT);
    assertEquals(message, e.getMessage());
    assertEquals(state, e.code().sqlState());
    assertEquals(position, e.position());
  }

  @Test
  void hintsAtTheSpellingOfATab() {
    CopyException e = refused("CSV DELIMITER '\\t'", DialectName.AUTO);
    assertEquals("COPY delimiter must be a single one-byte character", e.getMessage());
    assertTrue(e.hint().contains("E'\\t'"));
    assertNull(refused("CSV DELIMITER '||'", DialectName.AUTO).hint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "COPY t FROM 'f' JOB CREATE j~COPY JOB CREATE is not supported yet",
        "COPY JOB LIST~COPY JOB LIST is not supported yet",
      })
  void namesStatementsThatAreNotBuilt(String sql, String message) {
    CopyException e = CopyResolver.unsupported(CopyParser.parse(sql));
    assertEquals(message, e.getMessage());
    assertEquals("0A000", e.code().sqlState());
  }

  @Test
  void readsPropertyValues() {
    for (DialectName name : DialectName.values()) {
      assertEquals(name, DialectName.of(name.propertyValue()));
    }
    assertNull(DialectName.of("oracle"));
    assertNotNull(DialectName.of("PostgreSQL"));
  }
}
