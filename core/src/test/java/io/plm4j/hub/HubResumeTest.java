package io.plm4j.hub;

import static io.plm4j.hub.Faults.always;
import static io.plm4j.hub.HubFixture.MODEL;
import static io.plm4j.hub.HubFixture.PIECE;
import static io.plm4j.hub.HubFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.hub.DownloadProgress.Activity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Downloads that end early, and several at a time.
class HubResumeTest {
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

  private DownloadListener cancelledWhen(AtomicBoolean cancelled) {
    return new DownloadListener() {
      @Override
      public boolean cancelled() {
        return cancelled.get();
      }
    };
  }

  @Test
  void aCancelledDownloadGoesOnWhereItStopped() throws IOException {
    var cancelled = new AtomicBoolean();
    fixture.server.fail(
        always(
            "/blobs/" + fixture.tag(WEIGHTS),
            (exchange, content) -> {
              Faults.stall(1_234, 100).on(exchange, content);
              cancelled.set(true);
            }));
    var hub = fixture.hub();
    assertThatThrownBy(() -> hub.download(MODEL, ModelFiles.TO_RUN, cancelledWhen(cancelled)))
        .isInstanceOf(CancellationException.class);
    assertThat(fixture.hub().cached(MODEL, ModelFiles.TO_RUN)).isEmpty();
    long kept = PartialFile.bytesIn(fixture.repo().partial(fixture.tag(WEIGHTS))).orElseThrow();
    assertThat(kept).isBetween(1_234L, 5 * 1_234L);

    fixture.server.heal();
    fixture.server.seen();
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
    long asked =
        fixture.server.seen().stream()
            .filter(seen -> seen.path().contains(fixture.tag(WEIGHTS)))
            .map(seen -> seen.headers().getOrDefault("Range", ""))
            .mapToLong(HubResumeTest::length)
            .sum();
    assertThat(asked).isEqualTo(45_678 - kept);
    assertThat(fixture.progress.getFirst().bytesDone()).isNotNegative();
  }

  private static long length(String range) {
    var ends = range.substring("bytes=".length()).split("-");
    return Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
  }

