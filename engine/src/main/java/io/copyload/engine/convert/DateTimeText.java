package io.copyload.engine.convert;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** General parser of dates and times; holds the result of the last text. Threads: one owner. */
final class DateTimeText {
  private final ConversionSpec spec;
  private final String typeName;
  private final ZoneRules sessionRules;
  private long day;
  private long nanoOfDay;
  private int offset;

  DateTimeText(ConversionSpec spec, String typeName) {
    this.spec = spec;
    this.typeName = typeName;
    this.sessionRules = spec.sessionZone().getRules();
  }

  boolean parseDate(byte[] bytes, int begin, int end, Complaint complaint) {
    return complaint.syntax(RejectReason.INVALID_DATE, typeName, bytes, begin, end);
  }

  boolean parseTimestamp(byte[] bytes, int begin, int end, boolean zoned, Complaint complaint) {
    return complaint.syntax(RejectReason.INVALID_TIMESTAMP, typeName, bytes, begin, end);
  }

  /** Offset of the session's zone, in seconds east, at a local time. */
  int sessionOffset(long localDay, long secondOfDay) {
    if (sessionRules.isFixedOffset()) {
      return sessionRules.getOffset(Instant.EPOCH).getTotalSeconds();
    }
    return offsetAt(sessionRules, localDay, secondOfDay);
  }

  /**
   * Offset of a zone at a local time. As PostgreSQL: within a gap the offset before it, within an overlap the one after.
   */
  private static int offsetAt(ZoneRules rules, long localDay, long secondOfDay) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(localDay * 86_400 + secondOfDay, 0, ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(local);
    ZoneOffset found =
        transition == null
            ? rules.getOffset(local)
            : transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter();
    return found.getTotalSeconds();
  }

  long day() {
    return day;
  }

  long nanoOfDay() {
    return nanoOfDay;
  }

  int offset() {
    return offset;
  }
}
