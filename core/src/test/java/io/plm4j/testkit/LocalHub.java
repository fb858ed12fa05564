package io.plm4j.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A Hugging Face Hub on this machine, and beside it, on another port and so another host, the
/// store that it sends for large files. Answers as the real one does, until it is told to fail.
public final class LocalHub implements AutoCloseable {
  private static final Pattern API = Pattern.compile("/api/models/(.+)/revision/([^/]+)");
  private static final Pattern FILE = Pattern.compile("/(.+)/resolve/([^/]+)/(.+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  /// A request that came in.
  ///
  /// @param at `hub` or `store`
  public record Seen(String at, String method, String path, Map<String, String> headers) {}

  /// Answers a request instead of the hub, or leaves it alone.
  public interface Fault {
    /// @return whether it answered
    boolean answers(String at, HttpExchange exchange, byte[] content) throws IOException;
  }

  private record Model(String commit, Map<String, byte[]> files) {}

  private final HttpServer hub;
  private final HttpServer store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Model> models = new ConcurrentHashMap<>();
  private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final LocalUploads uploads = new LocalUploads(this);
  private boolean describesFiles = true;

  public LocalHub() {
    hub = server("hub");
    store = server("store");
  }

  private HttpServer server(String name) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", exchange -> serve(name, exchange));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return address(hub);
  }

  public URI storeAddress() {
    return address(store);
  }

  private static URI address(HttpServer server) {
    return URI.create(
        "http://%s:%d"
            .formatted(
                InetAddress.getLoopbackAddress().getHostAddress(), server.getAddress().getPort()));
  }

