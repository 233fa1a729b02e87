package io.copyload.jdbc.postgres;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.stream.BytePipe;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Objects;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * COPY FROM STDIN whose bytes the application pushes into a load that already runs; a pipe of
 * bounded size lies between them.
 *
 * <p>A load that has failed makes the next write throw its error; PostgreSQL's driver keeps it
 * until the end.
 */
final class StreamedCopyIn extends StreamedCopy implements CopyIn {
  private final BytePipe pipe = new BytePipe();

  StreamedCopyIn(CopyApiHost host, String sql, int begin) {
    super(host, sql, begin);
  }

  @Override
  CopyClient client() {
    return new CopyClient() {
      @Override
      public SourceObject stdin() {
        return pipe;
      }

      @Override
      public void copyInBegins(int columnCount, boolean binary) {
        begins(columnCount, binary);
      }

      @Override
      public void awaitEnd(CancelToken cancel) {
        pipe.awaitEnd(cancel);
      }
    };
  }

  @Override
  void over() {
    pipe.abandon();
  }

  private void checkWritable() throws PSQLException {
    checkActive("Tried to write to an inactive copy operation");
  }

  @Override
  public void writeToCopy(byte[] bytes, int offset, int length) throws SQLException {
    checkWritable();
    Objects.requireNonNull(bytes, "buf");
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + " and length " + length + " of " + bytes.length + " bytes");
    }
    try {
      if (!pipe.write(bytes, offset, length) && hasEnded()) {
        awaitOver();
        throw atEnd(failure());
      }
    } catch (InterruptedException e) {
      cancelByUser();
      awaitOver();
      Thread.currentThread().interrupt();
      throw failure();
    }
  }

  @Override
  public void writeToCopy(ByteStreamWriter from) throws SQLException {
    checkWritable();
    try {
      Target target = new Target();
      from.writeTo(() -> target);
    } catch (IOException e) {
      if (e.getCause() instanceof SQLException ours) {
        throw ours;
      }
      throw new PSQLException("Unable to write data to copy", PSQLState.IO_ERROR, e);
    }
  }

  /** Where a {@link ByteStreamWriter} writes to. */
  private final class Target extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        writeToCopy(bytes, offset, length);
      } catch (SQLException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  @Override
  public void flushCopy() throws SQLException {
    checkWritable();
    pipe.flush();
  }

  @Override
  public long endCopy() throws SQLException {
    checkActive("Tried to end inactive copy");
    pipe.end();
    return finish();
  }

  @Override
  public void cancelCopy() throws SQLException {
    checkCancellable();
    cancel(
        new CopyException(
            CopyErrorCode.CANCELLED, "COPY from stdin failed: Copy cancel requested"));
    awaitOver();
  }
}
