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
 * <p>INTO tells nothing; an explicit {@code postgresql} refuses it as PostgreSQL does. A COPY TO is
 * PostgreSQL's, unless the property says materialize.
 *
 * <p><b>Majors of PostgreSQL.</b> {@code postgresql} is 18. What an older major does differently:
 *
 * <table>
 * <caption>differences, see {@link io.copyload.engine.dialect.PostgresOptionReader} and {@link
 * io.copyload.engine.dialect.OptionTable}</caption>
 * <tr><th>up to</th><th>rule</th></tr>
 * <tr><td>14</td><td>HEADER is CSV's only; no HEADER MATCH</td></tr>
 * <tr><td>15</td><td>no DEFAULT; no 0x, 0o, 0b and _ in numbers</td></tr>
 * <tr><td>16</td><td>no ON_ERROR, LOG_VERBOSITY, FORCE_NULL * and FORCE_NOT_NULL *; older texts; FREEZE means nothing
 * to COPY TO</td></tr>
 * <tr><td>17</td><td>no REJECT_LIMIT and LOG_VERBOSITY silent; {@code \.} ends CSV data when alone on its line and text
 * data anywhere; COPY TO refuses materialized views; hints say "datestyle"</td></tr>
 * </table>
 *
 * <p><b>Materialize.</b> Its option forms, defaults and texts, with PostgreSQL's SQLSTATEs: {@link
 * io.copyload.engine.dialect.MaterializeOptionReader}. Data is read by PostgreSQL 18's rules, but
 * in CSV an unquoted line {@code \.} ends the data, CR, LF and CR LF end records in any mix, lines
 * without content are skipped, and a byte order mark at the start is not data; what Materialize
 * documents as its limits (quotes only at the start of a field, NULL in quotes, quotes that nobody
 * closes, ...) is not repeated.
 *
 * <p>An option that the grammar knows but whose meaning is not built is refused by name with
 * SQLSTATE 0A000, never ignored.
 */
package io.copyload.engine.dialect;
