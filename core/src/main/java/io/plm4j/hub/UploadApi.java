package io.plm4j.hub;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubException.Kind;
import io.plm4j.hub.UploadOptions.Visibility;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/// What the Hub is asked and told to take files, as Python's `huggingface_hub` does it.
final class UploadApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> AS_JSON = Map.of("Content-Type", "application/json");

  private static final Map<String, String> AS_LFS =
      Map.of(
          "Content-Type", "application/vnd.git-lfs+json", "Accept", "application/vnd.git-lfs+json");

  /// The Hub's own limit for one question.
  private static final int FILES_A_QUESTION = 256;

  private final Web web;
  private final HubSettings settings;
  private final ModelRef model;
  private final BooleanSupplier stopped;

  UploadApi(Web web, HubSettings settings, ModelRef model, BooleanSupplier stopped) {
    this.web = web;
    this.settings = settings;
    this.model = model;
    this.stopped = stopped;
  }

  /// How the Hub wants a file, and what it has under that name.
  ///
  /// @param large whether it goes to the store of large files and not into the commit
  /// @param ignored by the model's own `.gitignore`
  /// @param there the hash of what is there: SHA-256 of a large file, else Git's
  record Wish(boolean large, boolean ignored, Optional<String> there) {}

  /// Makes the model, if it is not there.
  void create(Visibility visibility) throws IOException {
    var id = model.id().text();
    int slash = id.indexOf('/');
    var body = new LinkedHashMap<String, Object>();
    body.put("name", id.substring(slash + 1));
    if (slash > 0) {
      body.put("organization", id.substring(0, slash));
    }
    // Otherwise as the owner's account has it for new models.
    if (visibility == Visibility.PRIVATE) {
      body.put("visibility", "private");
    }
    var address = URI.create(settings.endpoint() + "/api/repos/create");
    var reply = post(address, AS_JSON, body);
    // A token for one model alone may not make any; that the model is there is what counts.
    boolean there = reply.head().status() == 409 || (reply.head().status() / 100 == 4 && isThere());
    if (!reply.head().isSuccess() && !there) {
      throw refusal(reply.head(), "to make the model " + id);
    }
  }

  private boolean isThere() throws IOException {
    var address = URI.create("%s/api/models/%s".formatted(settings.endpoint(), model.id()));
    return web.send("GET", address, Map.of(), new TextSink(address)).isSuccess();
  }

  /// How the Hub wants each of these files.
  Map<String, Wish> wishes(List<LocalFile> files) throws IOException {
    var wishes = new LinkedHashMap<String, Wish>();
    boolean mayMakeBranch = !model.revision().equals(ModelRef.MAIN) && !model.isCommit();
    for (int from = 0; from < files.size(); from += FILES_A_QUESTION) {
      var some = files.subList(from, Math.min(files.size(), from + FILES_A_QUESTION));
      var reply = post(address("preupload"), AS_JSON, Map.of("files", described(some)));
      if (mayMakeBranch && reply.head().errorCode().equals("RevisionNotFound")) {
        makeBranch();
        reply = post(address("preupload"), AS_JSON, Map.of("files", described(some)));
      }
      mayMakeBranch = false;
      for (var file : success(reply, "to upload").objects("files")) {
        var mode = file.text("uploadMode");
        wishes.put(
            file.text("path"),
            new Wish(
                mode.equals("lfs"),
                file.optionalFlag("shouldIgnore").orElse(false),
                file.optionalText("oid")));
      }
    }
    for (var file : files) {
      if (!wishes.containsKey(file.name())) {
        throw new HubException(
            Kind.WRONG,
            "%s does not say how it wants %s.".formatted(settings.endpoint(), file.name()));
      }
    }
    return wishes;
  }

  private static List<Map<String, Object>> described(List<LocalFile> files) throws IOException {
    var described = new ArrayList<Map<String, Object>>();
    for (var file : files) {
      var sample = Base64.getEncoder().encodeToString(file.sample());
      described.add(Map.of("path", file.name(), "sample", sample, "size", file.size()));
    }
    return described;
  }

  private void makeBranch() throws IOException {
    var reply = post(address("branch"), AS_JSON, Map.of());
    if (reply.head().status() != 409) {
      success(reply, "to make the branch " + model.revision());
    }
  }

  /// Asks where large files go, by their SHA-256.
  ///
  /// @return answers of the Hub, one an object
  List<JsonObject> batch(Map<String, Long> objects) throws IOException {
    var answers = new ArrayList<JsonObject>();
    var all = List.copyOf(objects.entrySet());
    for (int from = 0; from < all.size(); from += FILES_A_QUESTION) {
      var asked = new ArrayList<Map<String, Object>>();
      for (var object : all.subList(from, Math.min(all.size(), from + FILES_A_QUESTION))) {
        asked.add(Map.of("oid", object.getKey(), "size", object.getValue()));
      }
      var body = new LinkedHashMap<String, Object>();
      body.put("operation", "upload");
      body.put("transfers", List.of("basic", "multipart"));
      body.put("objects", asked);
      body.put("hash_algo", "sha256");
      body.put("ref", Map.of("name", model.revision()));
      var address =
          URI.create("%s/%s.git/info/lfs/objects/batch".formatted(settings.endpoint(), model.id()));
      answers.addAll(success(post(address, AS_LFS, body), "to upload").objects("objects"));
    }
    return answers;
  }

  /// Tells an address of the store, or of the Hub, something about an upload.
  void tell(URI address, Map<String, Object> body, String what) throws IOException {
    var reply = post(address, AS_LFS, body);
    if (!reply.head().isSuccess()) {
      throw refusal(reply.head(), what);
    }
  }

  /// Puts a body where the store said.
  Reply put(URI address, Web.Load load, String what) throws IOException {
    var reply = web.send("PUT", address, Map.of(), load, Sink.NOTHING);
    if (!reply.isSuccess()) {
      throw refusal(reply, "to store " + what);
    }
    return reply;
  }

  /// Makes a commit.
  ///
  /// @param lines of JSON
  /// @return its page, where the Hub names it
  URI commit(byte[] lines) throws IOException {
    var headers = Map.of("Content-Type", "application/x-ndjson");
    // Not tried again: an answer that is lost may be that of a commit that was made.
    var reply = once(address("commit"), headers, lines);
    var page = success(reply, "to commit").optionalText("commitUrl");
    try {
      return URI.create(page.orElse(settings.endpoint() + "/" + model.id()));
    } catch (IllegalArgumentException e) {
      return URI.create(settings.endpoint() + "/" + model.id());
    }
  }

  private URI address(String verb) {
    return URI.create(
        "%s/api/models/%s/%s/%s"
            .formatted(
                settings.endpoint(), model.id(), verb, HubApi.encoded(model.revision(), "")));
  }

  private record Answer(Reply head, byte[] body) {}

  /// Passing failures are tried again here, as in everything that does no harm twice.
  private Answer post(URI address, Map<String, String> headers, Map<String, ?> body)
      throws IOException {
    byte[] json = JSON.writeValueAsBytes(body);
    return Patience.retry(
        settings.transfers(),
        stopped,
        () -> {
          var answer = once(address, headers, json);
          new UploadRefusals(settings, model).throwIfPassing(answer.head());
          return answer;
        });
  }

  private Answer once(URI address, Map<String, String> headers, byte[] body) throws IOException {
    var sink = new TextSink(address);
    var reply = web.send("POST", address, headers, _ -> BodyPublishers.ofByteArray(body), sink);
    return new Answer(reply, sink.bytes());
  }

  private JsonObject success(Answer answer, String what) throws IOException {
    if (!answer.head().isSuccess()) {
      throw refusal(answer.head(), what);
    }
    try {
      return answer.body().length == 0
          ? JsonObject.parse(answer.head().uri().toString(), new byte[] {'{', '}'})
          : JsonObject.parse(answer.head().uri().toString(), answer.body());
    } catch (InputException e) {
      throw noHub(e);
    }
  }

  /// What answers is no Hub, or not one that is understood.
  HubException noHub(InputException e) {
    return new HubException(
        Kind.WRONG,
        "What answers at %s is no Hub: %s Check HF_ENDPOINT, and whether a proxy is in between."
            .formatted(settings.endpoint(), e.getMessage()),
        e);
  }

  private IOException refusal(Reply reply, String what) {
    return new UploadRefusals(settings, model).of(reply, what);
  }
}
