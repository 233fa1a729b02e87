package io.copyload.jdbc;

/**
 * Counters of one load at one moment.
 *
 * @param readBytes bytes read, as stored
 * @param totalBytes stored bytes of all inputs; -1 when not known, as for a stream
 * @param rows rows parsed and converted
 * @param rejects records refused
 * @param elapsedNanos time since the load began, or how long it took when it has ended
 * @param running whether it has not ended
 */
public record LoadStatus(
    long readBytes, long totalBytes, long rows, long rejects, long elapsedNanos, boolean running) {}
