/**
 * What the options of a COPY mean: per dialect the table of options, their checks and defaults, and
 * the resolved specs.
 *
 * <p><b>Which dialect a statement is read in.</b> The connection's {@code dialect} property wins.
 * When it is {@code auto} each statement is decided by its own text, first row that fits:
 *
 * <table>
 * <caption>decision, see {@link io.copyload.engine.dialect.DialectDecision}</caption>
 * <tr><th>the statement has</th><th>dialect</th></tr>
 * <tr><td>a form only Redshift has <i>and</i> one only PostgreSQL or Materialize has (parenthesised list, HEADER, FREEZE,
 * FORCE, ESCAPE 'c', BINARY, WHERE)</td><td>error 22023 naming both</td></tr>
 * <tr><td>a form only Redshift has: IGNOREHEADER, GZIP, IAM_ROLE, FORMAT AS, ESCAPE without a character, ENCODING AS,
 * a comma between clauses, ...</td><td>redshift</td></tr>
 * <tr><td>in the parenthesised list: AWS CONNECTION, FILES, PATTERN, MAX FILE SIZE, {@code =}, {@code [...]} or FORMAT
 * parquet</td><td>materialize</td></tr>
 * <tr><td>an http or https source; an s3 source with a parenthesised list</td><td>materialize</td></tr>
 * <tr><td>an s3, emr or dynamodb source and no form of PostgreSQL</td><td>redshift</td></tr>
 * <tr><td>anything else, for example {@code CSV}, {@code DELIMITER '|'} or no clause at all</td><td>postgresql</td></tr>
 * </table>
 *
 * <p>INTO tells nothing: every dialect takes it here. PostgreSQL means version 18. Materialize's
 * rules are PostgreSQL's plus its own option forms, and FORMAT in any case; where its messages
 * differ, PostgreSQL's are used.
 *
 * <p>An option that the grammar knows but whose meaning is not built is refused by name with
 * SQLSTATE 0A000, never ignored.
 */
package io.copyload.engine.dialect;
