package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Where the entries of a zip archive lie, for archives that are mapped rather than unpacked.
///
/// Only what PyTorch writes is taken: entries stored as they are, none encrypted, none over
/// another. `java.util.zip` unpacks into the heap and does not tell where an entry lies, so the
/// archive's directory is read here.
///
/// Source: PKWARE's APPNOTE 6.3, with the records for archives beyond 4 GB.
final class ZipDirectory {
  /// Where an entry's bytes lie in the archive.
  record Entry(String name, long begin, long length) {
    long end() {
      return begin + length;
    }
  }

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;

  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END_64_BYTES = 56;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int MAX_COMMENT = 0xFFFF;

  /// What stands in a field of four, or two, bytes whose number is in the larger record.
  private static final long SATURATED_32 = 0xFFFFFFFFL;

  private static final int SATURATED_16 = 0xFFFF;

  /// As many as a safetensors file may have tensors.
  private static final int MAX_ENTRIES = 200_000;

  private static final int MAX_NAME = 1024;
  private static final int ENCRYPTED = 1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment archive;

  private ZipDirectory(String file, MemorySegment archive) {
    this.file = file;
    this.archive = archive;
  }

  /// All entries, in the order of the directory.
  ///
  /// @param file how messages call the archive
  /// @throws InputException if it is none, is damaged, or holds other than stored entries
  static SequencedMap<String, Entry> read(String file, MemorySegment archive) {
    return new ZipDirectory(file, archive).read();
  }

  /// The directory's own place.
  private record Place(long begin, long bytes, long entries) {}

  private SequencedMap<String, Entry> read() {
    var place = place(findEnd());
    if (place.entries() > MAX_ENTRIES) {
      throw broken("announces %,d entries".formatted(place.entries()));
    }
    var entries = new LinkedHashMap<String, Entry>();
    long at = place.begin();
    long end = place.begin() + place.bytes();
    for (long i = 0; i < place.entries(); i++) {
      if (at + CENTRAL_BYTES > end || archive.get(INT, at) != CENTRAL) {
        throw broken("breaks off after %d of %d entries".formatted(i, place.entries()));
      }
      int name = u16(at + 28);
      int extra = u16(at + 30);
      long next = at + CENTRAL_BYTES + name + extra + u16(at + 32);
      if (next > end) {
        throw broken("has an entry that goes beyond it");
      }
      var entry = entry(at, name, extra, place.begin());
      if (entries.putIfAbsent(entry.name(), entry) != null) {
        throw broken("names \"%s\" twice".formatted(Excerpt.of(entry.name())));
      }
      at = next;
    }
    requireApart(entries);
    return Collections.unmodifiableSequencedMap(entries);
  }

