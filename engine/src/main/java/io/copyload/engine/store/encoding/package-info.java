/**
 * Encodings of the values of a column chunk: bit packing, lane blocks and byte-string blocks. The
 * format is specified in {@link io.copyload.engine.store}. Nothing here knows about tables,
 * segments or the byte store; bytes that contradict themselves end in {@link
 * io.copyload.engine.store.encoding.MalformedChunkException}.
 */
package io.copyload.engine.store.encoding;
