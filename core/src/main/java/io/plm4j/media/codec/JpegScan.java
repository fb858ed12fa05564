package io.plm4j.media.codec;

import java.util.Arrays;
import java.util.List;

/// One pass over (part of) a JPEG picture: entropy-coded blocks of one or several components.
///
/// A sequential scan holds whole blocks, which become samples at once. A progressive scan holds a
/// band of the coefficients, or one more bit of them, and only fills the coefficients.
final class JpegScan {
  /// Where the coefficients, sent from low to high frequency along the diagonals, stand in rows.
  /// Runs in corrupt data can lead past the 64th; they end on it.
  private static final int[] ORDER = new int[64 + 16];

  static {
    int at = 0;
    for (int diagonal = 0; diagonal < 15; diagonal++) {
      for (int i = 0; i <= diagonal; i++) {
        int x = diagonal % 2 == 0 ? i : diagonal - i;
        int y = diagonal - x;
        if (x < 8 && y < 8) {
          ORDER[at++] = y * 8 + x;
        }
      }
    }
    while (at < ORDER.length) {
      ORDER[at++] = 63;
    }
  }

  /// Which coefficients a scan sends.
  ///
  /// @param from the first, counted along the diagonals
  /// @param to the last
  /// @param high 0 if they are sent for the first time, else the bit above the one that is added
  /// @param low the lowest bit that is sent
  record Band(int from, int to, int high, int low) {}

  private final FileBytes file;
  private final JpegFrame frame;
  private final List<JpegComponent> components;
  private final JpegTables tables;
  private final Band band;
  private final int restartInterval;
  private final JpegBits bits;
  private final InverseDct transform = new InverseDct();
  private final short[] block = new short[64];
  private int endOfBandRun;

  JpegScan(
      FileBytes file,
      int at,
      JpegFrame frame,
      List<JpegComponent> components,
      JpegTables tables,
      Band band) {
    this.file = file;
    this.frame = frame;
    this.components = components;
    this.tables = tables;
    this.band = band;
    this.restartInterval = tables.restartInterval();
    this.bits = new JpegBits(file, at);
  }

  static int order(int along) {
    return ORDER[along];
  }

  /// Decodes the scan and returns where the next marker stands.
  int decode() {
    boolean single = components.size() == 1;
    var only = components.getFirst();
    int across = single ? only.blocksAcross : frame.unitsAcross();
    int down = single ? only.blocksDown : frame.unitsDown();
    resetPrediction();
    int left = restartInterval;
    int interval = 0;
    for (int y = 0; y < down; y++) {
      for (int x = 0; x < across; x++) {
        if (restartInterval > 0 && left == 0) {
          bits.restart(interval);
          interval = interval + 1 & 7;
          left = restartInterval;
          resetPrediction();
        }
        left--;
        if (single) {
          decodeBlock(only, x, y);
        } else {
          decodeUnit(x, y);
        }
      }
    }
    return bits.end();
  }

  private void resetPrediction() {
    endOfBandRun = 0;
    for (var component : components) {
      component.lastDc = 0;
    }
  }

  private void decodeUnit(int unitX, int unitY) {
    for (var component : components) {
      for (int y = 0; y < component.vertical; y++) {
        for (int x = 0; x < component.horizontal; x++) {
          decodeBlock(component, unitX * component.horizontal + x, unitY * component.vertical + y);
        }
      }
    }
  }

  private void decodeBlock(JpegComponent component, int x, int y) {
    if (bits.exhausted()) {
      return; // what the file lost stays as it is
    }
    if (!frame.progressive()) {
      sequential(component, x, y);
      return;
    }
    short[] coefficients = component.coefficients();
    int at = (y * component.paddedBlocksAcross + x) * 64;
    if (band.from == 0) {
      if (band.high == 0) {
        coefficients[at] = (short) (nextDc(component) << band.low);
      } else if (bits.bits(1) == 1) {
        coefficients[at] |= (short) (1 << band.low);
      }
    } else if (band.high == 0) {
      firstOfBand(component, coefficients, at);
    } else {
      refineBand(component, coefficients, at);
    }
  }

  private int nextDc(JpegComponent component) {
    component.lastDc += bits.signed(bits.symbol(tables.dc(file, component.dcTable)));
    return component.lastDc;
  }

  private void sequential(JpegComponent component, int x, int y) {
    Arrays.fill(block, (short) 0);
    block[0] = (short) nextDc(component);
    var table = tables.ac(file, component.acTable);
    for (int k = 1; k < 64; k++) {
      int symbol = bits.symbol(table);
      int size = symbol & 15;
      k += symbol >> 4;
      if (size != 0) {
        block[ORDER[k]] = (short) bits.signed(size);
      } else if (symbol >> 4 != 15) {
        break;
      }
    }
    int stride = component.stride();
    int[] quantization = component.quantization();
    if (quantization != null) {
      transform.apply(block, 0, quantization, component.samples(), y * 8 * stride + x * 8, stride);
    }
  }

  private void firstOfBand(JpegComponent component, short[] coefficients, int at) {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return;
    }
    var table = tables.ac(file, component.acTable);
    for (int k = band.from; k <= band.to; k++) {
      int symbol = bits.symbol(table);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (size != 0) {
        k += run;
        coefficients[at + ORDER[k]] = (short) (bits.signed(size) << band.low);
      } else if (run == 15) {
        k += 15;
      } else {
        endOfBandRun = (1 << run) - 1 + bits.bits(run);
        return;
      }
    }
  }

  /// Adds one bit to the coefficients of a band: to those that are not zero, one bit each in
  /// passing; to those that are, by runs of zeros that stay zero.
  private void refineBand(JpegComponent component, short[] coefficients, int at) {
    int k = band.from;
    if (endOfBandRun == 0) {
      var table = tables.ac(file, component.acTable);
      for (; k <= band.to; k++) {
        int symbol = bits.symbol(table);
        int run = symbol >> 4;
        int added = 0;
        if ((symbol & 15) != 0) {
          added = bits.bits(1) == 1 ? 1 << band.low : -1 << band.low;
        } else if (run != 15) {
          endOfBandRun = (1 << run) + bits.bits(run);
          break;
        }
        k = skipZeros(coefficients, at, k, run);
        if (added != 0 && k < 64) {
          coefficients[at + ORDER[k]] = (short) added;
        }
      }
    }
    if (endOfBandRun > 0) {
      skipZeros(coefficients, at, k, 64);
      endOfBandRun--;
    }
  }

  /// Refines until `zeros` zero coefficients have been passed and another is met, or the band ends.
  private int skipZeros(short[] coefficients, int at, int k, int zeros) {
    for (; k <= band.to; k++) {
      int place = at + ORDER[k];
      if (coefficients[place] != 0) {
        refine(coefficients, place);
      } else if (--zeros < 0) {
        break;
      }
    }
    return k;
  }

  private void refine(short[] coefficients, int place) {
    int value = coefficients[place];
    int bit = 1 << band.low;
    if (bits.bits(1) == 1 && (Math.abs(value) & bit) == 0) {
      coefficients[place] = (short) (value < 0 ? value - bit : value + bit);
    }
  }
}
