package io.copyload.tck.postgres;

import io.copyload.tck.TckDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random tables, options and bytes: the same COPY to a real PostgreSQL and to Copyload, both
 * through pgjdbc's CopyManager. Rows, count, notices, SQLSTATE, message, detail, hint, position and
 * context must be the server's; what COPY TO writes must be the same bytes.
 *
 * <p>{@code copyload.differential.cases} is the number of cases for all majors together, {@code
 * copyload.differential.first} the seed of the first one, 0 for another one each time, and {@code
 * copyload.differential.seed} runs that one case. A case that differs is printed with its seed,
 * after bytes and options that do not matter have been taken away.
 */
class PostgresDifferentialTest {
  private static final int MAJORS = 2;
  private static final int SHOWN = Integer.getInteger("copyload.differential.shown", 5);

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void answersAsTheServerDoes(int major) throws Exception {
    Long only = Long.getLong("copyload.differential.seed");
    long first = only != null ? only : Long.getLong("copyload.differential.first", 1);
    if (first == 0) {
      first = System.nanoTime() >>> 10;
    }
    int count = only != null ? 1 : Integer.getInteger("copyload.differential.cases", 1000) / MAJORS;
    System.out.println("PostgreSQL " + major + ": " + count + " cases from seed " + first);
    Properties properties = new Properties();
    properties.setProperty("dialect", "postgresql" + major);
    try (TckDatabase database = TckDatabase.inMemory(";DATABASE_TO_LOWER=TRUE", properties);
        Connection ours = database.connect();
        Connection theirs = DriverManager.getConnection(PostgresServer.shared(major).url())) {
      CopySide postgres = new CopySide(theirs, true);
      CopySide copyload = new CopySide(ours, false);
      List<String> failures = new ArrayList<>();
      int differences = 0;
      for (long seed = first; seed < first + count; seed++) {
        CopyCase copy = CopyCases.of(seed, major, postgres::binary);
        if (differs(copy, postgres, copyload, major)) {
          differences++;
          if (failures.size() < SHOWN) {
            failures.add("seed " + seed + ": " + report(copy, postgres, copyload, major));
          }
        }
      }
      if (!failures.isEmpty()) {
        throw new AssertionError(
            differences
                + " of "
                + count
                + " cases differ from PostgreSQL "
                + major
                + "\n"
                + String.join("\n\n", failures));
      }
    }
  }

  private static boolean differs(CopyCase copy, CopySide postgres, CopySide copyload, int major)
      throws SQLException {
    CopyOutcome theirs = postgres.run(copy);
    CopyOutcome ours = outcome(copy, copyload);
    if (theirs.equals(ours) || Differences.explain(copy, theirs, ours, major)) {
      return false;
    }
    // A row that ON_ERROR has skipped may have had a value that H2 cannot hold.
    CopyCase strict = copy.withoutErrorHandling();
    return strict.equals(copy) || !Differences.cannotHold(strict, outcome(strict, copyload));
  }

  private static CopyOutcome outcome(CopyCase copy, CopySide copyload) {
    try {
      return copyload.run(copy);
    } catch (SQLException | RuntimeException e) {
      return new CopyOutcome(-1, "broken: " + e, List.of(), "");
    }
  }

  private static String report(CopyCase found, CopySide postgres, CopySide copyload, int major)
      throws SQLException {
    CopyCase copy = shrink(found, postgres, copyload, major);
    return copy
        + "\n  PostgreSQL:\n"
        + postgres.run(copy)
        + "\n  Copyload:\n"
        + outcome(copy, copyload);
  }

  /** Takes away what does not matter, while the sides still differ. */
  private static CopyCase shrink(CopyCase found, CopySide postgres, CopySide copyload, int major)
      throws SQLException {
    CopyCase copy = found;
    for (int i = copy.options().size() - 1; i >= 0; i--) {
      CopyCase smaller = copy.withoutOption(i);
      copy = differs(smaller, postgres, copyload, major) ? smaller : copy;
    }
    if (!copy.where().isEmpty() && differs(copy.withoutWhere(), postgres, copyload, major)) {
      copy = copy.withoutWhere();
    }
    for (int i = copy.constraints().size() - 1; i >= 0; i--) {
      CopyCase smaller = copy.withoutConstraint(i);
      copy = differs(smaller, postgres, copyload, major) ? smaller : copy;
    }
    for (int i = 0; i < copy.columns().size(); i++) {
      CopyCase smaller = copy.withoutSuffix(i);
      copy = differs(smaller, postgres, copyload, major) ? smaller : copy;
    }
    byte[] bytes = copy.reads() ? copy.input() : copy.rows();
    for (int piece = Math.max(1, bytes.length / 2); piece > 0; piece /= 2) {
      for (int at = 0; at < bytes.length; ) {
        int end = Math.min(bytes.length, at + piece);
        byte[] fewer = Arrays.copyOf(bytes, bytes.length - (end - at));
        System.arraycopy(bytes, end, fewer, at, bytes.length - end);
        CopyCase smaller = copy.reads() ? copy.withInput(fewer) : copy.withRows(fewer);
        if (differs(smaller, postgres, copyload, major)) {
          copy = smaller;
          bytes = fewer;
        } else {
          at = end;
        }
      }
    }
    return copy;
  }
}
