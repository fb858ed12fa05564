package io.plm4j;

/// Hears of a batch's answers as they come; called on the thread that makes them.
public interface BatchListener {
  /// An answer is complete.
  ///
  /// @param index which request, from 0
  void answered(int index, Answer answer);

  /// A request could not be made or answered; the others go on, unless this throws.
  ///
  /// @param reason an [io.plm4j.error.InputException] where the request is to blame
  void failed(int index, RuntimeException reason);

  /// Asked often; true ends the work soon. Answers on their way end as cancelled with what they
  /// have.
  default boolean cancelled() {
    return false;
  }
}
