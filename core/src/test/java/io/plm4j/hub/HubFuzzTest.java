package io.plm4j.hub;

import static io.plm4j.hub.HubFixture.MODEL;
import static io.plm4j.hub.HubFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import io.plm4j.testkit.LocalHub.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that fail at random in every way that is known here. `-Dplm.fuzz.cases=N` sets how many.
class HubFuzzTest {
  private static final int CASES = Integer.getInteger("plm.fuzz.cases", 25);
  private static final long SEED = 20261123;

  @TempDir private Path cache;

  private static final List<Faults.Act> ACTS =
      List.of(
          Faults.status(500),
          Faults.status(429),
          Faults.status(404),
          Faults.status(403),
          Faults.status(418),
          Faults.status(206),
          Faults.header("Retry-After", "never", Faults.status(503)),
          Faults.refusal(401, "GatedRepo"),
          Faults.redirect("//elsewhere.invalid/"),
          Faults.redirect("http://127.0.0.1:1/"),
          Faults.header("Content-Range", "bytes 0-99999999999999999999/5", Faults.status(206)),
          Faults.header("ETag", "\"x\"", Faults.cut(0)),
          Faults.otherContent(),
          Faults.html(),
          Faults.cut(0),
          Faults.cut(777),
          Faults.stall(10, 400),
          Faults.tooLong(),
          Faults.tooShort(),
          Faults.noParts(),
          Faults.otherPart());

  /// A download succeeds with the right content, or ends in one message and leaves nothing wrong
  /// behind; afterwards a server that works completes it.
  @Test
  void whateverServersDoTheCacheIsWhole() throws IOException {
    for (int i = 0; i < CASES; i++) {
      var random = new Random(SEED + i);
      try (var fixture = new HubFixture(cache.resolve("" + i))) {
        fixture.server.fail(randomFault(random, 0.1 + 0.5 * random.nextDouble()));
        try {
          assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).as("case %d", i).isTrue();
        } catch (InputException e) {
          assertThat(e).hasMessageNotContaining("hf_secret");
        }
        fixture.server.heal();
        var snapshot = fixture.hub().locate(MODEL, ModelFiles.TO_RUN, fixture.listener);
        for (var file : CacheScan.files(snapshot)) {
          var name = snapshot.relativize(file).toString();
          assertThat(fixture.isIntact(snapshot, name)).as("case %d: %s", i, name).isTrue();
        }
      }
    }
  }

  private static Fault randomFault(Random random, double share) {
    var source = new AtomicReference<>(random);
    return (_, exchange, content) -> {
      Faults.Act act;
      synchronized (source) {
        if (random.nextDouble() >= share) {
          return false;
        }
        act = ACTS.get(random.nextInt(ACTS.size()));
      }
      if (content.length == 0 || exchange.getRequestMethod().equals("HEAD")) {
        act = Faults.status(500);
      }
      act.on(exchange, content);
      return true;
    };
  }
}
