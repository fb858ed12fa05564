package io.plm4j.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The half of [LocalHub] that takes files: the questions before an upload, the store's doors, and
/// the commit.
public final class LocalUploads {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern MODEL =
      Pattern.compile("/api/models/(.+)/(preupload|commit|branch)/([^/]+)");
  private static final Pattern BATCH = Pattern.compile("/(.+)\\.git/info/lfs/objects/batch");
  private static final Pattern PAGE = Pattern.compile("/api/models/([^/]+/[^/]+)");

  /// A request with a body.
  public record Told(String at, String method, String path, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final LocalHub hub;
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> models = new ConcurrentHashMap<>();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, byte[]> parts = new ConcurrentHashMap<>();
  private int partBytes = Integer.MAX_VALUE;

  LocalUploads(LocalHub hub) {
    this.hub = hub;
  }

  /// From now on takes files above this size in parts of it.
  public void joinAbove(int bytes) {
    partBytes = bytes;
  }

  /// All requests with a body since the last call.
  public List<Told> told() {
    var all = List.copyOf(told);
    told.clear();
    return all;
  }

  /// Whether a model was made private.
  public boolean isPrivate(String id) {
    return models.getOrDefault(id, false);
  }

  boolean answers(String at, HttpExchange exchange, String path, byte[] body) throws IOException {
    var method = exchange.getRequestMethod();
    if (at.equals("store") && method.equals("PUT")) {
      told.add(new Told(at, method, path, body));
      store(exchange, path, body);
      return true;
    }
    var page = PAGE.matcher(path);
    if (method.equals("GET") && page.matches()) {
      boolean there =
          !hub.files(page.group(1), "main").isEmpty() || models.containsKey(page.group(1));
      json(exchange, there ? 200 : 404, Map.of("id", page.group(1)));
      return true;
    }
    if (!method.equals("POST")) {
      return false;
    }
    told.add(new Told(at, method, path, body));
    post(exchange, path, body);
    return true;
  }

  private void post(HttpExchange exchange, String path, byte[] body) throws IOException {
    var model = MODEL.matcher(path);
    var batch = BATCH.matcher(path);
    if (path.equals("/api/repos/create")) {
      create(exchange, JSON.readTree(body));
    } else if (batch.matches()) {
      batch(exchange, JSON.readTree(body));
    } else if (path.startsWith("/complete/")) {
      join(exchange, JSON.readTree(body));
    } else if (path.startsWith("/verify/")) {
      var told = JSON.readTree(body);
      var object = objects.get(told.get("oid").asString());
      json(
          exchange,
          object != null && object.length == told.get("size").asInt() ? 200 : 422,
          Map.of());
    } else if (!model.matches()) {
      LocalHub.refuse(exchange, 404, "EntryNotFound");
    } else {
      switch (model.group(2)) {
        case "preupload" -> wishes(exchange, model.group(1), model.group(3), JSON.readTree(body));
        case "branch" -> {
          hub.publish(model.group(1), model.group(3), hub.files(model.group(1), "main"));
          json(exchange, 200, Map.of());
        }
        default -> commit(exchange, model.group(1), model.group(3), body);
      }
    }
  }

  private void create(HttpExchange exchange, JsonNode told) throws IOException {
    var id = told.get("organization").asString() + "/" + told.get("name").asString();
    boolean known = models.containsKey(id) || !hub.files(id, "main").isEmpty();
    if (!known) {
      models.put(id, told.path("visibility").asString("").equals("private"));
    }
    json(exchange, known ? 409 : 200, Map.of("url", hub.address() + "/" + id, "name", id));
  }

  private void wishes(HttpExchange exchange, String id, String branch, JsonNode told)
      throws IOException {
    if (!models.containsKey(id) && hub.files(id, "main").isEmpty()) {
      LocalHub.refuse(exchange, 404, "RepoNotFound");
      return;
    }
    var there = hub.files(id, branch);
    if (there.isEmpty() && !branch.equals("main")) {
      LocalHub.refuse(exchange, 404, "RevisionNotFound");
      return;
    }
    var files = new ArrayList<Map<String, Object>>();
    for (var file : told.get("files")) {
      var name = file.get("path").asString();
      var wish = new LinkedHashMap<String, Object>();
      wish.put("path", name);
      wish.put("uploadMode", LocalHub.isLarge(name) ? "lfs" : "regular");
      wish.put("shouldIgnore", name.endsWith(".ignored"));
      if (there.containsKey(name)) {
        var bytes = there.get(name);
        wish.put(
            "oid",
            LocalHub.isLarge(name) && bytes.length > 0
                ? LocalHub.hash("SHA-256", bytes)
                : LocalHub.gitHash(bytes));
      }
      files.add(wish);
    }
    json(exchange, 200, Map.of("files", files));
  }

  private void batch(HttpExchange exchange, JsonNode told) throws IOException {
    var answers = new ArrayList<Map<String, Object>>();
    for (var object : told.get("objects")) {
      var oid = object.get("oid").asString();
      int size = object.get("size").asInt();
      var answer = new LinkedHashMap<String, Object>();
      answer.put("oid", oid);
      answer.put("size", size);
      if (!objects.containsKey(oid)) {
        answer.put(
            "actions",
            Map.of(
                "upload",
                size > partBytes ? inParts(oid, size) : whole(oid),
                "verify",
                Map.of("href", hub.address() + "/verify/" + oid)));
      }
      answers.add(answer);
    }
    json(exchange, 200, Map.of("transfer", "basic", "objects", answers));
  }

  private Map<String, Object> whole(String oid) {
    return Map.of("href", hub.storeAddress() + "/objects/" + oid + "?signature=1");
  }

  private Map<String, Object> inParts(String oid, int size) {
    var header = new LinkedHashMap<String, Object>();
    header.put("chunk_size", "" + partBytes);
    for (int i = 1; i <= Math.ceilDiv(size, partBytes); i++) {
      header.put("%05d".formatted(i), hub.storeAddress() + "/parts/" + oid + "/" + i);
    }
    return Map.of("href", hub.address() + "/complete/" + oid, "header", header);
  }

  private void store(HttpExchange exchange, String path, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("ETag", "\"" + LocalHub.hash("MD5", body) + "\"");
    if (path.startsWith("/parts/")) {
      parts.put(path.substring("/parts/".length()), body);
    } else {
      objects.put(LocalHub.hash("SHA-256", body), body);
    }
    exchange.sendResponseHeaders(200, -1);
  }

  private void join(HttpExchange exchange, JsonNode told) throws IOException {
    var oid = told.get("oid").asString();
    var joined = new ByteArrayOutputStream();
    for (var part : told.get("parts")) {
      byte[] bytes = parts.getOrDefault(oid + "/" + part.get("partNumber").asInt(), new byte[0]);
      var tag = "\"" + LocalHub.hash("MD5", bytes) + "\"";
      if (!tag.equals(part.get("etag").asString())) {
        json(exchange, 400, Map.of("error", "InvalidPart"));
        return;
      }
      joined.writeBytes(bytes);
    }
    objects.put(LocalHub.hash("SHA-256", joined.toByteArray()), joined.toByteArray());
    json(exchange, 200, Map.of());
  }

  private void commit(HttpExchange exchange, String id, String branch, byte[] body)
      throws IOException {
    var files = new TreeMap<>(hub.files(id, branch));
    for (var line : new String(body, StandardCharsets.UTF_8).lines().toList()) {
      var entry = JSON.readTree(line);
      var value = entry.get("value");
      switch (entry.get("key").asString()) {
        case "file" ->
            files.put(
                value.get("path").asString(),
                Base64.getDecoder().decode(value.get("content").asString()));
        case "lfsFile" -> {
          var object = objects.get(value.get("oid").asString());
          if (object == null) {
            json(exchange, 400, Map.of("error", "the object was not uploaded"));
            return;
          }
          files.put(value.get("path").asString(), object);
        }
        default -> {}
      }
    }
    var commit = hub.publish(id, branch, files);
    json(
        exchange,
        200,
        Map.of(
            "success",
            true,
            "commitOid",
            commit,
            "commitUrl",
            hub.address() + "/" + id + "/commit/" + commit));
  }

  private static void json(HttpExchange exchange, int status, Map<String, ?> body)
      throws IOException {
    var bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
