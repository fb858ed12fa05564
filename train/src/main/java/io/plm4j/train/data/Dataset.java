package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Rows of one or several sources.
///
/// Only where rows are is held in memory. A dataset can be read by several feeds at once.
public final class Dataset implements AutoCloseable {
  /// @param rows how many of it are used
  public record Part(String name, int rows) {}

  /// Two datasets that share no row. Both are views: they end when the one that they are of is
  /// closed.
  public record Split(Dataset training, Dataset validation) {}

  private final List<OpenSource> sources;

  private Dataset(List<OpenSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /// Opens sources, with temporary files where Java puts them.
  ///
  /// @throws InputException as [#open(List, Path)]
  public static Dataset open(List<Source> sources) {
    return open(sources, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /// Opens sources and counts their rows, without looking at what these mean.
  ///
  /// @param scratch a folder with room for the rows of Parquet files, which are copied
  /// @throws InputException if a source is not there, cannot be read or has no rows; if two have
  ///   the same name; or if some have weights and some do not
  public static Dataset open(List<Source> sources, Path scratch) {
    if (sources.isEmpty()) {
      throw new InputException("no data is named; name at least one source");
    }
    var names = new HashSet<String>();
    for (var source : sources) {
      if (!names.add(source.name())) {
        throw new InputException("two sources of data are called %s".formatted(source.name()));
      }
    }
    long weighed = sources.stream().filter(source -> source.weight().isPresent()).count();
    if (weighed != 0 && weighed != sources.size()) {
      throw new InputException(
          "%d of %d sources of data have a weight; give all of them one, or none"
              .formatted(weighed, sources.size()));
    }
    var open = new ArrayList<OpenSource>();
    try {
      for (var source : sources) {
        open.add(OpenSource.open(source, scratch));
      }
    } catch (RuntimeException e) {
      open.forEach(OpenSource::close);
      throw e;
    }
    return new Dataset(open);
  }

  /// What it is made of.
  public List<Part> parts() {
    return sources.stream().map(source -> new Part(source.name(), source.count())).toList();
  }

  /// All rows, good or bad.
  public long rows() {
    return sources.stream().mapToLong(OpenSource::count).sum();
  }

  /// Sets a share of each source's rows aside; which ones, the seed decides.
  ///
  /// @param share more than 0 and less than 1; rounded up to whole rows
  /// @throws InputException if a source has too few rows for both
  public Split split(double share, long seed) {
    if (!(share > 0 && share < 1)) {
      throw new InputException(
          "the share of rows for validation must lie between 0 and 1, but is %s".formatted(share));
    }
    var training = new ArrayList<OpenSource>();
    var validation = new ArrayList<OpenSource>();
    var seeds = new SplittableRandom(seed);
    for (var source : sources) {
      var parts = source.numbers().split(share, seeds.nextLong());
      if (parts.rest().count() == 0) {
        throw new InputException(
            "the source %s has %d rows, too few to set a share of %s aside"
                .formatted(source.name(), source.count(), share));
      }
      training.add(source.with(parts.rest()));
      validation.add(source.with(parts.share()));
    }
    return new Split(new Dataset(training), new Dataset(validation));
  }

  /// Gives micro-batches without end, epoch after epoch. Close it when it is no longer needed.
  public DatasetFeed feed(ExampleMaker maker, FeedSettings settings, DataListener listener) {
    return new DatasetFeed(new Sources(sources, Objects.requireNonNull(maker)), settings, listener);
  }

  /// Gives every example once, source by source in the order of their rows, as often as it is gone
  /// through: for validation. Bad rows are left out.
  public Iterable<List<Example>> pass(
      ExampleMaker maker, Batching batching, DataListener listener) {
    return new Pass(new Sources(sources, maker), batching, listener);
  }

  @Override
  public void close() {
    sources.forEach(OpenSource::close);
  }
}