  /// The last record; nothing but its own comment may follow it.
  private long findEnd() {
    long last = archive.byteSize() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
      if (archive.get(INT, at) == END && at + END_BYTES + u16(at + 20) == archive.byteSize()) {
        return at;
      }
    }
    throw new InputException(
        "%s is cut or no zip archive: the record that ends one is not there. Fetch it again."
            .formatted(file));
  }

  private Place place(long end) {
    long locator = end - LOCATOR_64_BYTES;
    var place =
        locator >= 0 && archive.get(INT, locator) == LOCATOR_64
            ? largePlace(locator, end)
            : new Place(u32(end + 16), u32(end + 12), u16(end + 10));
    if (place.begin() < 0
        || place.bytes() < 0
        || place.entries() < 0
        || place.begin() > end
        || place.bytes() > end - place.begin()) {
      throw broken("does not lie inside the archive");
    }
    return place;
  }

  /// The record of archives beyond 4 GB, which must not contradict the small one.
  private Place largePlace(long locator, long end) {
    long at = archive.get(LONG, locator + 8);
    if (at < 0 || at > locator - END_64_BYTES || archive.get(INT, at) != END_64) {
      throw broken("has a wrong pointer to its record for large archives");
    }
    var large =
        new Place(
            archive.get(LONG, at + 48), archive.get(LONG, at + 40), archive.get(LONG, at + 32));
    boolean agrees =
        agrees(u32(end + 16), large.begin(), SATURATED_32)
            && agrees(u32(end + 12), large.bytes(), SATURATED_32)
            && agrees(u16(end + 10), large.entries(), SATURATED_16);
    if (!agrees) {
      throw broken("is stated twice and differently");
    }
    return large;
  }

  private static boolean agrees(long small, long large, long saturated) {
    return small == large || small == saturated;
  }

  private Entry entry(long at, int nameBytes, int extraBytes, long directory) {
    if (nameBytes > MAX_NAME) {
      throw broken("has a name of %d bytes".formatted(nameBytes));
    }
    var name = name(at + CENTRAL_BYTES, nameBytes);
    if ((u16(at + 8) & ENCRYPTED) != 0) {
      throw refused(name, "is encrypted");
    }
    if (u16(at + 10) != 0) {
      throw refused(name, "is compressed; PyTorch stores tensors as they are");
    }
    var large = new LargeFields(at + CENTRAL_BYTES + nameBytes, extraBytes, name);
    // In this order they stand in the extra field, each only where the small one is saturated.
    long size = large.orElse(u32(at + 24));
    long packed = large.orElse(u32(at + 20));
    long local = large.orElse(u32(at + 42));
    if (size != packed) {
      throw refused(name, "has %,d bytes, but %,d of them are stored".formatted(size, packed));
    }
    return new Entry(name, begin(name, local, directory, size), size);
  }

  /// Behind the entry's own header, whose name and extra field have lengths of their own.
  private long begin(String name, long local, long directory, long size) {
    if (local < 0
        || local > directory - LOCAL_BYTES
        || archive.get(INT, local) != LOCAL
        || u16(local + 8) != 0) {
      throw refused(name, "has no header where the archive's directory says");
    }
    int nameBytes = u16(local + 26);
    long begin = local + LOCAL_BYTES + nameBytes + u16(local + 28);
    if (nameBytes > MAX_NAME || begin > directory || size < 0 || size > directory - begin) {
      throw refused(name, "does not fit into the archive");
    }
    if (!name(local + LOCAL_BYTES, nameBytes).equals(name)) {
      throw refused(name, "has another name in its own header");
    }
    return begin;
  }

  /// The numbers of eight bytes that stand in for saturated ones.
  private final class LargeFields {
    private static final int TAG = 1;
    private final String name;
    private long at;
    private long end;

    LargeFields(long extra, int bytes, String name) {
      this.name = name;
      for (long field = extra; field + 4 <= extra + bytes; field += 4 + u16(field + 2)) {
        if (u16(field) == TAG && field + 4 + u16(field + 2) <= extra + bytes) {
          at = field + 4;
          end = at + u16(field + 2);
          return;
        }
      }
    }

    long orElse(long small) {
      if (small != SATURATED_32) {
        return small;
      }
      if (at + Long.BYTES > end) {
        throw refused(name, "lacks its large sizes");
      }
      at += Long.BYTES;
      return archive.get(LONG, at - Long.BYTES);
    }
  }

  private void requireApart(SequencedMap<String, Entry> entries) {
    List<Entry> byPlace = new ArrayList<>(entries.values());
    byPlace.sort(Comparator.comparingLong(Entry::begin));
    for (int i = 1; i < byPlace.size(); i++) {
      if (byPlace.get(i).begin() < byPlace.get(i - 1).end()) {
        throw refused(
            byPlace.get(i).name(),
            "lies over \"%s\"".formatted(Excerpt.of(byPlace.get(i - 1).name())));
      }
    }
  }

  private String name(long at, int bytes) {
    return new String(
        archive.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private int u16(long at) {
    return Short.toUnsignedInt(archive.get(SHORT, at));
  }

  private long u32(long at) {
    return Integer.toUnsignedLong(archive.get(INT, at));
  }

  private InputException broken(String what) {
    return new InputException(
        "%s: the archive's directory %s. The file is damaged or cut; fetch it again."
            .formatted(file, what));
  }

  private InputException refused(String entry, String what) {
    return new InputException(
        "%s: the entry \"%s\" %s. The file is damaged, or not made by torch.save; fetch it again."
            .formatted(file, Excerpt.of(entry), what));
  }
}