  /// Adds or replaces a model; `main` stands for what is given.
  ///
  /// @return its commit
  public String publish(String id, Map<String, byte[]> files) {
    var digest = digest("SHA-1");
    new TreeMap<>(files)
        .forEach((name, bytes) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update(bytes);
        });
    var commit = HexFormat.of().formatHex(digest.digest());
    var model = new Model(commit, new LinkedHashMap<>(files));
    models.put(id + "@main", model);
    models.put(id + "@" + commit, model);
    return commit;
  }

  /// The files of a model's branch, by their names; none where there is no such model.
  public Map<String, byte[]> files(String id, String branch) {
    var model = models.get(id + "@" + branch);
    return model == null ? Map.of() : Map.copyOf(model.files());
  }

  /// What was uploaded, and how uploads are answered.
  public LocalUploads uploads() {
    return uploads;
  }

  /// Makes a branch stand for files.
  ///
  /// @return its commit
  String publish(String id, String branch, Map<String, byte[]> files) {
    var main = models.get(id + "@main");
    var commit = publish(id, files);
    models.put(id + "@" + branch, models.get(id + "@" + commit));
    if (!branch.equals("main")) {
      models.put(id + "@main", main == null ? models.get(id + "@" + commit) : main);
    }
    return commit;
  }

  /// Adds a model with the files of a folder.
  public String publish(String id, Path folder) {
    var files = new TreeMap<String, byte[]>();
    try (var paths = Files.walk(folder)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return publish(id, files);
  }

  /// From now on fails as told, the latest told first.
  public void fail(Fault fault) {
    faults.addFirst(fault);
  }

  /// From now on answers well.
  public void heal() {
    faults.clear();
  }

  /// Leaves sizes and hashes out of its lists, as some mirrors do.
  public void describeNoFiles() {
    describesFiles = false;
  }

  /// All requests since the last call.
  public List<Seen> seen() {
    var all = List.copyOf(seen);
    seen.clear();
    return all;
  }

  private void serve(String at, HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      var path = exchange.getRequestURI().getPath();
      seen.add(new Seen(at, exchange.getRequestMethod(), path, headers));
      byte[] content = content(at, path);
      byte[] body = exchange.getRequestBody().readAllBytes();
      for (var fault : faults) {
        if (fault.answers(at, exchange, content)) {
          return;
        }
      }
      if (uploads.answers(at, exchange, path, body)) {
        return;
      }
      if (at.equals("store")) {
        sendFile(exchange, content, hash("MD5", content));
      } else {
        serveHub(exchange, path, content);
      }
    }
  }

  /// What a path stands for in the end; nothing for lists and unknown paths.
  private byte[] content(String at, String path) {
    if (at.equals("store")) {
      return stored.getOrDefault(path, new byte[0]);
    }
    var file = FILE.matcher(path);
    if (!file.matches()) {
      return new byte[0];
    }
    var model = models.get(file.group(1) + "@" + file.group(2));
    return model == null ? new byte[0] : model.files().getOrDefault(file.group(3), new byte[0]);
  }

  private void serveHub(HttpExchange exchange, String path, byte[] content) throws IOException {
    var api = API.matcher(path);
    var file = FILE.matcher(path);
    if (api.matches()) {
      list(exchange, api.group(1), api.group(2));
      return;
    }
    var model = file.matches() ? models.get(file.group(1) + "@" + file.group(2)) : null;
    if (model == null || !model.files().containsKey(file.group(3))) {
      refuse(exchange, 404, "EntryNotFound");
      return;
    }
    exchange.getResponseHeaders().add("X-Repo-Commit", model.commit());
    if (!isLarge(file.group(3))) {
      sendFile(exchange, content, gitHash(content));
      return;
    }
    var place = "/blobs/" + hash("SHA-256", content);
    stored.put(place, content);
    exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + hash("SHA-256", content) + "\"");
    exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(content.length));
    exchange.getResponseHeaders().add("Location", storeAddress() + place + "?signature=1");
    exchange.sendResponseHeaders(302, -1);
  }

  private void list(HttpExchange exchange, String id, String revision) throws IOException {
    var model = models.get(id + "@" + revision);
    if (model == null) {
      boolean known = models.containsKey(id + "@main");
      refuse(exchange, known ? 404 : 401, known ? "RevisionNotFound" : "RepoNotFound");
      return;
    }
    var siblings = new ArrayList<Map<String, Object>>();
    model
        .files()
        .forEach((name, bytes) -> {
          var sibling = new LinkedHashMap<String, Object>();
          sibling.put("rfilename", name);
          if (describesFiles) {
            sibling.put("size", bytes.length);
            sibling.put("blobId", gitHash(bytes));
            if (isLarge(name)) {
              sibling.put("lfs", Map.of("sha256", hash("SHA-256", bytes), "size", bytes.length));
            }
          }
          siblings.add(sibling);
        });
    var json =
        new JsonMapper()
            .writeValueAsBytes(
                Map.of("id", id, "sha", model.commit(), "private", false, "siblings", siblings));
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(200, json.length);
    exchange.getResponseBody().write(json);
  }

  /// Files that the real one keeps in Git LFS.
  static boolean isLarge(String name) {
    return name.endsWith(".safetensors") || name.endsWith(".pth") || name.equals("tokenizer.json");
  }

  public static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().add("X-Error-Code", code);
    exchange.getResponseHeaders().add("X-Error-Message", "said " + code);
    exchange.sendResponseHeaders(status, -1);
  }

  /// Sends a file, or the part of it that was asked for.
  public static void sendFile(HttpExchange exchange, byte[] content, String tag)
      throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.add("ETag", "\"" + tag + "\"");
    headers.add("Accept-Ranges", "bytes");
    headers.add("Content-Type", "application/octet-stream");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.add("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    var asked = exchange.getRequestHeaders().getFirst("Range");
    var range = RANGE.matcher(asked == null ? "" : asked);
    int from = 0;
    int to = content.length;
    if (range.matches()) {
      from = Integer.parseInt(range.group(1));
      to = range.group(2).isEmpty() ? to : Math.min(to, (int) Long.parseLong(range.group(2)) + 1);
      headers.add("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, content.length));
    }
    exchange.sendResponseHeaders(range.matches() ? 206 : 200, to == from ? -1 : to - from);
    exchange.getResponseBody().write(content, from, to - from);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String hash(String algorithm, byte[] bytes) {
    return HexFormat.of().formatHex(digest(algorithm).digest(bytes));
  }

  /// What Git calls a file with this content.
  public static String gitHash(byte[] bytes) {
    var digest = digest("SHA-1");
    digest.update("blob %d\0".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }
}
