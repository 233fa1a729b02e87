package io.copyload.jdbc.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * PostgreSQL's {@link CopyManager} without two of its defects: characters outside the basic plane
 * survive the end of a buffer, and a buffer of size 0 is refused instead of looping.
 */
public final class CopyloadCopyManager extends CopyManager {
  private static final int DEFAULT_BUFFER_SIZE = 65536;

  public CopyloadCopyManager(BaseConnection connection) throws SQLException {
    super(connection);
  }

  @Override
  public long copyIn(String sql, Reader from) throws SQLException, IOException {
    return copyIn(sql, from, DEFAULT_BUFFER_SIZE);
  }

  /**
   * Loads the characters of a reader, which is not closed; {@code bufferSize} counts characters.
   */
  @Override
  public long copyIn(String sql, Reader from, int bufferSize) throws SQLException, IOException {
    checkBufferSize(bufferSize);
    // One more than asked for: the first half of a pair may be left from the buffer before.
    CharBuffer characters = CharBuffer.allocate(bufferSize + 1);
    ByteBuffer bytes = ByteBuffer.allocate((bufferSize + 1) * 3);
    CharsetEncoder encoder =
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CopyIn copy = copyIn(sql);
    try {
      boolean atEnd = false;
      while (!atEnd) {
        int begin = characters.position();
        int count =
            from.read(characters.array(), begin, Math.min(bufferSize, characters.remaining()));
        atEnd = count < 0;
        characters.limit(begin + Math.max(count, 0)).position(0);
        CoderResult result = encoder.encode(characters, bytes, atEnd);
        if (result.isError()) {
          throw PostgresErrors.of(
              "22021",
              String.format(
                  "unpaired surrogate 0x%04x in the text",
                  (int) characters.get(characters.position())),
              0);
        }
        copy.writeToCopy(bytes.array(), 0, bytes.position());
        bytes.clear();
        characters.compact();
      }
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  @Override
  public long copyIn(String sql, InputStream from, int bufferSize)
      throws SQLException, IOException {
    checkBufferSize(bufferSize);
    return super.copyIn(sql, from, bufferSize);
  }

  /** Writes all bytes to a stream, which is not closed. */
  @Override
  public long copyOut(String sql, OutputStream to) throws SQLException, IOException {
    CopyOut copy = copyOut(sql);
    try {
      if (!(copy instanceof StreamedCopyOut streamed)) {
        throw new IllegalStateException("not an operation of this driver: " + copy);
      }
      streamed.transferTo(to);
      return copy.getHandledRowCount();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private static void checkBufferSize(int size) {
    if (size < 0) {
      throw new NegativeArraySizeException(Integer.toString(size));
    }
    if (size == 0) {
      throw new IllegalArgumentException("bufferSize is 0");
    }
  }
}
