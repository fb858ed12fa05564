package io.plm4j.hub;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubException.Kind;
import io.plm4j.hub.UploadApi.Wish;
import io.plm4j.hub.UploadListener.Activity;
import io.plm4j.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/// Puts files into a model: asks how the Hub wants each, sends the large ones to its store, and
/// makes one commit of all.
final class Upload {
  private static final long LOOK_MILLIS = 100;
  private static final JsonMapper JSON = new JsonMapper();

  private final HubSettings settings;
  private final ModelRef model;
  private final UploadListener listener;
  private final LongSupplier nanoTime;
  private final Stop stop;
  private final UploadApi api;
  private final BooleanSupplier stopped;

  Upload(
      HubSettings settings,
      ModelRef model,
      Web web,
      UploadListener listener,
      LongSupplier nanoTime,
      Stop stop) {
    this.settings = settings;
    this.model = model;
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.stop = stop;
    stopped = () -> stop.isRequested() || listener.cancelled();
    api = new UploadApi(web, settings, model, stopped);
  }

  /// A file that the Hub has not, or has otherwise.
  ///
  /// @param hash SHA-256 of a large file; empty for a small one, which the commit itself holds
  private record Change(LocalFile file, String hash) {
    boolean isLarge() {
      return !hash.isEmpty();
    }
  }

  Published run(List<LocalFile> files, UploadOptions options) throws IOException {
    try {
      return send(files, options);
    } catch (InputException e) { // of an answer that is not what the Hub would say
      throw api.noHub(e);
    }
  }

  private Published send(List<LocalFile> files, UploadOptions options) throws IOException {
    listener.progress(Activity.ASKING, 0, 0, 0);
    api.create(options.visibility());
    var wishes = api.wishes(files);
    var changes = changes(files, wishes);
    var page = URI.create(settings.endpoint() + "/" + model.id());
    if (changes.isEmpty()) {
      return new Published(page, 0, files.size(), 0);
    }
    long sent = send(changes.stream().filter(Change::isLarge).toList());
    listener.progress(Activity.COMMITTING, 0, 0, 0);
    var commit = api.commit(lines(changes, options.message()));
    return new Published(commit, changes.size(), files.size() - changes.size(), sent);
  }

  /// Leaves out what is there already, which takes the checksums of large files.
  private List<Change> changes(List<LocalFile> files, Map<String, Wish> wishes) throws IOException {
    var changes = new ArrayList<Change>();
    long all =
        files.stream().filter(file -> isLarge(file, wishes)).mapToLong(LocalFile::size).sum();
    long done = 0;
    for (var file : files) {
      if (stopped.getAsBoolean()) {
        throw new CancellationException();
      }
      var wish = wishes.get(file.name());
      if (wish == null || wish.ignored()) {
        continue;
      }
      boolean large = isLarge(file, wishes);
      if (large) {
        listener.progress(Activity.CHECKING, done, all, 0);
        done += file.size();
      }
      var hash = file.checksum(large ? Checksum.SHA_256 : Checksum.GIT, stopped);
      if (!wish.there().map(hash::equals).orElse(false)) {
        changes.add(new Change(file, large ? hash : ""));
      }
    }
    return changes;
  }

  /// The store takes no empty files.
  private static boolean isLarge(LocalFile file, Map<String, Wish> wishes) {
    var wish = wishes.get(file.name());
    return wish != null && wish.large() && file.size() > 0;
  }

  /// @return the bytes that the store had not yet
  private long send(List<Change> changes) throws IOException {
    if (changes.isEmpty()) {
      return 0;
    }
    var byHash = new LinkedHashMap<String, LocalFile>();
    changes.forEach(change -> byHash.putIfAbsent(change.hash(), change.file()));
    var sizes = new LinkedHashMap<String, Long>();
    byHash.forEach((hash, file) -> sizes.put(hash, file.size()));
    var sent = new AtomicLong();
    var uploads = new ArrayList<ObjectUpload>();
    for (var answer : api.batch(sizes)) {
      prepare(answer, byHash, sent, uploads);
    }
    long bytes = uploads.stream().mapToLong(ObjectUpload::bytes).sum();
    run(uploads.stream().flatMap(upload -> upload.tasks().stream()).toList(), sent, bytes);
    return bytes;
  }

  private void prepare(
      JsonObject answer, Map<String, LocalFile> byHash, AtomicLong sent, List<ObjectUpload> uploads)
      throws HubException {
    var hash = answer.text("oid");
    var file = byHash.get(hash);
    if (file == null) {
      throw answer.wrong("oid", "one of those that were asked for");
    }
    var error = answer.optionalObject("error");
    if (error.isPresent()) {
      throw new HubException(
          Kind.REFUSED,
          "%s does not take %s: %s."
              .formatted(settings.endpoint(), file.name(), error.get().text("message")));
    }
    // Without actions the store has the content, of this model or of another.
    answer
        .optionalObject("actions")
        .filter(actions -> actions.has("upload"))
        .ifPresent(actions ->
            uploads.add(
                new ObjectUpload(api, settings.transfers(), stopped, sent, file, hash, actions)));
  }

  private void run(List<Callable<Void>> tasks, AtomicLong sent, long bytes) throws IOException {
    var speed = new Speed();
    var threads =
        Executors.newFixedThreadPool(
            Math.clamp(tasks.size(), 1, settings.transfers().connections()),
            Thread.ofPlatform().daemon().name("hub-", 0).factory());
    boolean complete = false;
    try {
      var works = tasks.stream().map(threads::submit).toList();
      for (var work : works) {
        while (!isDone(work)) {
          if (listener.cancelled()) {
            throw new CancellationException();
          }
          long now = sent.get();
          double rate = speed.at(nanoTime.getAsLong(), now);
          listener.progress(Activity.SENDING, now, bytes, rate);
        }
      }
      complete = true;
    } finally {
      if (!complete) {
        stop.request(); // and so ends the requests of the others
      }
      threads.shutdownNow();
    }
  }

  private static boolean isDone(Future<?> work) throws IOException {
    try {
      work.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException defect -> throw defect;
        case Error error -> throw error;
        case null, default -> throw new IOException(e);
      }
    }
  }

  /// A line of JSON for the commit, and one for each file.
  private static byte[] lines(List<Change> changes, String message) throws IOException {
    var lines = new ByteArrayOutputStream();
    add(lines, "header", Map.of("summary", message, "description", ""));
    for (var change : changes) {
      var value = new LinkedHashMap<String, Object>();
      if (change.isLarge()) {
        value.put("path", change.file().name());
        value.put("algo", "sha256");
        value.put("oid", change.hash());
        value.put("size", change.file().size());
        add(lines, "lfsFile", value);
      } else {
        value.put("content", Base64.getEncoder().encodeToString(change.file().content()));
        value.put("path", change.file().name());
        value.put("encoding", "base64");
        add(lines, "file", value);
      }
    }
    return lines.toByteArray();
  }

  private static void add(ByteArrayOutputStream lines, String key, Map<String, Object> value) {
    var line = new LinkedHashMap<String, Object>();
    line.put("key", key);
    line.put("value", value);
    lines.writeBytes(JSON.writeValueAsBytes(line));
    lines.write('\n');
  }
}
