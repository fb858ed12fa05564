package io.plm4j.hub;

import static io.plm4j.hub.Faults.always;
import static io.plm4j.hub.Faults.first;
import static io.plm4j.hub.HubFixture.MODEL;
import static io.plm4j.hub.HubFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A download from servers and over networks that fail: it succeeds, or it says why not, and what
/// is in the cache is whole either way.
class HubFaultsTest {
  private static final String STORE = "/blobs/";
  private static final String LIST = "/api/";

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

  private void succeeds() throws IOException {
    succeeds(fixture.hub());
  }

  private void succeeds(Hub hub) throws IOException {
    var snapshot = hub.download(MODEL, ModelFiles.TO_RUN, fixture.listener);
    assertThat(fixture.isIntact(snapshot, WEIGHTS)).isTrue();
    assertThat(fixture.blobs()).noneMatch(name -> name.endsWith(".incomplete"));
  }

  /// The message, after it is made sure that nothing wrong is visible.
  private String fails() throws IOException {
    var message = fixture.failure();
    assertThat(fixture.repo().snapshot(fixture.commit).resolve(WEIGHTS)).doesNotExist();
    var blob = fixture.repo().blob(fixture.tag(WEIGHTS));
    if (Files.exists(blob)) { // what has come whole may stay, for the next time
      assertThat(blob).hasBinaryContent(fixture.content(WEIGHTS));
    }
    assertThat(fixture.hub().cached(MODEL, ModelFiles.TO_RUN)).isEmpty();
    return message;
  }

  @Test
  void aServerInTroubleIsAskedAgain() throws IOException {
    fixture.server.fail(first(2, LIST, Faults.status(503)));
    fixture.server.fail(first(2, STORE, Faults.status(500)));
    succeeds();
  }

  @Test
  void aServerThatStaysInTroubleIsGivenUp() throws IOException {
    fixture.server.fail(always(STORE, Faults.status(502)));
    assertThat(fails()).contains("cannot be reached", "502", "goes on where");
  }

  @Test
  void aRequestToWaitIsHeardButNotForHours() throws IOException {
    fixture.server.fail(first(1, LIST, Faults.header("Retry-After", "3600", Faults.status(429))));
    long start = System.nanoTime();
    succeeds();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThan(HubFixture.HASTY.longestPause())
        .isLessThan(Duration.ofSeconds(60));
  }

  @Test
  void aCutAnswerGoesOnWhereItWasCut() throws IOException {
    fixture.server.fail(first(3, STORE, Faults.cut(4_000)));
    succeeds();
    var ranges =
        fixture.server.seen().stream()
            .map(seen -> seen.headers().getOrDefault("Range", ""))
            .filter(range -> range.matches("bytes=\\d*4000-\\d+"));
    assertThat(ranges).isNotEmpty();
  }

  @Test
  void anAnswerThatStallsIsAskedForAgain() throws IOException {
    fixture.server.fail(first(1, STORE, Faults.stall(100, 30_000)));
    long start = System.nanoTime();
    succeeds(fixture.impatient());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aServerThatAlwaysStallsIsGivenUp() throws IOException {
    fixture.server.fail(always(LIST, Faults.stall(0, 2_000)));
    assertThat(fixture.failure(fixture.impatient())).contains("sent nothing for 0.5 s");
  }

  @Test
  void anAnswerThatIsTooShortIsCompleted() throws IOException {
    fixture.server.fail(first(3, STORE, Faults.tooShort()));
    succeeds();
  }

  @Test
  void anAnswerThatIsTooLongIsNotWritten() throws IOException {
    fixture.server.fail(first(2, STORE, Faults.tooLong()));
    succeeds();
  }

  @Test
  void aServerThatSendsNoPartsSendsAll() throws IOException {
    fixture.server.fail(always(STORE, Faults.noParts()));
    succeeds();
  }

  @Test
  void aWrongLengthOfAWholeFileIsRefused() throws IOException {
    fixture.server.fail(always("/config.json", Faults.tooLong()));
    assertThat(fails()).contains("says that config.json has 102 bytes; wanted 2");
  }

  @Test
  void anotherPartThanTheOneAskedForIsRefused() throws IOException {
    fixture.server.fail(always(STORE + fixture.tag(WEIGHTS), Faults.otherPart()));
    assertThat(fails()).contains("another part of model.safetensors");
  }

  @Test
  void wrongBytesAreFetchedOnceMore() throws IOException {
    fixture.server.fail(first(5, STORE + fixture.tag(WEIGHTS), Faults.otherContent()));
    succeeds();
  }

  @Test
  void bytesThatStayWrongAreNotKept() throws IOException {
    fixture.server.fail(always(STORE + fixture.tag(WEIGHTS), Faults.otherContent()));
    assertThat(fails())
        .startsWith("model.safetensors came 2 times")
        .contains("wrong each time", "checksum");
    fixture.server.heal();
    succeeds();
  }

  @Test
  void aWrongSmallFileIsFoundByItsGitHash() throws IOException {
    fixture.server.fail(
        always("/config.json", Faults.header("X-Linked-Etag", "none", Faults.otherContent())));
    assertThat(fails()).contains("config.json", "checksum");
  }

  @Test
  void aFileThatIsNotTheListedOneIsRefused() throws IOException {
    var other = "\"" + "0".repeat(40) + "\"";
    fixture.server.fail(
        always("/config.json", Faults.header("X-Linked-Etag", other, Faults.otherContent())));
    assertThat(fails()).startsWith("The Hub has two contents of config.json");
  }

  @Test
  void aStoreThatChangesItsMindIsBegunAnewOnce() throws IOException {
    fixture.server.fail(first(1, STORE + fixture.tag(WEIGHTS), Faults.otherContent()));
    succeeds();
  }

  @Test
  void anAddressThatHasEndedIsAskedForAgain() throws IOException {
    fixture.server.fail(first(2, STORE, Faults.status(403)));
    succeeds();
  }

  @Test
  void aLoginPageIsNotTakenForAList() throws IOException {
    fixture.server.fail(always(LIST, Faults.html()));
    assertThat(fails()).contains("answers with a web page", "proxy");
  }

  @Test
  void aLoginPageIsNotTakenForAFile() throws IOException {
    fixture.server.fail(always("/config.json", Faults.html()));
    assertThat(fails()).contains("sends a web page instead of config.json");
  }

  @Test
  void aPackedAnswerIsNotTakenForAFile() throws IOException {
    fixture.server.fail(
        always("/config.json", Faults.header("Content-Encoding", "gzip", Faults.cut(2))));
    assertThat(fails()).contains("packed as gzip");
  }

  @Test
  void aFullDiskIsFoundBeforeAnythingIsFetched() throws IOException {
    fixture.server.fail(
        always(
            LIST,
            (exchange, _) -> {
              var json =
                  """
                  {"sha": "%s", "siblings": [{"rfilename": "model.safetensors", "size": 9000000000000,
                   "blobId": "%s"}]}
                  """
                      .formatted("a".repeat(40), "b".repeat(40))
                      .getBytes(java.nio.charset.StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, json.length);
              exchange.getResponseBody().write(json);
            }));
    assertThat(fails()).contains("needs 9,000,050 MB more", "HF_HUB_CACHE");
    assertThat(fixture.blobs()).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(cache.resolve("models--meta--tiny"), "in the way");
    assertThat(fixture.failure()).contains("models--meta--tiny", "cannot be written");
  }
}
