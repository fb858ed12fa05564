package io.plm4j.hub;

import static io.plm4j.hub.Faults.always;
import static io.plm4j.hub.HubFixture.MODEL;
import static io.plm4j.hub.HubFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.testkit.LocalHub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may have what: the token, redirects, and what a refusal says.
class HubAccessTest {
  @TempDir private Path cache;
  private HubFixture fixture;

  @BeforeEach
  void open() {
    fixture = new HubFixture(cache);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Hub withoutToken() {
    var s = fixture.settings;
    return HubFixture.hub(
        new HubSettings(
            cache,
            s.endpoint(),
            Optional.empty(),
            s.network(),
            s.links(),
            s.transfers(),
            s.proxies()));
  }

  @Test
  void theTokenGoesToTheHubAndToNobodyElse() {
    fixture.download();
    var seen = fixture.server.seen();
    assertThat(seen).anyMatch(request -> request.at().equals("store"));
    for (var request : seen) {
      assertThat(request.headers().get("Authorization"))
          .as(request.toString())
          .isEqualTo(request.at().equals("hub") ? "Bearer hf_secret" : null);
    }
  }

  @Test
  void theTokenStaysOutWhereTheWayLeadsBack() {
    var hub = fixture.server.address();
    fixture.server.fail((at, exchange, _) -> {
      var path = exchange.getRequestURI().toString();
      if (at.equals("hub") && path.endsWith("/config.json") && !path.contains("detour")) {
        Faults.redirect(fixture.server.storeAddress() + "/back" + path).on(exchange, new byte[0]);
        return true;
      }
      if (at.equals("store") && path.startsWith("/back")) {
        Faults.redirect(hub + "/detour/config.json").on(exchange, new byte[0]);
        return true;
      }
      return false;
    });
    assertThat(fixture.failure()).contains("config.json");
    assertThat(fixture.server.seen())
        .filteredOn(request -> request.path().contains("detour"))
        .isNotEmpty()
        .allMatch(request -> !request.headers().containsKey("Authorization"));
  }

  @Test
  void aRedirectWithinTheHubIsFollowedWithTheToken() throws IOException {
    fixture.server.publish("meta/moved", fixture.files);
    fixture.server.fail((at, exchange, _) -> {
      var path = exchange.getRequestURI().toString();
      if (at.equals("hub") && path.startsWith("/meta/tiny/")) {
        Faults.redirect(path.replace("/tiny/", "/moved/")).on(exchange, new byte[0]);
        return true;
      }
      return false;
    });
    assertThat(fixture.isIntact(fixture.download(), WEIGHTS)).isTrue();
    assertThat(fixture.server.seen())
        .filteredOn(request -> request.path().startsWith("/meta/moved"))
        .allMatch(request -> request.headers().containsKey("Authorization"));
  }

  @Test
  void redirectsInACircleEnd() {
    fixture.server.fail(always("/api/", Faults.redirect("?again")));
    assertThat(fixture.failure())
        .contains("redirects more than 10 times")
        .doesNotContain("cannot be reached");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://example.org/x", "", "http://", "a b", "::"})
  void redirectsToAnythingButAServerAreRefused(String location) {
    fixture.server.fail(always("/api/", Faults.redirect(location)));
    assertThat(fixture.failure()).containsAnyOf("is not followed", "HTTP status 4");
  }

  @Test
  void aSecureAddressIsNotLeftForAnInsecureOne() {
    var secure = URI.create("https://hub.example/a");
    assertThat(Web.isSameOrigin(secure, URI.create("http://hub.example/a"))).isFalse();
    assertThat(Web.isSameOrigin(secure, URI.create("https://HUB.example:443/b"))).isTrue();
    assertThat(Web.isSameOrigin(secure, URI.create("https://hub.example.org/a"))).isFalse();
    assertThatThrownBy(() -> Web.target(secure, "http://hub.example/b"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("as secure as the first");
  }

  @Test
  void aGatedModelSaysWhatToAcceptAndHowToGiveAToken() {
    fixture.server.fail(always("/api/", Faults.refusal(401, "GatedRepo")));
    assertThat(fixture.failure(withoutToken()))
        .contains(
            "meta/tiny is gated",
            fixture.server.address() + "/meta/tiny",
            "accept",
            "HF_TOKEN",
            "/settings/tokens");
  }

  @Test
  void aTokenWithoutAccessIsNamedButNotShown() {
    fixture.server.fail(always("/resolve/", Faults.refusal(403, "GatedRepo")));
    assertThat(fixture.failure())
        .contains("is gated", "The token from HF_TOKEN has no access yet", "said GatedRepo")
        .doesNotContain("hf_secret");
  }

  @Test
  void aTokenThatIsNoneIsNamedButNotShown() {
    fixture.server.fail(always("/api/", Faults.refusal(401, "")));
    assertThat(fixture.failure())
        .contains("does not know the token from HF_TOKEN")
        .doesNotContain("hf_secret");
  }

  @Test
  void anUnknownModelIsToldFromAnUnknownRevision() {
    var hub = withoutToken();
    assertThatThrownBy(() ->
            hub.download(ModelRef.parse("meta/tinny"), ModelFiles.TO_RUN, DownloadListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("There is no model meta/tinny", "private", "HF_TOKEN");
    assertThatThrownBy(() ->
            hub.download(ModelRef.parse("meta/tiny@v2"), ModelFiles.TO_RUN, DownloadListener.NONE))
        .hasMessageContainingAll("meta/tiny has no revision 'v2'", "/tree/main");
  }

  @Test
  void aListedFileThatIsNotThereIsNamed() {
    fixture.server.fail(always("/config.json", Faults.refusal(404, "EntryNotFound")));
    assertThat(fixture.failure()).contains("has no file config.json at revision main");
  }

  @Test
  void aModelThatIsNoLongerOursToReadIsTakenFromTheCacheWithAWarning() {
    var snapshot = fixture.download();
    fixture.server.fail(always("/api/", Faults.refusal(403, "GatedRepo")));
    assertThat(fixture.hub().locate(MODEL, ModelFiles.TO_RUN, fixture.listener))
        .isEqualTo(snapshot);
    assertThat(fixture.warnings).singleElement().asString().contains("is gated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../model-00001-of-00002.safetensors",
        "/etc/cron.d/x",
        "a/../../b",
        "a//b",
        "a\\b",
        "C:evil",
        "x\u0000y",
        "line\nbreak",
        "right\u202eleft",
        "."
      })
  void aNameThatWouldLeaveItsFolderIsRefused(String name) {
    assertThat(FileNames.isSafe(name)).isFalse();
    fixture.files.put(name, new byte[] {1});
    fixture.server.publish(MODEL.id().text(), fixture.files);
    var hub = fixture.hub();
    assertThatThrownBy(() -> hub.download(MODEL, ModelFiles.ALL, DownloadListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("would not stay in its folder");
    assertThat(fixture.repo().folder()).doesNotExist();
  }

  @Test
  void aFolderThatLeadsElsewhereIsNotWrittenThrough(@TempDir Path elsewhere) throws IOException {
    var snapshot = fixture.repo().snapshot(fixture.commit);
    java.nio.file.Files.createDirectories(snapshot);
    java.nio.file.Files.createSymbolicLink(snapshot.resolve("original"), elsewhere);
    var hub = fixture.hub();
    assertThatThrownBy(() -> hub.download(MODEL, ModelFiles.ORIGINAL, DownloadListener.NONE))
        .hasMessageContaining("leads out of its folder");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void hostileTagsAndCommitsAreRefused() {
    for (var json :
        new String[] {
          "{\"sha\": \"../../x\", \"siblings\": []}",
          "{\"sha\": \"%s\", \"siblings\": [{\"rfilename\": \"model.safetensors\", \"size\": 1, \"blobId\": \"../../../x\"}]}"
              .formatted("a".repeat(40)),
          "{\"sha\": \"%s\", \"siblings\": [{\"rfilename\": \"model.safetensors\", \"size\": -1, \"blobId\": \"%s\"}]}"
              .formatted("a".repeat(40), "b".repeat(40)),
          "[]",
          "{\"sha\": 3}"
        }) {
      fixture.server.heal();
      fixture.server.fail(
          always(
              "/api/",
              (exchange, _) -> {
                var bytes = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
              }));
      assertThat(fixture.failure()).as(json).containsAnyOf("is no Hub", "no usable tag");
    }
    assertThat(fixture.repo().folder()).doesNotExist();
  }

  @Test
  void anEndlessListIsCut() {
    fixture.server.fail(
        always(
            "/api/",
            (exchange, _) -> {
              exchange.sendResponseHeaders(200, 0);
              var part = new byte[1 << 20];
              for (int i = 0; i < 40; i++) {
                exchange.getResponseBody().write(part);
              }
            }));
    assertThat(fixture.failure())
        .contains("more than 16,000,000 bytes")
        .doesNotContain("cannot be reached");
  }

  @Test
  void whatIsSentNamesTheProgramAndAsksForBytesAsTheyAre() {
    fixture.download();
    for (LocalHub.Seen request : fixture.server.seen()) {
      assertThat(request.headers())
          .containsEntry("User-Agent", "plm4j")
          .containsEntry("Accept-Encoding", "identity");
    }
  }
}
