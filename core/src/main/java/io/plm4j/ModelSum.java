package io.plm4j;

import io.plm4j.adapter.AdapterFiles;
import io.plm4j.cache.CacheKey;
import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.layout.Layout;
import io.plm4j.tensor.DType;
import java.util.ArrayList;

/// Stands for all that a model's numbers depend on beside what it is asked: another model, another
/// adapter, another format of the weights or another type of computation has another sum.
final class ModelSum {
  private ModelSum() {}

  /// @param type of the computation
  static String of(Checkpoint checkpoint, LoadOptions options, DType type) {
    var folder = checkpoint.folder();
    var causes = new ArrayList<String>();
    causes.add(type.name());
    causes.add(checkpoint.fingerprint(folder.resolve(Layout.of(folder).configFile())));
    // In their order: an adapter changes what those before it make.
    for (var adapter : options.adapters()) {
      causes.add(AdapterFiles.fingerprint(adapter.folder()));
    }
    options.quantization().ifPresent(recipe -> causes.add("weights in " + recipe.text()));
    return CacheKey.of("model", causes.toArray(String[]::new)).hex();
  }
}
