package io.plm4j.cli;

import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.Targets;
import io.plm4j.testkit.TinyAdapter;
import java.nio.file.Path;
import java.util.List;

/// An adapter for the model of [Samples], beside it.
final class AdapterSamples {
  static final String LORA = write();

  private AdapterSamples() {}

  private static String write() {
    var folder = Path.of(Samples.MODEL).resolveSibling("lora");
    TinyAdapter.write(
        folder,
        Path.of(Samples.MODEL),
        AdapterConfig.of(
            AdapterConfig.Kind.LORA, new Targets.Suffixes(List.of("q_proj", "up_proj", "fc1"))));
    return folder.toString();
  }
}
