package io.copyload.engine.load;

/** The load unit that a slice has in its {@link UnitBuffer}. Reused from unit to unit. */
final class LoadUnit {
  LoadObject object;
  int number;

  /** No unit of the object comes after this one. */
  boolean last;

  /** Offset of the unit in the decoded object. */
  long begin;

  /** Offset of its end; records that begin before it belong to the unit. */
  long end;

  /** The unit begins where a record begins, and ends so. */
  boolean aligned;

  /** The bytes have been read already. */
  boolean loaded;

  /** The first record is the object's first line. */
  boolean quirk;

  /** Lines before the first record; 0 but for unit 0. */
  int linesBefore;

  /** The header is wrong: the load ends here. Null when it is not. */
  Reject headerReject;
}
