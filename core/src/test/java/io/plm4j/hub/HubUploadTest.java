package io.plm4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubSettings.Network;
import io.plm4j.hub.UploadOptions.Visibility;
import io.plm4j.testkit.LocalHub;
import io.plm4j.testkit.LocalUploads.Told;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class HubUploadTest {
  private static final ModelRef MODEL = ModelRef.parse("me/new");
  private static final UploadOptions OPTIONS = new UploadOptions(Visibility.USUAL, "First words");

  private final HubFixture fixture;
  private final Path folder;

  HubUploadTest(@TempDir Path temp) throws IOException {
    fixture = new HubFixture(temp.resolve("cache"));
    folder = Files.createDirectory(temp.resolve("model"));
    Files.createDirectory(folder.resolve("original"));
    Files.writeString(folder.resolve("config.json"), "{\"a\": \"ü\"}");
    Files.write(folder.resolve("model.safetensors"), HubFixture.noise(45_678, 3));
    Files.writeString(folder.resolve("original/params.json"), "{}");
    Files.createFile(folder.resolve("empty.safetensors"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Published upload() {
    return fixture.hub().upload(folder, MODEL, OPTIONS, UploadListener.NONE);
  }

  private List<String> posts() {
    return fixture.server.uploads().told().stream().map(told -> told.path()).toList();
  }

  @Test
  void aFolderBecomesACommit() throws IOException {
    var published = upload();
    assertThat(published.page().toString())
        .startsWith(fixture.server.address() + "/me/new/commit/");
    assertThat(published.filesSent()).isEqualTo(4);
    assertThat(published.bytesSent()).isEqualTo(45_678);
    assertSame(fixture.server.files("me/new", "main"));
    assertThat(fixture.server.uploads().isPrivate("me/new")).isFalse();
    assertThat(commit().getFirst()).contains("\"summary\":\"First words\"");
  }

  private List<String> commit() {
    return fixture.server.uploads().told().stream()
        .filter(told -> told.path().contains("/commit/"))
        .findFirst()
        .map(Told::text)
        .orElseThrow()
        .lines()
        .toList();
  }

  private void assertSame(Map<String, byte[]> there) throws IOException {
    assertThat(there.keySet())
        .containsExactlyInAnyOrder(
            "config.json", "model.safetensors", "original/params.json", "empty.safetensors");
    for (var file : there.entrySet()) {
      assertThat(file.getValue()).isEqualTo(Files.readAllBytes(folder.resolve(file.getKey())));
    }
  }

  @Test
  void theTokenGoesToTheHubAndNotToTheStore() {
    fixture.server.seen();
    upload();
    for (var seen : fixture.server.seen()) {
      assertThat(seen.headers().containsKey("Authorization"))
          .as(seen.toString())
          .isEqualTo(seen.at().equals("hub"));
    }
  }

  @Test
  void aLargeFileGoesInPartsThatTheStoreJoins() throws IOException {
    fixture.server.uploads().joinAbove(10_000);
    var published = upload();
    assertThat(published.bytesSent()).isEqualTo(45_678);
    assertSame(fixture.server.files("me/new", "main"));
    var told = fixture.server.uploads().told();
    assertThat(told.stream().filter(t -> t.method().equals("PUT"))).hasSize(5);
    var complete =
        told.stream().filter(t -> t.path().startsWith("/complete/")).findFirst().orElseThrow();
    assertThat(
            new JsonMapper()
                .readTree(complete.body())
                .get("parts")
                .get(4)
                .get("partNumber")
                .asInt())
        .isEqualTo(5);
    assertThat(told.stream().filter(t -> t.path().startsWith("/verify/"))).hasSize(1);
  }

  @Test
  void whatIsThereIsNotSentAgain() throws IOException {
    upload();
    posts();
    var again = upload();
    assertThat(again).isEqualTo(new Published(again.page(), 0, 4, 0));
    assertThat(posts()).noneMatch(path -> path.contains("commit") || path.contains("lfs"));

    Files.writeString(folder.resolve("config.json"), "{}");
    assertThat(upload().filesSent()).isEqualTo(1);
    assertSame(fixture.server.files("me/new", "main"));
  }

  @Test
  void anUploadThatBrokeDoesNotSendLargeFilesTwice() throws IOException {
    fixture.server.fail((at, exchange, _) -> {
      if (!exchange.getRequestURI().getPath().contains("/commit/")) {
        return false;
      }
      LocalHub.refuse(exchange, 409, "");
      return true;
    });
    assertThatThrownBy(this::upload)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("changed by somebody else meanwhile");
    fixture.server.heal();
    fixture.server.uploads().told();
    assertThat(upload().bytesSent()).isZero();
    assertThat(fixture.server.uploads().told()).noneMatch(told -> told.method().equals("PUT"));
    assertSame(fixture.server.files("me/new", "main"));
  }

  @Test
  void failuresThatPassAreTriedAgain() throws IOException {
    fixture.server.uploads().joinAbove(20_000);
    var left = new AtomicInteger(3);
    fixture.server.fail((at, exchange, _) -> {
      if (exchange.getRequestURI().getPath().contains("/commit/") || left.getAndDecrement() <= 0) {
        return false;
      }
      exchange.sendResponseHeaders(503, -1);
      return true;
    });
    var progress = new ArrayList<Long>();
    fixture
        .hub()
        .upload(
            folder,
            MODEL,
            OPTIONS,
            new UploadListener() {
              @Override
              public void progress(Activity activity, long done, long bytes, double speed) {
                if (activity == Activity.SENDING) {
                  progress.add(done);
                }
              }
            });
    assertSame(fixture.server.files("me/new", "main"));
    assertThat(progress).allMatch(done -> done >= 0 && done <= 45_678);
  }

  @Test
  void aModelCanBePrivateAndABranchIsMade() {
    upload();
    var branch = ModelRef.parse("me/new@draft-one");
    fixture.server.uploads().told();
    fixture.hub().upload(folder, branch, OPTIONS, UploadListener.NONE);
    assertThat(posts()).anyMatch(path -> path.contains("/branch/"));
    var secret = ModelRef.parse("me/secret");
    fixture
        .hub()
        .upload(folder, secret, new UploadOptions(Visibility.PRIVATE, "x"), UploadListener.NONE);
    assertThat(fixture.server.uploads().isPrivate("me/secret")).isTrue();
  }

  @Test
  void gitsOwnFilesAndThoseTheModelIgnoresStayHere() throws IOException {
    Files.createDirectory(folder.resolve(".git"));
    Files.writeString(folder.resolve(".git/HEAD"), "x");
    Files.writeString(folder.resolve("notes.ignored"), "x");
    upload();
    assertSame(fixture.server.files("me/new", "main"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/repos/create | 401 | does not accept the token from HF_TOKEN: said Nope. Make a new one",
        "/preupload/ | 403 | The token from HF_TOKEN has not the right to upload in me/new: said Nope",
        "/preupload/ | 404 | There is no me/new at",
        "store/objects/ | 403 | has not the right to store model.safetensors",
        "batch | 402 | There is no room to upload: said Nope. Make space at",
        "/commit/ | 413 | takes no commit of that size",
        "/verify/ | 422 | refuses to complete model.safetensors with status 422: said Nope",
      })
  void refusalsSayWhatToDo(String path, int status, String message) {
    fixture.server.fail((at, exchange, _) -> {
      if (!(at + exchange.getRequestURI().getPath()).contains(path)) {
        return false;
      }
      exchange.getResponseHeaders().add("X-Error-Message", "said Nope");
      exchange.sendResponseHeaders(status, -1);
      return true;
    });
    assertThatThrownBy(this::upload)
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theHubsOwnWordsAreShownFromTheBodyToo() {
    fixture.server.fail((at, exchange, _) -> {
      if (!exchange.getRequestURI().getPath().contains("/preupload/")) {
        return false;
      }
      var text = "{\"error\": \"Private storage limit reached\"}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(403, text.length);
      exchange.getResponseBody().write(text);
      return true;
    });
    assertThatThrownBy(this::upload)
        .hasMessageContaining("There is no room to upload: Private storage limit reached");
  }

  @Test
  void aServerThatIsNoHubIsNamed() {
    fixture.server.fail((at, exchange, _) -> {
      var text = "{\"files\": [{\"path\": 3}]}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
      return true;
    });
    assertThatThrownBy(this::upload)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is no Hub");
  }

  @Test
  void anInterruptEndsIt() {
    var listener =
        new UploadListener() {
          @Override
          public boolean cancelled() {
            return true;
          }
        };
    assertThatThrownBy(() -> fixture.hub().upload(folder, MODEL, OPTIONS, listener))
        .isInstanceOf(CancellationException.class);
    assertThat(fixture.server.files("me/new", "main")).isEmpty();
  }

  @Test
  void withoutANetworkOrAFolderItIsRefused() {
    var offline = HubFixture.hub(fixture.settings.withNetwork(Network.OFFLINE));
    assertThatThrownBy(() -> offline.upload(folder, MODEL, OPTIONS, UploadListener.NONE))
        .hasMessageContaining("HF_HUB_OFFLINE");
    assertThatThrownBy(
            () -> fixture.hub().upload(folder.resolve("none"), MODEL, OPTIONS, UploadListener.NONE))
        .hasMessageContaining("is not a folder");
  }
}
