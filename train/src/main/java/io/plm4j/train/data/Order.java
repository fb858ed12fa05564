package io.plm4j.train.data;

/// In which order rows are taken.
public enum Order {
  /// As they stand in their files, in every epoch, as Meta trained.
  SEQUENTIAL,

  /// In another order in every epoch, which the seed decides.
  SHUFFLED
}
