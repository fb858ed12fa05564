package io.plm4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/// Holds the code to the table of who may know whom, with the JDK's own `jdeps`.
class ArrowsTest {
  /// Every package with the packages of ours that it may use. A subpackage counts as its parent.
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("error", Set.of()),
          Map.entry("json", Set.of("error")),
          Map.entry("hub", Set.of("error", "json")),
          Map.entry("layout", Set.of()),
          Map.entry("tensor", Set.of()),
          Map.entry("cache", Set.of("checkpoint", "error", "tensor")),
          Map.entry("checkpoint", Set.of("error", "json", "tensor")),
          Map.entry("quant", Set.of("tensor")),
          Map.entry("nn", Set.of("error", "quant", "tensor")),
          Map.entry("language", Set.of("error", "json", "nn", "quant", "tensor")),
          Map.entry("vision", Set.of("error", "json", "nn", "quant", "tensor")),
          Map.entry(
              "model",
              Set.of(
                  "checkpoint",
                  "error",
                  "json",
                  "language",
                  "layout",
                  "nn",
                  "quant",
                  "tensor",
                  "vision")),
          Map.entry(
              "adapter", Set.of("checkpoint", "error", "json", "model", "nn", "quant", "tensor")),
          Map.entry(
              "memory", Set.of("checkpoint", "error", "language", "model", "tensor", "vision")),
          Map.entry("media", Set.of("error", "json", "layout")),
          Map.entry("region", Set.of("error", "json", "media")),
          Map.entry("task", Set.of("error", "generate", "region")),
          Map.entry("text", Set.of("error", "json", "layout")),
          Map.entry(
              "convert",
              Set.of(
                  "adapter",
                  "checkpoint",
                  "error",
                  "generate",
                  "json",
                  "language",
                  "layout",
                  "media",
                  "model",
                  "nn",
                  "quant",
                  "tensor",
                  "text",
                  "vision")),
          Map.entry(
              "generate",
              Set.of("cache", "error", "json", "language", "layout", "model", "tensor", "text")));

  /// The only package that may use a library, by the library's package prefix.
  private static final Map<String, String> OWNERS =
      Map.of(
          "org.bytedeco.pytorch", "tensor",
          "org.bytedeco.ffmpeg", "media",
          "org.apache.lucene", "generate",
          "jdk.incubator.vector", "quant");

  private static final Pattern EDGE =
      Pattern.compile("\\s+(io\\.plm4j[\\w.]*)\\s+->\\s+([\\w.]+)\\s+.*");

  @Test
  void packagesKnowOnlyWhomTheyMay() {
    var broken = new TreeSet<String>();
    dependencies()
        .forEach((from, targets) -> {
          for (var to : targets) {
            if (!MAY_KNOW.containsKey(from)) {
              broken.add(from + " is not in the table");
            } else if (!to.equals(from) && !MAY_KNOW.get(from).contains(to)) {
              broken.add(from + " uses " + to);
            }
          }
        });
    assertThat(broken).isEmpty();
  }

  @Test
  void nativeTensorsAndVectorsHaveOneDoorEach() {
    var broken = new TreeSet<String>();
    for (var edge : edges()) {
      OWNERS.forEach((library, owner) -> {
        if (edge.to().startsWith(library) && !part(edge.from()).equals(owner)) {
          broken.add(edge.from() + " uses " + edge.to());
        }
      });
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void theTableHasNoCircles() {
    var open = new TreeMap<>(MAY_KNOW);
    while (open.entrySet()
        .removeIf(entry -> entry.getValue().stream().noneMatch(open::containsKey))) {
      // Each round takes away the packages that depend on none that is left.
      assertThat(open).hasSizeLessThan(MAY_KNOW.size());
    }
    assertThat(open).isEmpty();
  }

  /// Our packages below the facade with those of ours that they use.
  private static Map<String, Set<String>> dependencies() {
    var all = new TreeMap<String, Set<String>>();
    for (var edge : edges()) {
      if (!edge.from().equals("io.plm4j")) {
        var targets = all.computeIfAbsent(part(edge.from()), _ -> new TreeSet<>());
        if (edge.to().startsWith("io.plm4j")) {
          targets.add(edge.to().equals("io.plm4j") ? "the facade" : part(edge.to()));
        }
      }
    }
    assertThat(all).as("packages that jdeps found").isNotEmpty();
    return all;
  }

  private static String part(String name) {
    return name.equals("io.plm4j") ? "" : name.split("\\.")[2];
  }

  private record Edge(String from, String to) {}

  private static List<Edge> edges() {
    var out = new StringWriter();
    var jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    int status =
        jdeps.run(
            new PrintWriter(out),
            new PrintWriter(out),
            "--multi-release",
            "base",
            "-verbose:package",
            "-filter:none",
            classes().toString());
    assertThat(status).as(out.toString()).isZero();
    var edges = new ArrayList<Edge>();
    String from = "";
    for (String line : out.toString().lines().toList()) {
      var matcher = EDGE.matcher(line);
      var target = Pattern.compile("\\s+->\\s+([\\w.]+)\\s+.*").matcher(line);
      var head = Pattern.compile("\\s+(io\\.plm4j[\\w.]*)\\s.*").matcher(line);
      if (matcher.matches()) {
        edges.add(new Edge(matcher.group(1), matcher.group(2)));
      } else if (target.matches()) {
        edges.add(new Edge(from, target.group(1)));
      } else if (head.matches()) {
        from = head.group(1);
      }
    }
    return edges;
  }

  private static Path classes() {
    return Path.of("target", "classes").toAbsolutePath();
  }
}
