package io.copyload.engine.format.pgbinary;

/**
 * A tuple whose lengths are wrong. It is the last record that is read: nothing tells where the next
 * one would begin.
 *
 * @param row number of the tuple within the batch
 * @param field index of the field, or -1 when it is none in particular
 * @param message PostgreSQL's
 * @param detail of a value that is too large for PostgreSQL, else null
 */
public record TupleFault(int row, int field, String message, String detail) {}
