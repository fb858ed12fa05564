package io.plm4j.model;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `config.json` says of weights that plm4j has quantised: its `quantization_config`.
public final class Quantization {
  /// Its key in `config.json`.
  public static final String KEY = "quantization_config";

  static final String METHOD = "plm4j";
  private static final int VERSION = 1;

  private Quantization() {}

  /// The entry of a model that was quantised by a recipe.
  public static Map<String, Object> json(QuantizationRecipe recipe) {
    var json = new LinkedHashMap<String, Object>();
    json.put("quant_method", METHOD);
    json.put("version", VERSION);
    json.put("formats", recipe.text());
    return json;
  }

  /// @throws InputException if it was written by a plm4j that does it another way
  static QuantizationRecipe read(JsonObject json) {
    int version = json.integer("version", 0, Integer.MAX_VALUE);
    if (version != VERSION) {
      throw json.wrong("version", VERSION + "; a newer plm4j has written this model");
    }
    try {
      return QuantizationRecipe.of(json.text("formats"));
    } catch (InputException e) {
      throw json.wrong("formats", "formats of its parts: " + e.getMessage());
    }
  }
}
