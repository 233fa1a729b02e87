/**
 * Values that every room of the engine shares: error codes, the exception and the cancel signal.
 * Rooms, in the order that the data meets them: {@code statement}, {@code dialect}, {@code plan},
 * {@code source}, {@code compress}, {@code format}, {@code convert}, {@code load}, {@code store},
 * {@code h2}; {@code catalog} keeps the history.
 */
package io.copyload.engine;
