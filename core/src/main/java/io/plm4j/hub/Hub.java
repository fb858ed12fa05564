package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.hub.HubException.Kind;
import io.plm4j.hub.HubSettings.Network;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The Hugging Face Hub, and the cache of what was downloaded from it.
///
/// ```java
/// var hub = new Hub(HubSettings.of(System.getenv()), System::nanoTime);
/// Path folder = hub.locate(ModelRef.parse("facebook/Perception-LM-1B"), ModelFiles.TO_RUN, DownloadListener.NONE);
/// ```
///
/// The cache is the one of Python's `huggingface_hub`: what one of the two has downloaded the other
/// finds. Any number of threads and processes may use it at the same time.
public final class Hub {
  /// The Hub checks a file of some gigabytes before it says that it has come.
  private static final Duration UPLOAD_ANSWER = Duration.ofMinutes(2);

  private final HubSettings settings;
  private final LongSupplier nanoTime;

  /// @param nanoTime a clock for speeds and for answers that stall
  public Hub(HubSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /// What has been downloaded.
  public ModelCache cache() {
    return new ModelCache(settings.cache());
  }

  /// A folder that is there, or that of a model of the Hub, `owner/name` or `owner/name@revision`,
  /// with what it takes to run it.
  ///
  /// @param hub made only if there is no such folder: who has one needs no settings of a Hub
  /// @throws InputException as [#locate]
  public static Path folder(String folderOrModel, Supplier<Hub> hub, DownloadListener listener) {
    try {
      var folder = Path.of(folderOrModel);
      if (Files.isDirectory(folder)) {
        return folder;
      }
      if (Files.exists(folder)) {
        throw new InputException(
            "The model folder %s is a file. Name the folder that holds config.json and the weights."
                .formatted(folder));
      }
    } catch (InvalidPathException _) {
      // Then it may still be a model's name, or the message below shows it.
    }
    if (!ModelRef.isWritten(folderOrModel)) {
      throw new InputException(
          "The model folder %s does not exist. Name the folder that holds config.json and the weights, or a model of the Hub, as facebook/Perception-LM-1B."
              .formatted(Excerpt.of(folderOrModel)));
    }
    return hub.get().locate(ModelRef.parse(folderOrModel), ModelFiles.TO_RUN, listener);
  }

  /// The folder of a model's files, downloaded as far as they are not there.
  ///
  /// A commit that is complete in the cache is taken without asking anybody. For a branch or a tag
  /// the Hub is asked what it stands for now; if it does not answer, what the cache has is taken,
  /// with a warning.
  ///
  /// @throws InputException if the model cannot be had: unknown, gated, no network, disk full
  /// @throws CancellationException if the listener wanted it
  public Path locate(ModelRef model, ModelFiles files, DownloadListener listener) {
    var cached = cached(model, files);
    if (cached.isPresent() && (model.isCommit() || settings.network() == Network.OFFLINE)) {
      return cached.get();
    }
    requireNetwork(model, files);
    try {
      return download(model, files, listener, cached.isPresent() ? 0 : retries());
    } catch (HubException e) {
      if (cached.isEmpty() || e.kind() == Kind.WRONG) {
        throw failure(e);
      }
      listener.warning(
          "%s of the cache is used, and may be older than the Hub's: %s"
              .formatted(model, reason(e)));
      return cached.get();
    }
  }

  /// Downloads what of a model's files is not there or not the newest.
  ///
  /// @return their folder
  /// @throws InputException as [#locate], and also if the Hub does not answer
  /// @throws CancellationException if the listener wanted it
  public Path download(ModelRef model, ModelFiles files, DownloadListener listener) {
    requireNetwork(model, files);
    try {
      return download(model, files, listener, retries());
    } catch (HubException e) {
      throw failure(e);
    }
  }

  /// Puts a folder's files into a model of the Hub, in one commit, and makes the model and the
  /// branch if they are not there. What the Hub has already is not sent again, so that a second
  /// attempt goes on where the first one stopped. Files of the model that the folder has not stay.
  ///
  /// @param to its revision is a branch
  /// @throws InputException if it cannot be done: no right, no space there, no network
  /// @throws CancellationException if the listener wanted it
  public Published upload(
      Path folder, ModelRef to, UploadOptions options, UploadListener listener) {
    if (settings.network() == Network.OFFLINE) {
      throw new InputException("HF_HUB_OFFLINE forbids to upload. Unset that variable.");
    }
    var files = LocalFile.of(folder);
    var stop = new Stop();
    var patient = settings.withTransfers(settings.transfers().withLongerStall(UPLOAD_ANSWER));
    try (var web = new Web(patient, nanoTime, () -> stop.isRequested() || listener.cancelled())) {
      return new Upload(patient, to, web, listener, nanoTime, stop).run(files, options);
    } catch (HubException e) {
      throw failure(e);
    } catch (FileSystemException e) {
      throw new InputException("%s cannot be read: %s".formatted(folder, e), e);
    } catch (IOException e) {
      throw failure(new HubException(Kind.UNREACHABLE, Patience.describe(e), e));
    }
  }

  /// The folder of a model whose files are all in the cache; nobody is asked.
  public Optional<Path> cached(ModelRef model, ModelFiles files) {
    var repo = new RepoFolder(settings.cache(), model.id());
    return repo.commit(model.revision())
        .map(repo::snapshot)
        .filter(Files::isDirectory)
        .filter(snapshot -> files.missing(snapshot).isEmpty());
  }

  private int retries() {
    return settings.transfers().retries();
  }

  private void requireNetwork(ModelRef model, ModelFiles files) {
    if (settings.network() == Network.ONLINE) {
      return;
    }
    var repo = new RepoFolder(settings.cache(), model.id());
    var missing =
        repo.commit(model.revision())
            .map(repo::snapshot)
            .filter(Files::isDirectory)
            .map(files::missing)
            .orElse(List.of());
    throw new InputException(
        "%s is not %s in %s, and HF_HUB_OFFLINE forbids to fetch it%s. Unset that variable, or name another model."
            .formatted(
                model,
                missing.isEmpty() ? "there" : "complete",
                settings.cache(),
                missing.isEmpty() ? "" : " (missing: " + Excerpt.of(missing) + ")"));
  }

  private Path download(
      ModelRef model, ModelFiles files, DownloadListener listener, int listingRetries)
      throws HubException {
    var stop = new Stop();
    var repo = new RepoFolder(settings.cache(), model.id());
    try (var web = new Web(settings, nanoTime, () -> stop.isRequested() || listener.cancelled())) {
      return new Download(settings, repo, model, web, listener, nanoTime, stop)
          .run(files, listingRetries);
    } catch (HubException e) {
      throw e;
    } catch (IOException e) {
      throw repo.cannotWrite(e);
    }
  }

  private String reason(HubException e) {
    return e.kind() == Kind.UNREACHABLE
        ? "%s cannot be reached: %s.".formatted(settings.endpoint(), e.text())
        : e.text();
  }

  private InputException failure(HubException e) {
    return new InputException(
        e.kind() == Kind.UNREACHABLE
            ? "%s The same command goes on where this one stopped.".formatted(reason(e))
            : reason(e),
        e);
  }
}
