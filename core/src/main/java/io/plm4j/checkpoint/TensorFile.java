package io.plm4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.SequencedMap;

/// A mapped file of tensors, whatever its format.
sealed interface TensorFile permits SafetensorsFile, PthFile {
  /// The tensors in the order in which the file gives them.
  SequencedMap<String, TensorInfo> tensors();

  /// The bytes of a tensor, little-endian and row-major.
  ///
  /// @param copies where those go that do not lie so in the file
  /// @throws io.plm4j.error.InputException if the file has no tensor of this name
  MemorySegment data(String name, SegmentAllocator copies);

  /// Where in the file the first number of a tensor lies; tensors may share their numbers.
  long place(String name);
}
