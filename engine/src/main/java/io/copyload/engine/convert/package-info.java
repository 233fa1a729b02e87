/**
 * Fields to values: {@link io.copyload.engine.convert.Converters#of} gives each column of a load
 * its converter, which turns one field of every record of a batch into a column vector.
 *
 * <p>Every converter has a fast path for the form that real files hold, written as a loop over the
 * batch, and a general parser for everything else that PostgreSQL reads (its source and its answers
 * are the reference; Redshift's dialect narrows or changes some). Both must agree where the fast
 * path decides. Nothing is thrown for bad input: parsers fill a {@code Complaint}, and the loop
 * reports it.
 *
 * <p>Where H2's type cannot hold what PostgreSQL's can, the field is refused: infinite dates and
 * intervals, NaN in NUMERIC, 24:00:00 in TIME, months beside days in one interval. TIMESTAMP WITH
 * TIME ZONE keeps the offset that was written.
 */
package io.copyload.engine.convert;
