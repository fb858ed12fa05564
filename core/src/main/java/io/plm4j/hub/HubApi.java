package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.hub.HubException.Kind;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// The questions that are put to the Hub about one model.
final class HubApi {
  /// The most that the Hub itself takes is 50 GB a file; above this, a size is nonsense.
  private static final double MAX_FILE = 1e13;

  private final Web web;
  private final HubSettings settings;
  private final ModelRef model;
  private final BooleanSupplier stopped;

  HubApi(Web web, HubSettings settings, ModelRef model, BooleanSupplier stopped) {
    this.web = web;
    this.settings = settings;
    this.model = model;
    this.stopped = stopped;
  }

  /// Where a file's bytes are, or the way there begins.
  URI address(String commit, String name) {
    return URI.create(
        "%s/%s/resolve/%s/%s"
            .formatted(settings.endpoint(), model.id(), commit, encoded(name, "/")));
  }

  /// The commit that the revision stands for now, and its files.
  ///
  /// @param transfers how patiently to ask
  /// @throws CancellationException if it was stopped
  Listing listing(TransferSettings transfers) throws IOException {
    var address =
        URI.create(
            "%s/api/models/%s/revision/%s?blobs=true"
                .formatted(settings.endpoint(), model.id(), encoded(model.revision(), "")));
    byte[] json =
        Patience.retry(
            transfers,
            stopped,
            () -> {
              var sink = new TextSink(address);
              var reply = web.send("GET", address, Map.of(), sink);
              if (!reply.isSuccess()) {
                throw new Refusals(settings, model).of(reply, "the list of its files");
              }
              return sink.bytes();
            });
    return parse(address, json);
  }

  private Listing parse(URI address, byte[] json) throws HubException {
    try {
      var root = JsonObject.parse(address.toString(), json);
      var commit = root.text("sha");
      if (!ModelRef.isCommit(commit)) {
        throw root.wrong("sha", "a commit of 40 hexadecimal digits");
      }
      if (model.isCommit() && !commit.equals(model.revision())) {
        throw root.wrong("sha", "the commit that was asked for");
      }
      var names = new ArrayList<String>();
      var known = new HashMap<String, RemoteFile>();
      for (var sibling : root.objects("siblings")) {
        var name = sibling.text("rfilename");
        names.add(name);
        var lfs = sibling.optionalObject("lfs");
        var tag =
            lfs.isPresent() ? lfs.get().optionalText("sha256") : sibling.optionalText("blobId");
        var size = bytes(lfs.isPresent() && lfs.get().has("size") ? lfs.get() : sibling);
        if (tag.isPresent() && size.isPresent()) {
          known.put(name, new RemoteFile(name, size.getAsLong(), requireTag(tag.get(), name)));
        }
      }
      return new Listing(commit, names, known);
    } catch (InputException e) {
      throw new HubException(
          Kind.WRONG,
          "What answers at %s is no Hub: %s Check HF_ENDPOINT, and whether a proxy is in between."
              .formatted(settings.endpoint(), e.getMessage()),
          e);
    }
  }

  private static OptionalLong bytes(JsonObject file) {
    var size = file.optionalNumber("size", 0, MAX_FILE);
    return size.isPresent() ? OptionalLong.of((long) size.getAsDouble()) : OptionalLong.empty();
  }

  /// What the Hub says of a file that its list did not describe, as mirrors leave it out.
  RemoteFile describe(String commit, String name) throws IOException {
    var address = address(commit, name);
    return Patience.retry(
        settings.transfers(),
        stopped,
        () -> {
          var reply = web.send("HEAD", address, Map.of(), new TextSink(address));
          if (!reply.isSuccess()) {
            throw new Refusals(settings, model).of(reply, name);
          }
          var size =
              reply
                  .first()
                  .firstValueAsLong("X-Linked-Size")
                  .orElse(reply.headers().firstValueAsLong("Content-Length").orElse(-1));
          if (size < 0 || size > MAX_FILE) {
            throw new HubException(
                Kind.WRONG,
                "%s does not say how large %s is.".formatted(settings.endpoint(), name));
          }
          return new RemoteFile(name, size, requireTag(reply.tagAtHub().orElse(""), name));
        });
  }

  private String requireTag(String tag, String name) throws HubException {
    if (!FileNames.isTag(tag)) {
      throw new HubException(
          Kind.WRONG,
          "%s gives no usable tag for %s: wanted a hash, found '%s'."
              .formatted(settings.endpoint(), Excerpt.of(name), Excerpt.of(tag)));
    }
    return tag;
  }

  /// Every byte that is not surely harmless becomes `%XX`.
  static String encoded(String text, String alsoPlain) {
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0
              || alsoPlain.indexOf(c) >= 0;
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
