package io.plm4j.hub;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubSettings.Links;
import io.plm4j.hub.HubSettings.Network;
import io.plm4j.testkit.LocalHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// A hub with one model and a cache beside it; impatient, so that no test takes long.
final class HubFixture implements AutoCloseable {
  static final ModelRef MODEL = ModelRef.parse("meta/tiny");
  static final String WEIGHTS = "model.safetensors";

  /// Large enough for a few pieces.
  static final long PIECE = 10_000;

  static final TransferSettings HASTY =
      new TransferSettings(
          4,
          PIECE,
          Duration.ofSeconds(20),
          // Machines that build are slow at times; tests of stalls take less.
          Duration.ofSeconds(20),
          3,
          Duration.ofMillis(5),
          Duration.ofMillis(60));

  final LocalHub server = new LocalHub();
  final Path cache;
  final HubSettings settings;
  final List<String> warnings = new ArrayList<>();
  final List<DownloadProgress> progress = new ArrayList<>();
  final Map<String, byte[]> files = new TreeMap<>();
  String commit;

  HubFixture(Path cache) {
    this.cache = cache;
    settings =
        new HubSettings(
            cache,
            server.address(),
            Optional.of(new Token("hf_secret", "HF_TOKEN")),
            Network.ONLINE,
            Links.SYMBOLIC,
            HASTY,
            Optional.empty());
    put("config.json", "{}");
    put("tokenizer.json", "{\"version\": \"1.0\"}");
    put("chat_template.jinja", "{{ messages }}");
    put("README.md", "# Tiny");
    put("original/params.json", "{}");
    put("original/consolidated.pth", "weights");
    files.put(WEIGHTS, noise(45_678, 1));
    commit = server.publish(MODEL.id().text(), files);
  }

  private void put(String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] noise(int size, long seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /// Makes the weights others, and so `main` another commit.
  String publishNewWeights() {
    files.put(WEIGHTS, noise(45_678, 2));
    commit = server.publish(MODEL.id().text(), files);
    return commit;
  }

  final DownloadListener listener =
      new DownloadListener() {
        @Override
        public void progress(DownloadProgress now) {
          progress.add(now);
        }

        @Override
        public void warning(String message) {
          warnings.add(message);
        }
      };

  Hub hub() {
    return hub(settings);
  }

  /// A hub that waits half a second for an answer to go on.
  Hub impatient() {
    return hub(
        settings.withTransfers(
            HASTY.withTimeouts(Duration.ofSeconds(20), Duration.ofMillis(500)).withRetries(8)));
  }

  static Hub hub(HubSettings settings) {
    return new Hub(settings, System::nanoTime);
  }

  Hub offline() {
    return hub(settings.withNetwork(Network.OFFLINE));
  }

  Path download() {
    return hub().download(MODEL, ModelFiles.TO_RUN, listener);
  }

  /// The message of the download's failure.
  String failure() {
    return failure(hub());
  }

  String failure(Hub hub) {
    try {
      hub.download(MODEL, ModelFiles.TO_RUN, listener);
    } catch (InputException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("the download succeeded");
  }

  RepoFolder repo() {
    return new RepoFolder(cache, MODEL.id());
  }

  String tag(String name) {
    return LocalHub.hash("SHA-256", content(name));
  }

  byte[] content(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  /// Every file below `blobs`, sorted.
  List<String> blobs() throws IOException {
    if (!Files.isDirectory(repo().blobs())) {
      return List.of();
    }
    try (var blobs = Files.list(repo().blobs())) {
      return blobs.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  boolean isIntact(Path snapshot, String name) throws IOException {
    var path = snapshot.resolve(name);
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && Arrays.equals(Files.readAllBytes(path), content(name));
  }

  @Override
  public void close() {
    server.close();
  }
}
