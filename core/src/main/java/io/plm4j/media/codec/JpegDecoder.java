package io.plm4j.media.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// JPEG with Huffman coding, sequential or progressive, 8 bits a sample, in grey, RGB, YCbCr, CMYK
/// or YCCK. Equal to libjpeg-turbo with its default settings, bit for bit.
final class JpegDecoder {
  /// No encoder writes as many scans; each costs a walk over the whole picture.
  private static final int MAX_SCANS = 256;

  private final FileBytes file;
  private final SizeCheck size;
  private final JpegTables tables;
  private @Nullable JpegFrame frame;
  private List<JpegComponent> components = List.of();
  private boolean jfif;
  private int adobeTransform = -1;
  private int scans;

  JpegDecoder(FileBytes file, SizeCheck size) {
    this(file, size, new JpegTables());
  }

  /// @param tables read before, apart from the picture
  JpegDecoder(FileBytes file, SizeCheck size, JpegTables tables) {
    this.file = file;
    this.size = size;
    this.tables = tables;
  }

  Picture decode() {
    readAll();
    return finish(colour());
  }

  /// Takes the colours for what they are said to be elsewhere.
  Picture decodeAs(JpegColour colour) {
    readAll();
    if (components.size() != colour.components()) {
      throw file.damaged("it has %d colour components".formatted(components.size()));
    }
    return finish(colour);
  }

  private void readAll() {
    int at = 2;
    while (true) {
      at = findMarker(at);
      int marker = file.u8(at + 1);
      at += 2;
      if (marker == 0xD9) {
        break;
      }
      if ((marker >= 0xD0 && marker <= 0xD7) || marker == 0x01) {
        continue; // stands alone
      }
      int length = file.u16be(at);
      file.require(at, length);
      if (length < 2) {
        throw file.damaged("a segment at byte %d has no length".formatted(at));
      }
      int end = at + length;
      readSegment(marker, at + 2, end);
      at = marker == 0xDA ? readScan(at + 2, end) : end;
    }
    if (frame == null || scans == 0) {
      throw file.damaged("it holds no pixels");
    }
  }

  /// Skips what should not be there, as libjpeg does.
  private int findMarker(int at) {
    while (file.u8(at) != 0xFF || file.u8(at + 1) == 0xFF || file.u8(at + 1) == 0) {
      at++;
    }
    return at;
  }

