package org.h2.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.net.URL;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLWarning;
import java.util.List;
import org.h2.command.CopyParameter;
import org.h2.command.ObjectValue;
import org.h2.expression.ParameterInterface;
import org.h2.value.ValueNull;

/**
 * H2's prepared statement for text with a COPY. H2 would spool every stream into the database
 * before it executes a statement; here the parameters of a COPY keep the objects that the
 * application gave, so that data flows from the stream into the load. Parameters of other
 * statements in the same text are H2's.
 *
 * <p>Streams belong to the application: they are read while the statement executes and never
 * closed.
 */
final class CopyPreparedStatement extends FeedAwarePreparedStatement {
  private final CopyJdbcConnection copyload;
  private final CopyWarnings warnings = new CopyWarnings();

  CopyPreparedStatement(
      CopyJdbcConnection conn,
      String sql,
      int id,
      int resultSetType,
      int resultSetConcurrency,
      Object generatedKeysRequest) {
    super(conn, sql, id, resultSetType, resultSetConcurrency, generatedKeysRequest);
    this.copyload = conn;
  }

  private boolean takesObject(int i) throws SQLException {
    try {
      checkClosed();
    } catch (Exception e) {
      throw logAndConvert(e);
    }
    List<? extends ParameterInterface> parameters = command.getParameters();
    return i >= 1 && i <= parameters.size() && parameters.get(i - 1) instanceof CopyParameter;
  }

  private void keep(int i, Object x) {
    command
        .getParameters()
        .get(i - 1)
        .setValue(x == null ? ValueNull.INSTANCE : new ObjectValue(x), false);
  }

  private static Object content(Object x) throws SQLException {
    if (x instanceof Blob blob) {
      return blob.getBinaryStream();
    }
    return x instanceof Clob clob ? clob.getCharacterStream() : x;
  }

  private static InputStream limit(InputStream x, long length) throws SQLException {
    // As in H2, a negative length says that it is not known.
    return x == null || length < 0 ? x : new ExactStream(x, length);
  }

  private static Reader limit(Reader x, long length) throws SQLException {
    return x == null || length < 0 ? x : new ExactReader(x, length);
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    super.getWarnings();
    return warnings.first();
  }

  @Override
  public void clearWarnings() throws SQLException {
    super.clearWarnings();
    warnings.clear();
  }

  @Override
  <T> T executing(CopyWarnings.Call<T> call) throws SQLException {
    return copyload.executing(warnings, call);
  }

  @Override
  public void setObject(int i, Object x) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setObject(i, x);
    }
  }

  @Override
  public void setObject(int i, Object x, int type) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setObject(i, x, type);
    }
  }

  @Override
  public void setObject(int i, Object x, int type, int scale) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setObject(i, x, type, scale);
    }
  }

  @Override
  public void setObject(int i, Object x, SQLType type) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setObject(i, x, type);
    }
  }

  @Override
  public void setObject(int i, Object x, SQLType type, int scale) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setObject(i, x, type, scale);
    }
  }

  @Override
  public void setString(int i, String x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setString(i, x);
    }
  }

  @Override
  public void setNString(int i, String x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setNString(i, x);
    }
  }

  @Override
  public void setBytes(int i, byte[] x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setBytes(i, x);
    }
  }

  @Override
  public void setURL(int i, URL x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setURL(i, x);
    }
  }

  @Override
  public void setBlob(int i, Blob x) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setBlob(i, x);
    }
  }

  @Override
  public void setClob(int i, Clob x) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setClob(i, x);
    }
  }

  @Override
  public void setNClob(int i, NClob x) throws SQLException {
    if (takesObject(i)) {
      keep(i, content(x));
    } else {
      super.setNClob(i, x);
    }
  }

  @Override
  public void setBlob(int i, InputStream x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setBlob(i, x);
    }
  }

  @Override
  public void setBlob(int i, InputStream x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setBlob(i, x, length);
    }
  }

  @Override
  public void setClob(int i, Reader x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setClob(i, x);
    }
  }

  @Override
  public void setClob(int i, Reader x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setClob(i, x, length);
    }
  }

  @Override
  public void setNClob(int i, Reader x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setNClob(i, x);
    }
  }

  @Override
  public void setNClob(int i, Reader x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setNClob(i, x, length);
    }
  }

  @Override
  public void setBinaryStream(int i, InputStream x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setBinaryStream(i, x);
    }
  }

  @Override
  public void setBinaryStream(int i, InputStream x, int length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setBinaryStream(i, x, length);
    }
  }

  @Override
  public void setBinaryStream(int i, InputStream x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setBinaryStream(i, x, length);
    }
  }

  @Override
  public void setAsciiStream(int i, InputStream x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setAsciiStream(i, x);
    }
  }

  @Override
  public void setAsciiStream(int i, InputStream x, int length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setAsciiStream(i, x, length);
    }
  }

  @Override
  public void setAsciiStream(int i, InputStream x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setAsciiStream(i, x, length);
    }
  }

  @Override
  public void setCharacterStream(int i, Reader x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setCharacterStream(i, x);
    }
  }

  @Override
  public void setCharacterStream(int i, Reader x, int length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setCharacterStream(i, x, length);
    }
  }

  @Override
  public void setCharacterStream(int i, Reader x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setCharacterStream(i, x, length);
    }
  }

  @Override
  public void setNCharacterStream(int i, Reader x) throws SQLException {
    if (takesObject(i)) {
      keep(i, x);
    } else {
      super.setNCharacterStream(i, x);
    }
  }

  @Override
  public void setNCharacterStream(int i, Reader x, long length) throws SQLException {
    if (takesObject(i)) {
      keep(i, limit(x, length));
    } else {
      super.setNCharacterStream(i, x, length);
    }
  }
}
