package io.plm4j.media;

import java.util.List;

/// How a sample becomes a number for the model: `(sample * rescaleFactor - mean) / std` by channel.
///
/// @param mean red, green, blue
/// @param std red, green, blue
public record Normalization(double rescaleFactor, List<Double> mean, List<Double> std) {
  /// 0 to 255 becomes -1 to 1, as all published checkpoints have it.
  public static final Normalization DEFAULT =
      new Normalization(1 / 255.0, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException("three channels, got " + mean + " and " + std);
    }
  }

  /// What each of the 256 sample values of a channel becomes. The reference folds the rescaling
  /// into mean and deviation, in 32-bit floats, and so must this to be equal in every bit.
  float[] table(int channel) {
    float scale = (float) (1.0 / rescaleFactor);
    float foldedMean = mean.get(channel).floatValue() * scale;
    float foldedStd = std.get(channel).floatValue() * scale;
    float[] table = new float[256];
    for (int sample = 0; sample < 256; sample++) {
      table[sample] = (sample - foldedMean) / foldedStd;
    }
    return table;
  }
}
