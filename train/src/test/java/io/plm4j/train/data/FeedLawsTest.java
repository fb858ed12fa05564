package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds for every feed, whatever it is fed with.
class FeedLawsTest {
  private static final FeedSettings SHUFFLED =
      FeedSettings.DEFAULT.withBatching(new Batching.Examples(3));
  private static final FeedSettings PACKED =
      FeedSettings.DEFAULT.withBatching(new Batching.Positions(400));

  @TempDir private static Path folder;
  private static ExampleMaker maker;
  private static Source ten;
  private static Source seven;
  private static Source pictures;

  @BeforeAll
  static void write() {
    var fixture = Fixture.write(folder);
    maker = fixture.maker();
    ten = Source.of("ten", fixture.numbered("ten.jsonl", 10));
    seven = Source.of("seven", fixture.numbered("seven.jsonl", 7));
    var lines =
        new ArrayList<>(
            new String(Fixture.resource("rows.jsonl"), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .toList());
    // Reading a video takes longer than all else here.
    lines.removeIf(line -> line.contains("clip.mp4"));
    lines.add(4, "{\"image\": \"none.png\", \"text\": \"bad\"}");
    pictures = Source.of("pictures", fixture.lines("mixed.jsonl", lines));
  }

  /// Every kind of feed that there is.
  private static List<List<Source>> mixtures() {
    return List.of(
        List.of(ten),
        List.of(pictures),
        List.of(ten, seven, pictures),
        List.of(ten.withWeight(1), pictures.withWeight(2.5), seven.withWeight(0.5)));
  }

  private static List<FeedSettings> settings() {
    return List.of(
        SHUFFLED,
        SHUFFLED.withOrder(Order.SEQUENTIAL),
        SHUFFLED.withAhead(3).withThreads(3),
        PACKED,
        PACKED.withOrder(Order.SEQUENTIAL));
  }

  private static List<String> origins(List<Example> batch) {
    return batch.stream().map(Example::origin).toList();
  }

  private static List<List<Integer>> ids(List<Example> batch) {
    return batch.stream().map(example -> Arrays.stream(example.ids()).boxed().toList()).toList();
  }

  private static List<List<String>> take(Feed feed, int batches) {
    return IntStream.range(0, batches).mapToObj(_ -> origins(feed.next())).toList();
  }

  private static DatasetFeed feed(Dataset data, FeedSettings settings) {
    return data.feed(maker, settings, DataListener.NONE);
  }

  @Test
  void twoRunsAreEqual() {
    for (var mixture : mixtures()) {
      for (var settings : settings()) {
        try (var data = Dataset.open(mixture);
            var one = feed(data, settings);
            var other = feed(data, settings.withThreads(1).withAhead(1))) {
          assertThat(take(one, 12)).isEqualTo(take(other, 12));
          assertThat(one.state()).isEqualTo(other.state());
        }
      }
    }
  }

  @Test
  void aRestoredFeedGivesWhatAnUninterruptedOneGives() {
    var random = new SplittableRandom(5);
    for (var mixture : mixtures()) {
      for (var settings : List.of(SHUFFLED.withAhead(3).withThreads(3), PACKED)) {
        try (var data = Dataset.open(mixture);
            var whole = feed(data, settings);
            var used = feed(data, settings)) {
          take(used, random.nextInt(4)); // restoring overrides where it stands
          for (int round = 0; round < 3; round++) {
            take(whole, random.nextInt(9));
            var state = whole.state();
            var expected = new ArrayList<List<List<Integer>>>();
            for (int i = 0; i < 6; i++) {
              expected.add(ids(whole.next()));
            }
            try (var fresh = feed(data, settings)) {
              fresh.restore(state);
              used.restore(state);
              assertThat(fresh.state()).isEqualTo(state);
              for (var batch : expected) {
                assertThat(ids(fresh.next())).isEqualTo(batch);
                assertThat(ids(used.next())).isEqualTo(batch);
              }
              assertThat(fresh.state()).isEqualTo(whole.state());
            }
          }
        }
      }
    }
  }

  @Test
  void anEpochHasEveryRowOnceAndItsLastBatchIsShort() {
    try (var data = Dataset.open(List.of(ten));
        var feed = feed(data, SHUFFLED)) {
      assertThat(feed.batchesPerEpoch()).isEqualTo(4);
      var orders = new HashSet<List<String>>();
      for (int epoch = 0; epoch < 5; epoch++) {
        var batches = take(feed, 4);
        assertThat(batches.stream().map(List::size)).containsExactly(3, 3, 3, 1);
        var all = batches.stream().flatMap(List::stream).toList();
        assertThat(new HashSet<>(all)).hasSize(10);
        orders.add(all);
      }
      assertThat(orders).as("another order in each epoch").hasSize(5);
    }
  }

  @Test
  void sequentialRowsComeAsTheyStand() {
    try (var data = Dataset.open(List.of(seven, ten));
        var feed = feed(data, SHUFFLED.withOrder(Order.SEQUENTIAL))) {
      var expected = new ArrayList<String>();
      for (var source : List.of(seven, ten)) {
        for (int i = 1; i <= (source == ten ? 10 : 7); i++) {
          expected.add("%s: %s, line %d".formatted(source.name(), source.path(), i));
        }
      }
      assertThat(take(feed, 6).stream().flatMap(List::stream).toList()).isEqualTo(expected);
    }
  }

  @Test
  void packingTakesTheSameExamplesAndKeepsToItsBudget() {
    for (var mixture : List.of(List.of(ten, seven), List.of(pictures), List.of(ten, pictures))) {
      try (var data = Dataset.open(mixture);
          var feed = feed(data, PACKED)) {
        var counts = new ArrayList<String>();
        long rows = data.rows() - (mixture.contains(pictures) ? 1 : 0);
        int batches = 0;
        while (counts.size() < rows) {
          var batch = feed.next();
          assertThat(batch.stream().mapToInt(Example::length).sum()).isLessThanOrEqualTo(400);
          counts.addAll(origins(batch));
          batches++;
        }
        assertThat(new HashSet<>(counts)).hasSize((int) rows);
        assertThat(counts).hasSize((int) rows);
        assertThat(batches).isLessThan((int) rows);
        assertThat((double) batches)
            .isCloseTo(feed.batchesPerEpoch(), org.assertj.core.data.Percentage.withPercentage(60));
      }
    }
  }

  @Test
  void sourcesAreDrawnByTheirWeights() {
    try (var data = Dataset.open(List.of(ten.withWeight(3), seven.withWeight(1)));
        var feed =
            feed(
                data,
                SHUFFLED.withOrder(Order.SEQUENTIAL).withBatching(new Batching.Examples(100)))) {
      var origins = take(feed, 20).stream().flatMap(List::stream).toList();
      var tens = origins.stream().filter(origin -> origin.startsWith("ten")).toList();
      // 2000 draws: three standard deviations are 58.
      assertThat(tens.size()).isBetween(1442, 1558);
      for (int i = 0; i < tens.size(); i++) {
        assertThat(tens.get(i)).endsWith("line " + (i % 10 + 1));
      }
    }
  }

  @Test
  void aSplitTakesEveryRowOnceAndKeepsTheirOrder() {
    try (var data = Dataset.open(List.of(ten, seven))) {
      var split = data.split(0.1, 3);
      assertThat(split.training().parts())
          .containsExactly(new Dataset.Part("ten", 9), new Dataset.Part("seven", 6));
      var training = passed(split.training());
      var validation = passed(split.validation());
      assertThat(validation).hasSize(2);
      var all = new ArrayList<>(training);
      all.addAll(validation);
      assertThat(new HashSet<>(all)).hasSize(17);
      var expected = new ArrayList<>(passed(data));
      expected.removeAll(validation);
      assertThat(training).isEqualTo(expected);
      assertThat(passed(data.split(0.1, 3).validation())).isEqualTo(validation);
    }
  }

  private static List<String> passed(Dataset data) {
    var origins = new ArrayList<String>();
    data.pass(maker, new Batching.Examples(4), DataListener.NONE)
        .forEach(batch -> origins.addAll(origins(batch)));
    return origins;
  }

  @Test
  void aPassCanBeGoneThroughAgain() {
    try (var data = Dataset.open(List.of(ten, pictures))) {
      var pass = data.pass(maker, new Batching.Positions(300), DataListener.NONE);
      var first = new ArrayList<List<String>>();
      pass.forEach(batch -> first.add(origins(batch)));
      var again = new ArrayList<List<String>>();
      pass.forEach(batch -> again.add(origins(batch)));
      assertThat(again).isEqualTo(first);
      assertThat(first.stream().mapToInt(List::size).sum()).isEqualTo(20);
    }
  }

  @Test
  void theStateOfOtherDataOrSettingsIsRefused() {
    try (var data = Dataset.open(List.of(ten));
        var other = Dataset.open(List.of(seven));
        var feed = feed(data, SHUFFLED);
        var ofOtherData = feed(other, SHUFFLED);
        var ofOtherSeed = feed(data, SHUFFLED.withSeed(43))) {
      feed.next();
      for (var stranger : List.of(ofOtherData, ofOtherSeed)) {
        assertThatThrownBy(() -> stranger.restore(feed.state()))
            .isInstanceOf(InputException.class)
            .hasMessageContaining("other data or settings");
      }
      for (var damaged :
          List.of("", "{}", "null", "[]", feed.state().replace("\"draws\":3", "\"draws\":-1"))) {
        assertThatThrownBy(() -> feed.restore(damaged))
            .as(damaged)
            .isInstanceOf(InputException.class)
            .hasMessageContaining("position in the data");
      }
    }
  }

  @Test
  void everyExampleHasSomethingToLearnAndAllItsTiles() {
    try (var data = Dataset.open(List.of(pictures));
        var feed = feed(data, SHUFFLED.withThreads(4))) {
      for (var batch : List.of(feed.next(), feed.next(), feed.next())) {
        for (var example : batch) {
          for (var medium : example.media()) {
            assertThat(medium.pixels().get().count() * 4).isEqualTo(medium.positions());
          }
          assertThat(Arrays.stream(example.labels()).anyMatch(label -> label != Example.IGNORED))
              .isTrue();
        }
      }
    }
  }
}