  private void readSegment(int marker, int at, int end) {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> readFrame(at, end, marker == 0xC2);
      case 0xC4, 0xDB, 0xDD -> tables.read(file, marker, at, end);
      case 0xE0 -> jfif |= file.has(at, "JFIF\0");
      case 0xEE -> {
        if (file.has(at, "Adobe") && end - at >= 12) {
          adobeTransform = file.u8(at + 11);
        }
      }
      case 0xC9, 0xCA, 0xCC -> throw file.unsupported("arithmetic coding");
      case 0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF ->
          throw file.unsupported("lossless or hierarchical coding");
      case 0xD8 -> throw file.damaged("a second picture begins within the first");
      default -> {}
    }
  }

  private void readFrame(int at, int end, boolean progressive) {
    if (frame != null) {
      throw file.damaged("it has two frame headers");
    }
    int bits = file.u8(at);
    if (bits != 8) {
      throw file.unsupported("%d bits a sample".formatted(bits));
    }
    int height = file.u16be(at + 1);
    int width = file.u16be(at + 3);
    int count = file.u8(at + 5);
    size.check(width, height);
    if (count != 1 && count != 3 && count != 4) {
      throw file.unsupported("%d colour components".formatted(count));
    }
    if (end - at != 6 + 3 * count) {
      throw file.damaged("its frame header has a wrong length");
    }
    int maxHorizontal = 1;
    int maxVertical = 1;
    for (int i = 0; i < count; i++) {
      int sampling = file.u8(at + 7 + 3 * i);
      if (sampling >> 4 < 1 || sampling >> 4 > 4 || (sampling & 15) < 1 || (sampling & 15) > 4) {
        throw file.damaged("a component is sampled %x".formatted(sampling));
      }
      maxHorizontal = Math.max(maxHorizontal, sampling >> 4);
      maxVertical = Math.max(maxVertical, sampling & 15);
    }
    var found = new JpegFrame(width, height, maxHorizontal, maxVertical, progressive);
    var read = new ArrayList<JpegComponent>();
    long blocks = 0;
    for (int i = 0; i < count; i++) {
      int entry = at + 6 + 3 * i;
      int sampling = file.u8(entry + 1);
      var component =
          new JpegComponent(
              file.u8(entry), sampling >> 4, sampling & 15, file.u8(entry + 2), found);
      if (maxHorizontal % component.horizontal != 0 || maxVertical % component.vertical != 0) {
        throw file.unsupported("components sampled in fractional ratios");
      }
      blocks += (long) component.blocksAcross * component.blocksDown;
      read.add(component);
    }
    if (blocks > 8L * file.length()) { // each block takes a bit at least
      throw file.truncated();
    }
    frame = found;
    components = List.copyOf(read);
  }

  private int readScan(int at, int end) {
    if (frame == null) {
      throw file.damaged("its pixels come before its size");
    }
    if (++scans > MAX_SCANS) {
      throw file.damaged("it has more than %d scans".formatted(MAX_SCANS));
    }
    int count = file.u8(at);
    if (count < 1 || count > 4 || end - at != 4 + 2 * count) {
      throw file.damaged("a scan has %d components".formatted(count));
    }
    var chosen = new ArrayList<JpegComponent>();
    for (int i = 0; i < count; i++) {
      var component = component(file.u8(at + 1 + 2 * i));
      int names = file.u8(at + 2 + 2 * i);
      if (chosen.contains(component) || names >> 4 > 3 || (names & 15) > 3) {
        throw file.damaged("a scan names a component or a table wrongly");
      }
      component.dcTable = names >> 4;
      component.acTable = names & 15;
      quantize(component);
      chosen.add(component);
    }
    at += 1 + 2 * count;
    var band =
        new JpegScan.Band(file.u8(at), file.u8(at + 1), file.u8(at + 2) >> 4, file.u8(at + 2) & 15);
    if (frame.progressive()) {
      checkBand(band, count);
    }
    return new JpegScan(file, end, frame, chosen, tables, band).decode();
  }

  private JpegComponent component(int id) {
    for (var component : components) {
      if (component.id == id) {
        return component;
      }
    }
    throw file.damaged("a scan names component %d, which there is not".formatted(id));
  }

  private void quantize(JpegComponent component) {
    if (component.quantization() == null) {
      component.quantizeWith(tables.quantization(file, component.quantizationTable));
    }
  }

  private void checkBand(JpegScan.Band band, int componentsInScan) {
    boolean fits =
        band.from() == 0
            ? band.to() == 0
            : band.to() >= band.from() && band.to() < 64 && componentsInScan == 1;
    boolean counts = band.high() == 0 || band.low() == band.high() - 1;
    if (!fits || !counts || band.low() > 13) {
      throw file.damaged("a progressive scan sends impossible coefficients");
    }
  }

  private Picture finish(JpegColour colour) {
    var frame = Objects.requireNonNull(this.frame);
    for (var component : components) {
      if (frame.progressive()) {
        transform(component);
      }
    }
    var picture = Picture.blank(frame.width(), frame.height());
    int band = 16;
    IntStream.range(0, Math.ceilDiv(frame.height(), band))
        .parallel()
        .forEach(i ->
            convertRows(
                frame, colour, picture, i * band, Math.min(frame.height(), (i + 1) * band)));
    return picture;
  }

  private void convertRows(JpegFrame frame, JpegColour colour, Picture picture, int from, int to) {
    var upsamplers = components.stream().map(c -> new JpegUpsampler(c, frame)).toList();
    int[][] rows = new int[components.size()][frame.unitsAcross() * frame.maxHorizontal() * 8];
    for (int y = from; y < to; y++) {
      for (int i = 0; i < rows.length; i++) {
        upsamplers.get(i).row(y, rows[i]);
      }
      colour.convert(rows, picture, y * frame.width() * 3);
    }
  }

  private void transform(JpegComponent component) {
    short[] coefficients = component.coefficients();
    byte[] samples = component.samples();
    int stride = component.stride();
    int[] table = Objects.requireNonNullElseGet(component.quantization(), () -> new int[64]);
    IntStream.range(0, component.blocksDown)
        .parallel()
        .forEach(y -> {
          var transform = new InverseDct();
          for (int x = 0; x < component.blocksAcross; x++) {
            int at = (y * component.paddedBlocksAcross + x) * 64;
            transform.apply(coefficients, at, table, samples, y * 8 * stride + x * 8, stride);
          }
        });
    component.dropCoefficients();
  }

  /// What the components mean: JFIF says brightness and differences, Adobe says which, else their
  /// names tell.
  private JpegColour colour() {
    return switch (components.size()) {
      case 1 -> JpegColour.GREY;
      case 3 -> {
        if (jfif) {
          yield JpegColour.YCC;
        }
        if (adobeTransform >= 0) {
          yield adobeTransform == 0 ? JpegColour.RGB : JpegColour.YCC;
        }
        boolean named =
            components.get(0).id == 'R'
                && components.get(1).id == 'G'
                && components.get(2).id == 'B';
        yield named ? JpegColour.RGB : JpegColour.YCC;
      }
      default -> adobeTransform > 0 ? JpegColour.YCCK : JpegColour.CMYK;
    };
  }
}
