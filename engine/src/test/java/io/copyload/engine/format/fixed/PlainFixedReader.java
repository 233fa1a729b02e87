package io.copyload.engine.format.fixed;

import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.delimited.PlainDelimitedReader;
import io.copyload.engine.format.delimited.RecordFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The oracle of {@link FixedCutter}: a line as a list of characters, taken off field by field. */
public final class PlainFixedReader extends PlainDelimitedReader {
  private final byte[] data;
  private final FixedSpec spec;
  private int p;
  private int begin;
  private long lines;

  public PlainFixedReader(byte[] data, FixedSpec spec) {
    super(new byte[0], spec.text());
    this.data = data;
    this.spec = spec;
    for (int i = 0; i < spec.text().skipLines() && p < data.length; i++) {
      line();
    }
  }

  private byte[] line() {
    String all = new String(data, StandardCharsets.ISO_8859_1);
    boolean crOnly = all.indexOf('\n') < 0 && all.indexOf('\r') >= 0;
    int end = all.indexOf(crOnly ? '\r' : '\n', p);
    begin = p;
    p = end < 0 ? data.length : end + 1;
    String line = all.substring(begin, end < 0 ? data.length : end);
    lines++;
    if (!crOnly && line.endsWith("\r")) {
      line = line.substring(0, line.length() - 1);
    }
    return line.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int recordBegin() {
    return begin;
  }

  @Override
  public int fieldsBeforeFault() {
    return spec.fields().size();
  }

  @Override
  public long lines() {
    return lines;
  }

  @Override
  public Line header() {
    return null;
  }

  @Override
  public Line next() {
    while (p < data.length) {
      byte[] line = line();
      if (line.length > 0 || !spec.text().redshift().ignoreBlankLines()) {
        return cut(line);
      }
    }
    return null;
  }

  private Line cut(byte[] line) {
    List<byte[]> characters = new ArrayList<>();
    for (int i = 0; i < line.length; ) {
      int next = i + 1;
      while (next < line.length && (line[next] & 0xc0) == 0x80) {
        next++;
      }
      characters.add(Arrays.copyOfRange(line, i, next));
      i = next;
    }
    List<Field> fields = new ArrayList<>();
    int at = 0;
    int position = 0;
    boolean complete = true;
    for (FixedSpec.Field field : spec.fields()) {
      if (!complete) {
        break;
      }
      int end = Math.min(at + field.width(), characters.size());
      complete = end == at + field.width();
      StringBuilder text = new StringBuilder();
      for (byte[] character : characters.subList(at, end)) {
        text.append(new String(character, StandardCharsets.ISO_8859_1));
      }
      String trimmed = text.toString().replaceAll(" +\\z", "");
      String marker =
          new String(
              spec.text().nullMarker().getBytes(StandardCharsets.UTF_8),
              StandardCharsets.ISO_8859_1);
      boolean isNull = trimmed.equals(marker);
      String value = trimmed.isEmpty() ? text.toString() : trimmed;
      fields.add(
          new Field(
              isNull ? null : value.getBytes(StandardCharsets.ISO_8859_1),
              isNull,
              false,
              position));
      position += text.length();
      at = end;
    }
    boolean extra = false;
    for (byte[] character : characters.subList(at, characters.size())) {
      extra |= character.length != 1 || character[0] != ' ';
    }
    Fault fault = extra ? new Fault(RecordFault.Kind.EXTRA_FIELD, -1, 0, null, lines) : null;
    return new Line(lines, line, fields, false, fault);
  }
}
