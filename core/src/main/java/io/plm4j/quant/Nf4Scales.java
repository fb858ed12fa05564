package io.plm4j.quant;

/// How the scales of NF4's blocks are kept.
public enum Nf4Scales {
  /// In 32 bits: 4.5 bits a weight in all.
  EXACT,

  /// In 8 bits, with scales of their own: 4.127 bits a weight. QLoRA's double quantisation.
  QUANTIZED
}
