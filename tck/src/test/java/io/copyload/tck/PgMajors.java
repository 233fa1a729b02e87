package io.copyload.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which majors of PostgreSQL a recorded case is run as. */
final class PgMajors {
  /** What one major answered. */
  record Answer(int major, Map<String, Object> expected) {}

  private PgMajors() {}

  /**
   * Every answer under the oldest and the newest major that gave it: what they agree on, those
   * between them do, too, because rules change once.
   */
  static List<Answer> of(Map<String, Object> entry) {
    List<Answer> answers = new ArrayList<>();
    for (Object element : Json.asList(entry.get("expect"))) {
      Map<String, Object> expected = Json.asObject(element);
      TreeSet<Integer> majors = new TreeSet<>();
      for (Object major : Json.asList(expected.get("pg"))) {
        majors.add(((Number) major).intValue());
      }
      answers.add(new Answer(majors.first(), expected));
      if (majors.size() > 1) {
        answers.add(new Answer(majors.last(), expected));
      }
    }
    return answers;
  }
}
