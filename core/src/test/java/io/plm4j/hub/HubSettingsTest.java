package io.plm4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubSettings.Links;
import io.plm4j.hub.HubSettings.Network;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir private Path home;

  private HubSettings settings(String... namesAndValues) {
    var environment = new HashMap<String, String>();
    environment.put("HOME", home.toString());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return HubSettings.of(environment);
  }

  @Test
  void withoutVariablesEverythingIsWherePythonHasIt() {
    var settings = settings();
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.network()).isEqualTo(Network.ONLINE);
    assertThat(settings.links()).isEqualTo(Links.SYMBOLIC);
    assertThat(settings.proxies()).isEmpty();
  }

  /// The later beats the earlier.
  @Test
  void foldersAreTakenInPythonsOrder() {
    assertThat(settings("XDG_CACHE_HOME", "/x").cache()).isEqualTo(Path.of("/x/huggingface/hub"));
    assertThat(settings("XDG_CACHE_HOME", "/x", "HF_HOME", "/h").cache())
        .isEqualTo(Path.of("/h/hub"));
    assertThat(settings("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old").cache())
        .isEqualTo(Path.of("/old"));
    assertThat(settings("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new").cache())
        .isEqualTo(Path.of("/new"));
    assertThat(settings("HF_HUB_CACHE", "", "HF_HOME", " ").cache())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  @Test
  void homeAndVariablesInPathsAreReplaced() {
    assertThat(settings("HF_HOME", "~/models", "X", "y").cache())
        .isEqualTo(home.resolve("models/hub"));
    assertThat(settings("HF_HUB_CACHE", "/a/$X/${X}/$NONE", "X", "y").cache())
        .isEqualTo(Path.of("/a/y/y/$NONE"));
  }

  @Test
  void withoutAnyHomeTheMessageNamesTheVariable() {
    assertThatThrownBy(() -> HubSettings.of(Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("HF_HOME");
    assertThat(HubSettings.of(Map.of("HF_HOME", "/h")).cache()).isEqualTo(Path.of("/h/hub"));
  }

  @Test
  void theTokenComesFromTheVariableElseFromTheFile() throws IOException {
    var file = Files.writeString(home.resolve("mine"), " hf_file\r\n");
    assertThat(settings("HF_TOKEN_PATH", file.toString()).token().orElseThrow().value())
        .isEqualTo("hf_file");
    assertThat(
            settings("HF_TOKEN_PATH", file.toString(), "HF_TOKEN", "hf_variable")
                .token()
                .orElseThrow()
                .value())
        .isEqualTo("hf_variable");
    Files.writeString(home.resolve("token"), "hf_home");
    assertThat(settings("HF_HOME", home.toString()).token().orElseThrow().value())
        .isEqualTo("hf_home");
    assertThat(settings("HF_HOME", home.toString(), "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token())
        .isEmpty();
  }

  @Test
  void aTokenIsNeverShown() {
    var settings = settings("HF_TOKEN", "hf_secret");
    assertThat(settings.toString()).contains("HF_TOKEN").doesNotContain("hf_secret");
    assertThatThrownBy(() -> settings("HF_TOKEN", "hf_sec\u00e9ret"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("HF_TOKEN")
        .satisfies(e -> assertThat(e.toString()).doesNotContain("hf_sec"));
  }

  @ParameterizedTest
  @CsvSource({"1,OFFLINE", "true,OFFLINE", "Yes,OFFLINE", "on,OFFLINE", "0,ONLINE", "no,ONLINE"})
  void offlineIsWhatPythonTakesForTrue(String value, Network network) {
    assertThat(settings("HF_HUB_OFFLINE", value).network()).isEqualTo(network);
    assertThat(settings("TRANSFORMERS_OFFLINE", value).network()).isEqualTo(network);
  }

  @Test
  void anotherEndpointMayHaveAPath() {
    assertThat(settings("HF_ENDPOINT", "https://mirror.example/api/hf/").endpoint())
        .isEqualTo(URI.create("https://mirror.example/api/hf"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror.example", "ftp://x", "https://", "https://a b", "http://u:p@h"})
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    assertThatThrownBy(() -> settings("HF_ENDPOINT", endpoint))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("HF_ENDPOINT", "https://huggingface.co");
  }

  @Test
  void timeoutsAreSeconds() {
    assertThat(settings("HF_HUB_DOWNLOAD_TIMEOUT", "30").transfers().stall())
        .isEqualTo(Duration.ofSeconds(30));
    assertThatThrownBy(() -> settings("HF_HUB_ETAG_TIMEOUT", "soon"))
        .hasMessageContainingAll("HF_HUB_ETAG_TIMEOUT", "'soon'");
  }

  @Test
  void proxiesOfTheEnvironmentAreUsed() {
    var proxies =
        settings("HTTPS_PROXY", "http://proxy.example:3128", "no_proxy", "a.example, .b.example")
            .proxies()
            .orElseThrow();
    assertThat(proxies.select(URI.create("https://hub.example/x")).getFirst().type())
        .isEqualTo(Proxy.Type.HTTP);
    for (var direct :
        new String[] {
          "http://hub.example", "https://a.example", "https://b.example", "https://x.b.example"
        }) {
      assertThat(proxies.select(URI.create(direct))).as(direct).containsExactly(Proxy.NO_PROXY);
    }
    assertThatThrownBy(() -> settings("ALL_PROXY", "socks5://user:secret@x:1"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("socks5://...@x:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b", "facebook/Perception-LM-1B", "a/b@v1.0", "a/b@refs/pr/1", "a/b@abc123"})
  void namesOfModelsAreRead(String text) {
    assertThat(ModelRef.parse(text)).hasToString(text);
    assertThat(ModelRef.isWritten(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a/b/c",
        "/a",
        "a/",
        "../a",
        "a/..",
        "a/b--c",
        "-a/.b",
        "a/b.git",
        "a b/c",
        "a/b@",
        "a/b@..",
        "a/b@../x",
        "a/b@x/../y",
        "a/b@/x",
        "a/b@x y",
        "a/b@.hidden"
      })
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> ModelRef.parse(text)).isInstanceOf(InputException.class);
  }
}
