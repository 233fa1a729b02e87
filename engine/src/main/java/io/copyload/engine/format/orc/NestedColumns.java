package io.copyload.engine.format.orc;

import io.copyload.engine.format.NestedText;
import java.io.IOException;
import java.util.List;

/** Columns below which there are others. Each value becomes one text. Threads: one. */
final class NestedColumns {
  private NestedColumns() {}

  /** Fields by name. */
  static final class Struct extends NestedColumn {
    private final List<String> names;
    private final List<OrcColumn> fields;

    Struct(BooleanRuns present, int mostBytes, List<String> names, List<OrcColumn> fields) {
      super(present, mostBytes);
      this.names = names;
      this.fields = fields;
    }

    @Override
    void appendPresent(NestedText text) throws IOException {
      text.append('{');
      for (int i = 0; i < fields.size(); i++) {
        if (i > 0) {
          text.append(',');
        }
        text.quoted(names.get(i));
        text.append(':');
        fields.get(i).append(text);
        check(text);
      }
      text.append('}');
    }
  }

  /** Elements one behind the other. */
  static final class Sequence extends NestedColumn {
    private final IntegerRuns lengths;
    private final OrcColumn element;

    Sequence(BooleanRuns present, int mostBytes, IntegerRuns lengths, OrcColumn element) {
      super(present, mostBytes);
      this.lengths = lengths;
      this.element = element;
    }

    @Override
    void appendPresent(NestedText text) throws IOException {
      int count = lengths.nextCount(mostBytes, "the length of a list");
      text.beginList();
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          text.append(',');
        }
        element.append(text);
        check(text);
      }
      text.endList();
    }
  }

  /** Entries, which need not have texts as keys: a list of them, as ORC's own tools write it. */
  static final class Mapping extends NestedColumn {
    private final IntegerRuns lengths;
    private final OrcColumn key;
    private final OrcColumn value;

    Mapping(
        BooleanRuns present, int mostBytes, IntegerRuns lengths, OrcColumn key, OrcColumn value) {
      super(present, mostBytes);
      this.lengths = lengths;
      this.key = key;
      this.value = value;
    }

    @Override
    void appendPresent(NestedText text) throws IOException {
      int count = lengths.nextCount(mostBytes, "the length of a map");
      if (text.isTyped()) {
        appendTyped(text, count);
        return;
      }
      text.beginList();
      for (int i = 0; i < count; i++) {
        text.append(i > 0 ? ",{\"key\":" : "{\"key\":");
        key.append(text);
        text.append(",\"value\":");
        value.append(text);
        text.append('}');
        check(text);
      }
      text.endList();
    }

    private void appendTyped(NestedText text, int count) throws IOException {
      text.append('{');
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          text.append(',');
        }
        int begin = text.size();
        key.append(text);
        text.quoteFrom(begin);
        text.append(':');
        value.append(text);
        check(text);
      }
      text.append('}');
    }
  }

  /** One of several types, with its number. */
  static final class Union extends NestedColumn {
    private final ByteRuns tags;
    private final List<OrcColumn> variants;

    Union(BooleanRuns present, int mostBytes, ByteRuns tags, List<OrcColumn> variants) {
      super(present, mostBytes);
      this.tags = tags;
      this.variants = variants;
    }

    @Override
    void appendPresent(NestedText text) throws IOException {
      int tag = tags.next() & 0xff;
      if (tag >= variants.size()) {
        throw new IOException("a union of " + variants.size() + " types has one of type " + tag);
      }
      text.append("{\"tag\":" + tag + ",\"value\":");
      variants.get(tag).append(text);
      text.append('}');
    }
  }
}
