/**
 * Programs that COPY ... PROGRAM runs: a shell command as an input, and what both directions need
 * of its process.
 */
package io.copyload.engine.source.program;
