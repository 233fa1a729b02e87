/** Binds a COPY to its table: which field fills which column, and what is left to defaults. */
package io.copyload.engine.plan;
