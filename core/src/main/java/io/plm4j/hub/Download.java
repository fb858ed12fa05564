package io.plm4j.hub;

import io.plm4j.hub.HubException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// One model's way into the cache: ask what it has, fetch what is missing, link it, and only then
/// note what the revision stands for.
final class Download {
  /// Room that must stay on the disk for others.
  private static final long RESERVE = 50_000_000;

  private final HubSettings settings;
  private final RepoFolder repo;
  private final ModelRef model;
  private final Web web;
  private final DownloadListener listener;
  private final LongSupplier nanoTime;
  private final Stop stop;
  private final HubApi api;

  Download(
      HubSettings settings,
      RepoFolder repo,
      ModelRef model,
      Web web,
      DownloadListener listener,
      LongSupplier nanoTime,
      Stop stop) {
    this.settings = settings;
    this.repo = repo;
    this.model = model;
    this.web = web;
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.stop = stop;
    this.api = new HubApi(web, settings, model, stopped());
  }

  private BooleanSupplier stopped() {
    return () -> stop.isRequested() || listener.cancelled();
  }

  /// @param listingRetries how often to ask what there is
  /// @return the snapshot's folder
  /// @throws CancellationException if the listener wanted it
  Path run(ModelFiles wanted, int listingRetries) throws IOException {
    var listing = api.listing(settings.transfers().withRetries(listingRetries));
    var files = describe(listing, wanted.select(model, listing.names()));
    var snapshot = repo.snapshot(listing.commit());
    var missing = new ArrayList<RemoteFile>();
    for (var file : files) {
      if (!Snapshot.has(snapshot, file)) {
        missing.add(file);
      }
    }
    if (!missing.isEmpty()) {
      repo.prepare();
      var fetched = fetch(listing.commit(), missing);
      var target =
          new Snapshot(
              repo,
              listing.commit(),
              settings.links(),
              fetched.stream().map(RemoteFile::tag).collect(Collectors.toSet()));
      for (var file : missing) {
        target.add(file);
      }
    }
    note(listing);
    return snapshot;
  }

  private List<RemoteFile> describe(Listing listing, List<String> names) throws IOException {
    var files = new ArrayList<RemoteFile>();
    for (var name : names) {
      FileNames.requireSafe(name, settings.endpoint().toString());
      var known = listing.known().get(name);
      files.add(known != null ? known : api.describe(listing.commit(), name));
    }
    return files;
  }

  /// Fetches the blobs that are not there.
  private List<RemoteFile> fetch(String commit, List<RemoteFile> missing) throws IOException {
    var byTag = new LinkedHashMap<String, RemoteFile>();
    for (var file : missing) {
      if (!BlobDownload.isThere(repo, file)) {
        var same = byTag.putIfAbsent(file.tag(), file);
        if (same != null && same.size() != file.size()) {
          throw new HubException(
              Kind.WRONG,
              "%s lists %s and %s with one checksum and two sizes."
                  .formatted(settings.endpoint(), same.name(), file.name()));
        }
      }
    }
    var files = List.copyOf(byTag.values());
    if (!files.isEmpty()) {
      long bytes = files.stream().mapToLong(this::bytesToCome).sum();
      requireSpace(bytes);
      listener.begins(model, bytes, repo.folder());
      var refusals = new Refusals(settings, model);
      var activities = new Activities();
      new Transfer(settings.transfers(), listener, nanoTime, stop, activities)
          .run(
              repo,
              files,
              blob ->
                  new PieceFetcher(
                      web,
                      settings.transfers(),
                      refusals,
                      stopped(),
                      activities,
                      blob,
                      api.address(commit, blob.file().name())));
    }
    return files;
  }

  private long bytesToCome(RemoteFile file) {
    return file.size() - PartialFile.bytesIn(repo.partial(file.tag())).orElse(0);
  }

  private void requireSpace(long bytes) throws IOException {
    long free = Files.getFileStore(repo.blobs()).getUsableSpace();
    if (free < bytes + RESERVE) {
      throw new HubException(
          Kind.WRONG,
          "%s needs %,d MB more in %s, and %,d MB are free there. Free some (`plm models list` shows what is kept), or set HF_HUB_CACHE to a folder on another disk."
              .formatted(
                  model, Math.ceilDiv(bytes + RESERVE, 1_000_000), repo.cache(), free / 1_000_000));
    }
  }

  /// Notes what the commit is and what it has not. A cache that is complete may be read-only.
  private void note(Listing listing) {
    try {
      repo.writeRef(model, listing.commit());
      for (var name : ModelFiles.OPTIONAL) {
        if (!listing.names().contains(name)) {
          repo.writeAbsence(listing.commit(), name);
        }
      }
    } catch (IOException e) {
      listener.warning(
          "%s cannot be written, so that %s is not found without network: %s"
              .formatted(repo.refs(), model, e));
    }
  }
}
