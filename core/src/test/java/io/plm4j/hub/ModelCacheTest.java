package io.plm4j.hub;

import static io.plm4j.hub.HubFixture.MODEL;
import static io.plm4j.hub.HubFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is in the cache, and what goes when something is removed.
class ModelCacheTest {
  @TempDir private Path folder;
  private HubFixture fixture;
  private ModelCache cache;
  private String first = "";

  @BeforeEach
  void open() {
    fixture = new HubFixture(folder);
    first = fixture.commit;
    fixture.download();
    fixture.publishNewWeights();
    fixture.download();
    cache = fixture.hub().cache();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void modelsHaveTheirRevisionsAndSizes() throws IOException {
    Files.createDirectories(folder.resolve("datasets--someone--words/blobs"));
    Files.createDirectories(folder.resolve("version"));
    var model = cache.models().getFirst();
    assertThat(cache.models()).hasSize(1);
    assertThat(model.id()).isEqualTo(MODEL.id());
    assertThat(model.revisions()).hasSize(2);
    var now = model.revisions().stream().filter(r -> r.refs().equals(List.of("main"))).findFirst();
    assertThat(now.orElseThrow().commit()).isEqualTo(fixture.commit);
    assertThat(now.orElseThrow().files()).extracting("name").contains(WEIGHTS, "config.json");
    long small = now.orElseThrow().bytes() - 45_678;
    assertThat(model.bytes()).isEqualTo(2 * 45_678 + small);
  }

  @Test
  void anEmptyCacheHasNoModels() {
    assertThat(new ModelCache(folder.resolve("none")).models()).isEmpty();
    assertThatThrownBy(() -> cache.model(new ModelId("meta/other")))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("meta/other is not in the cache", "meta/tiny");
  }

  @Test
  void aRevisionGoesWithWhatNoOtherNeeds() throws IOException {
    var removal = cache.removal(MODEL.id(), List.of(first.substring(0, 8)));
    assertThat(removal.bytes()).isEqualTo(45_678);
    removal.carryOut();
    assertThat(fixture.repo().snapshot(first)).doesNotExist();
    var snapshot = fixture.hub().cached(MODEL, ModelFiles.TO_RUN).orElseThrow();
    assertThat(fixture.isIntact(snapshot, WEIGHTS)).isTrue();
    assertThat(fixture.isIntact(snapshot, "config.json")).isTrue();
  }

  @Test
  void theRefGoesWithItsRevision() throws IOException {
    cache.removal(MODEL.id(), List.of("main")).carryOut();
    assertThat(fixture.repo().refs().resolve("main")).doesNotExist();
    assertThat(fixture.repo().snapshot(first).resolve("config.json")).exists();
  }

  @Test
  void allRevisionsTogetherAreTheWholeModel() {
    var all = cache.removal(MODEL.id(), List.of("main", first));
    assertThat(all.bytes()).isEqualTo(cache.model(MODEL.id()).bytes());
    all.carryOut();
    assertThat(fixture.repo().folder()).doesNotExist();
    assertThat(cache.models()).isEmpty();
  }

  @Test
  void anUnknownRevisionIsRefused() {
    for (var revision : new String[] {"v1", "", "ab", "../.."}) {
      assertThatThrownBy(() -> cache.removal(MODEL.id(), List.of(revision)))
          .as(revision)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no revision");
    }
  }

  @Test
  void removingAModelLeavesOthersAlone() throws IOException {
    fixture.server.publish("meta/other", fixture.files);
    fixture.hub().download(ModelRef.parse("meta/other"), ModelFiles.TO_RUN, DownloadListener.NONE);
    cache.removal(MODEL.id()).carryOut();
    assertThat(cache.models()).singleElement().extracting("id").hasToString("meta/other");
  }

  @Test
  void pruningTakesWhatNothingLeadsTo() throws IOException {
    try (var partial = PartialFile.open(fixture.repo(), "c".repeat(64), 100, 10)) {
      partial.write(0, ByteBuffer.wrap(new byte[10]));
    }
    Files.write(fixture.repo().blob("d".repeat(64)), new byte[1000]);
    var removal = cache.prune();
    assertThat(removal.what())
        .containsExactlyInAnyOrder(
            "meta/tiny@" + first,
            "meta/tiny: what has come of an unfinished file",
            "meta/tiny: a file of no revision");
    assertThat(removal.bytes()).isGreaterThanOrEqualTo(45_678 + 1000);
    removal.carryOut();
    assertThat(cache.prune().isEmpty()).isTrue();
    var snapshot = fixture.hub().cached(MODEL, ModelFiles.TO_RUN).orElseThrow();
    assertThat(fixture.isIntact(snapshot, WEIGHTS)).isTrue();
  }

  @Test
  void pruningLeavesWhatIsJustBeingFetched() throws IOException {
    var tag = "c".repeat(64);
    try (var _ = BlobLock.tryLock(fixture.repo().lock(tag)).orElseThrow();
        var partial = PartialFile.open(fixture.repo(), tag, 100, 10)) {
      partial.write(0, ByteBuffer.wrap(new byte[10]));
      assertThat(cache.prune().what()).containsExactly("meta/tiny@" + first);
    }
  }

  @Test
  void aLinkInTheCacheIsRemovedAndNotWhatItLeadsTo(@TempDir Path elsewhere) throws IOException {
    var precious = Files.writeString(elsewhere.resolve("precious"), "keep");
    Files.createSymbolicLink(fixture.repo().folder().resolve("link"), elsewhere);
    cache.removal(MODEL.id()).carryOut();
    assertThat(precious).hasContent("keep");
  }
}