  @Test
  void cancellingWorksWhileWaitingForAServer() {
    var cancelled = new AtomicBoolean();
    fixture.server.fail(
        always(
            "/api/",
            (exchange, content) -> {
              cancelled.set(true);
              Faults.stall(0, 200).on(exchange, content);
            }));
    var hub = fixture.hub();
    assertThatThrownBy(() -> hub.download(MODEL, ModelFiles.TO_RUN, cancelledWhen(cancelled)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void anInterruptedThreadStopsAndStaysInterrupted() {
    fixture.server.fail(always("/api/", Faults.stall(0, 200)));
    Thread.currentThread().interrupt();
    assertThatThrownBy(fixture::download).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatAnotherProgramBeganIsLeftAlone() throws IOException {
    Files.createDirectories(fixture.repo().blobs());
    var python = fixture.repo().blob(fixture.tag(WEIGHTS) + ".1a2b3c4d.incomplete");
    Files.writeString(python, "half");
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
    assertThat(python).hasContent("half");
  }

  @Test
  void aPartOfAnotherSizeOrWithoutATrailerIsBegunAnew() throws IOException {
    Files.createDirectories(fixture.repo().blobs());
    Files.write(fixture.repo().partial(fixture.tag(WEIGHTS)), new byte[60_000]);
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
  }

  @Test
  void aTornPartIsFoundByItsChecksum() throws IOException {
    Files.createDirectories(fixture.repo().blobs());
    try (var partial = PartialFile.open(fixture.repo(), fixture.tag(WEIGHTS), 45_678, PIECE)) {
      partial.write(0, ByteBuffer.wrap(new byte[25_000]));
    }
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
  }

  @Test
  void aBlobOfTheWrongSizeIsFetchedAgain() throws IOException {
    fixture.download();
    Files.write(fixture.repo().blob(fixture.tag(WEIGHTS)), new byte[10]);
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
  }

  @Test
  void aLinkThatLeadsNowhereIsMendedFromTheBlob() throws IOException {
    var snapshot = fixture.download();
    Files.delete(snapshot.resolve(WEIGHTS));
    Files.createSymbolicLink(snapshot.resolve(WEIGHTS), Path.of("../../blobs/gone"));
    fixture.server.seen();
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
    assertThat(fixture.server.seen()).hasSize(1);
  }

  @Test
  void downloadsAtTheSameTimeFetchEachFileOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Path>> downloads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        downloads.add(
            threads.submit(
                () -> fixture.hub().download(MODEL, ModelFiles.TO_RUN, DownloadListener.NONE)));
      }
      for (var download : downloads) {
        assertThat(fixture.isIntact(download.get(), WEIGHTS)).isTrue();
      }
    }
    assertThat(fixture.server.seen())
        .filteredOn(
            seen -> seen.path().contains("/resolve/") && seen.path().endsWith("config.json"))
        .hasSize(1);
    assertThat(fixture.blobs()).noneMatch(name -> name.endsWith(".incomplete"));
  }

  @Test
  void aBlobThatAnotherProcessHoldsIsWaitedFor() throws Exception {
    var waiting = new CountDownLatch(1);
    var held = BlobLock.tryLock(fixture.repo().lock(fixture.tag(WEIGHTS))).orElseThrow();
    var download =
        CompletableFuture.supplyAsync(() ->
            fixture
                .hub()
                .download(
                    MODEL,
                    ModelFiles.TO_RUN,
                    new DownloadListener() {
                      @Override
                      public void progress(DownloadProgress now) {
                        if (now.activity() == Activity.WAITING_FOR_PROCESS) {
                          waiting.countDown();
                        }
                      }
                    }));
    assertThat(waiting.await(10, TimeUnit.SECONDS))
        .as(() -> String.valueOf(download.isDone() ? download.exceptionNow() : download))
        .isTrue();
    assertThat(download).isNotDone();
    held.close();
    assertThat(fixture.isIntact(download.get(20, TimeUnit.SECONDS), WEIGHTS)).isTrue();
  }

  @Test
  void whereLocksHoldNobodyBackTwoStillNeverWriteOneFile() throws IOException {
    fixture.repo().prepare();
    var tag = fixture.tag(WEIGHTS);
    try (var one = PartialFile.open(fixture.repo(), tag, 45_678, PIECE);
        var other = PartialFile.open(fixture.repo(), tag, 45_678, PIECE)) {
      one.write(0, ByteBuffer.wrap(new byte[100]));
      other.write(0, ByteBuffer.wrap(new byte[50]));
      assertThat(one.bytes()).isEqualTo(100);
      assertThat(other.bytes()).isEqualTo(50);
      assertThat(fixture.blobs()).hasSize(2);
    }
  }

  /// A file that somebody damaged is read as it is, or begun anew; never more than it is large.
  @Test
  void aDamagedTableIsBegunAnew() throws IOException {
    fixture.repo().prepare();
    var tag = "0123456789abcdef";
    var path = fixture.repo().partial(tag);
    try (var partial = PartialFile.open(fixture.repo(), tag, 25, 10)) {
      partial.write(0, ByteBuffer.wrap(new byte[12]));
    }
    var whole = Files.readAllBytes(path);
    var random = new Random(5);
    for (int i = 0; i < 500; i++) {
      var mutant = Arrays.copyOf(whole, whole.length - random.nextInt(3) * random.nextInt(24));
      for (int j = random.nextInt(4); j > 0; j--) {
        mutant[25 + random.nextInt(mutant.length - 25)] = (byte) random.nextInt();
      }
      Files.write(path, mutant);
      assertThat(PartialFile.bytesIn(path).orElse(0)).isBetween(0L, (long) mutant.length);
      try (var partial = PartialFile.open(fixture.repo(), tag, 25, 10)) {
        partial.write(partial.position(2), ByteBuffer.allocate(0));
        assertThat(partial.bytes()).isBetween(0L, 25L);
      }
    }
  }

  @Test
  void piecesMayComeInAnyOrderAndOverlap() throws IOException {
    fixture.repo().prepare();
    try (var partial = PartialFile.open(fixture.repo(), "0123456789abcdef", 25, 10)) {
      assertThat(partial.write(20, ByteBuffer.wrap(new byte[5]))).isEqualTo(5);
      assertThat(partial.write(8, ByteBuffer.wrap(new byte[2]))).isZero(); // beyond a gap
      assertThat(partial.write(0, ByteBuffer.wrap(new byte[12]))).isEqualTo(12);
      assertThat(partial.write(5, ByteBuffer.wrap(new byte[15]))).isEqualTo(8);
      assertThat(partial.bytes()).isEqualTo(25);
    }
    assertThat(PartialFile.bytesIn(fixture.repo().partial("0123456789abcdef"))).hasValue(25);
    try (var other = PartialFile.open(fixture.repo(), "0123456789abcdef", 26, 10)) {
      assertThat(other.bytes()).isZero();
    }
  }
}
