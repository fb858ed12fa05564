package io.plm4j.adapter;

import io.plm4j.error.Excerpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether an adapter was made for the model that it is used with. Its maker noted a path or a name
/// of the Hub; the model is a folder, maybe of the Hub's cache. So only names can be compared, and
/// a difference is a warning.
public final class BaseModel {
  private BaseModel() {}

  /// Sentences about an adapter and the model that it is used with; none where nothing is odd.
  ///
  /// @param model its folder
  public static List<String> warnings(Adapter adapter, Path model) {
    var warnings = new ArrayList<String>();
    adapter
        .config()
        .unknownKeys()
        .forEach(key ->
            warnings.add(
                "%s of the adapter %s: %s is unknown and not obeyed"
                    .formatted(AdapterConfig.FILE, Excerpt.of(adapter.name()), Excerpt.of(key))));
    adapter
        .config()
        .baseModel()
        .filter(base -> !isCalled(model, base))
        .ifPresent(base ->
            warnings.add(
                "the adapter %s was made for %s, but is used with %s"
                    .formatted(Excerpt.of(adapter.name()), Excerpt.of(base), model)));
    return warnings;
  }

  /// The last part of the noted name must be a folder on the model's path, by itself or as the
  /// Hub's cache writes it.
  private static boolean isCalled(Path model, String base) {
    var parts = base.toLowerCase(Locale.ROOT).replace('\\', '/').replaceAll("/+$", "").split("/");
    var last = parts[parts.length - 1];
    for (var folder : model.toAbsolutePath().normalize()) {
      var name = folder.toString().toLowerCase(Locale.ROOT);
      if (name.equals(last) || name.startsWith("models--") && name.endsWith("--" + last)) {
        return true;
      }
    }
    return false;
  }
}
