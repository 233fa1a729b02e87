/**
 * Avro object container files: header and schema, blocks, records to column vectors.
 *
 * <p>The schema is read by our own code and not by Avro's library, which brings a JSON library of
 * two megabytes for it and refuses names that files in the wild have; the data is decoded here
 * anyway, without an object per value.
 */
package io.copyload.engine.format.avro;
