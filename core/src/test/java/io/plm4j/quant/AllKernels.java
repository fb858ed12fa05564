package io.plm4j.quant;

import java.util.List;
import java.util.stream.Stream;

/// Every kind of kernel that this machine can run.
final class AllKernels {
  private AllKernels() {}

  static List<Kernels> with(int threads) {
    return Stream.concat(
            Stream.of(Kernels.vector(threads), Kernels.plain(threads)),
            NativeRows.instances().stream()
                .map(rows -> Kernels.inC(rows, NativeProducts.THERE, threads)))
        .toList();
  }
}
