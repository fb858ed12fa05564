package io.plm4j.hub;

import static io.plm4j.hub.HubFixture.MODEL;
import static io.plm4j.hub.HubFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubSettings.Links;
import io.plm4j.testkit.LocalHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A download from a Hub that works, and what is done without one.
class HubTest {
  @TempDir private Path cache;
  private HubFixture fixture;

  @BeforeEach
  void open() {
    fixture = new HubFixture(cache);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aModelComesWithWhatItTakesToRunItAndNothingElse() throws IOException {
    var snapshot = fixture.download();
    assertThat(snapshot).isEqualTo(fixture.repo().snapshot(fixture.commit));
    assertThat(CacheScan.files(snapshot).stream().map(f -> snapshot.relativize(f).toString()))
        .containsExactlyInAnyOrder(
            "config.json", "tokenizer.json", "chat_template.jinja", "model.safetensors");
    for (var name : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      assertThat(fixture.isIntact(snapshot, name)).as(name).isTrue();
    }
  }

  @Test
  void theLayoutIsThatOfPython() throws IOException {
    var snapshot = fixture.download();
    var repo = cache.resolve("models--meta--tiny");
    assertThat(Files.readString(repo.resolve("refs/main"))).isEqualTo(fixture.commit);
    assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs", fixture.tag(WEIGHTS)));
    assertThat(fixture.blobs())
        .contains(LocalHub.gitHash(fixture.content("config.json")))
        .noneMatch(name -> name.endsWith(".incomplete"));
    assertThat(repo.resolve(".no_exist/" + fixture.commit + "/processor_config.json"))
        .isEmptyFile();
    assertThat(cache.resolve("CACHEDIR.TAG")).exists();
  }

  @Test
  void aFileInAFolderOfItsOwnIsLinkedFromThere() throws IOException {
    var snapshot = fixture.hub().download(MODEL, ModelFiles.ORIGINAL, fixture.listener);
    var file = snapshot.resolve("original/consolidated.pth");
    assertThat(Files.readSymbolicLink(file))
        .isEqualTo(Path.of("../../../blobs", fixture.tag("original/consolidated.pth")));
    assertThat(file).hasContent("weights");
  }

  @Test
  void metasLayoutIsTakenWhereThereIsNoOther() throws IOException {
    fixture.files.remove(WEIGHTS);
    fixture.server.publish(MODEL.id().text(), fixture.files);
    assertThat(fixture.download().resolve("original/consolidated.pth")).exists();
  }

  @Test
  void aModelWithoutWeightsIsRefused() {
    fixture.server.publish(MODEL.id().text(), Map.of("README.md", new byte[] {1}));
    assertThat(fixture.failure()).contains("no files that plm4j can use", "README.md");
  }

  @Test
  void everythingComesIfWanted() throws IOException {
    var snapshot = fixture.hub().download(MODEL, ModelFiles.ALL, fixture.listener);
    for (var name : fixture.files.keySet()) {
      assertThat(fixture.isIntact(snapshot, name)).as(name).isTrue();
    }
  }

  @Test
  void aSecondDownloadAsksOnlyWhatThereIs() {
    fixture.download();
    fixture.server.seen();
    fixture.download();
    assertThat(fixture.server.seen()).hasSize(1);
  }

  @Test
  void aNewCommitBringsWhatChangedAndKeepsTheRest() throws IOException {
    var old = fixture.download();
    var before = Files.readAllBytes(old.resolve(WEIGHTS));
    fixture.server.seen();
    fixture.publishNewWeights();
    var snapshot = fixture.download();
    assertThat(snapshot).isNotEqualTo(old);
    assertThat(fixture.isIntact(snapshot, WEIGHTS)).isTrue();
    assertThat(old.resolve(WEIGHTS)).hasBinaryContent(before);
    assertThat(fixture.server.seen()).noneMatch(seen -> seen.path().endsWith("config.json"));
  }

  @Test
  void oneContentUnderTwoNamesIsFetchedOnce() throws IOException {
    fixture.files.put("generation_config.json", fixture.content("config.json"));
    fixture.server.publish(MODEL.id().text(), fixture.files);
    var snapshot = fixture.download();
    assertThat(fixture.isIntact(snapshot, "generation_config.json")).isTrue();
    assertThat(fixture.isIntact(snapshot, "config.json")).isTrue();
    assertThat(fixture.server.seen().stream().filter(s -> s.path().contains("config.json")))
        .hasSize(1);
  }

  @Test
  void anEmptyFileIsAFile() throws IOException {
    fixture.files.put("added_tokens.json", new byte[0]);
    fixture.server.publish(MODEL.id().text(), fixture.files);
    assertThat(fixture.download().resolve("added_tokens.json")).isEmptyFile();
  }

  @Test
  void aListWithoutSizesIsFilledByAskingForEachFile() throws IOException {
    fixture.server.describeNoFiles();
    var snapshot = fixture.download();
    assertThat(fixture.isIntact(snapshot, WEIGHTS)).isTrue();
    assertThat(fixture.blobs()).contains(fixture.tag(WEIGHTS));
  }

  @Test
  void aWholeCommitInTheCacheNeedsNoNetwork() {
    var snapshot = fixture.download();
    fixture.server.seen();
    var pinned = ModelRef.parse("meta/tiny@" + fixture.commit);
    assertThat(fixture.hub().locate(pinned, ModelFiles.TO_RUN, fixture.listener))
        .isEqualTo(snapshot);
    assertThat(fixture.server.seen()).isEmpty();
  }

  @Test
  void offlineTheCacheIsTakenAndNobodyIsAsked() {
    var snapshot = fixture.download();
    fixture.server.seen();
    assertThat(fixture.offline().locate(MODEL, ModelFiles.TO_RUN, fixture.listener))
        .isEqualTo(snapshot);
    assertThat(fixture.server.seen()).isEmpty();
    assertThat(fixture.warnings).isEmpty();
  }

  @Test
  void offlineAMissingModelIsAnErrorThatNamesTheVariable() {
    assertThatThrownBy(() -> fixture.offline().locate(MODEL, ModelFiles.TO_RUN, fixture.listener))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("meta/tiny is not there", cache.toString(), "HF_HUB_OFFLINE");
  }

  @Test
  void offlineAnIncompleteModelIsAnErrorThatNamesWhatIsMissing() throws IOException {
    Files.delete(fixture.download().resolve(WEIGHTS));
    assertThatThrownBy(() -> fixture.offline().locate(MODEL, ModelFiles.TO_RUN, fixture.listener))
        .hasMessageContainingAll("not complete", "missing: model.safetensors");
  }

  @Test
  void anOlderModelIsTakenWithAWarningIfTheHubDoesNotAnswer() {
    var snapshot = fixture.download();
    fixture.server.close();
    assertThat(fixture.hub().locate(MODEL, ModelFiles.TO_RUN, fixture.listener))
        .isEqualTo(snapshot);
    assertThat(fixture.warnings)
        .singleElement()
        .asString()
        .contains("meta/tiny", "may be older", "cannot be reached");
  }

  @Test
  void withoutHubAndCacheTheMessageSaysThatNobodyAnswers() {
    fixture.server.close();
    assertThat(fixture.failure()).contains("cannot be reached", "goes on where this one stopped");
  }

  @Test
  void withoutLinksTheSnapshotHoldsTheFilesThemselves() throws IOException {
    fixture.files.put("generation_config.json", fixture.content("config.json"));
    fixture.server.publish(MODEL.id().text(), fixture.files);
    var s = fixture.settings;
    var hub =
        HubFixture.hub(
            new HubSettings(
                cache,
                s.endpoint(),
                s.token(),
                s.network(),
                Links.NONE,
                s.transfers(),
                s.proxies()));
    var snapshot = hub.download(MODEL, ModelFiles.TO_RUN, fixture.listener);
    assertThat(Files.isSymbolicLink(snapshot.resolve(WEIGHTS))).isFalse();
    assertThat(fixture.isIntact(snapshot, WEIGHTS)).isTrue();
    assertThat(fixture.isIntact(snapshot, "config.json")).isTrue();
    assertThat(fixture.isIntact(snapshot, "generation_config.json")).isTrue();
    assertThat(fixture.blobs()).isEmpty();
    fixture.server.seen();
    hub.download(MODEL, ModelFiles.TO_RUN, fixture.listener);
    assertThat(fixture.server.seen()).hasSize(1);
  }

  @Test
  void progressEndsWithEverything() {
    fixture.download();
    var last = fixture.progress.getLast();
    assertThat(last.bytesDone()).isEqualTo(last.bytes()).isGreaterThan(45_678);
    assertThat(last.filesDone()).isEqualTo(last.files()).isEqualTo(4);
  }

  @Test
  void aFolderThatIsThereIsTakenBeforeAnyModel(@TempDir Path folder) {
    var hub = fixture.hub();
    assertThat(Hub.folder(folder.toString(), () -> hub, fixture.listener)).isEqualTo(folder);
    assertThat(fixture.server.seen()).isEmpty();
    assertThat(Hub.folder("meta/tiny", () -> hub, fixture.listener))
        .isEqualTo(fixture.repo().snapshot(fixture.commit));
    assertThatThrownBy(() -> Hub.folder("/no/such", () -> hub, fixture.listener))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void aDamagedRefIsAsGoodAsNone() throws IOException {
    fixture.download();
    Files.writeString(fixture.repo().refs().resolve("main"), "../../../etc");
    assertThat(fixture.hub().cached(MODEL, ModelFiles.TO_RUN)).isEqualTo(Optional.empty());
    fixture.download();
    assertThat(fixture.hub().cached(MODEL, ModelFiles.TO_RUN)).isPresent();
  }
}
