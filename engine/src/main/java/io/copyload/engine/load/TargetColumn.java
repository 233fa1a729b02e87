package io.copyload.engine.load;

import io.copyload.engine.store.TargetType;

/** A column of the target table that an input field fills. */
public record TargetColumn(String name, TargetType type, boolean notNull) {}
