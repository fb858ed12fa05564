package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.LocalHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Models of a Hub on the command line.
class ModelsCommandTest {
  private static final String MODEL = "meta/tiny";

  private final LocalHub server = new LocalHub();
  @TempDir private Path home;
  private String commit = "";

  @BeforeEach
  void publish() {
    commit = server.publish(MODEL, Path.of(Samples.MODEL));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Run run(String... args) {
    return run(Map.of(), 0, "", args);
  }

  private Run run(Map<String, String> more, int columns, String input, String... args) {
    var environment = new HashMap<>(more);
    environment.put("HF_HOME", home.toString());
    environment.put("HF_ENDPOINT", server.address().toString());
    return Run.with(environment, columns, input, args);
  }

  private Path snapshot() {
    return home.resolve("hub/models--meta--tiny/snapshots").resolve(commit);
  }

  @Test
  void aModelIsDownloadedWhereItIsNamedAndAnswersAsFromAFolder() {
    var ask = new String[] {"generate", "--prompt", "Hi", "--max-new-tokens", "5", "--model"};
    var named = run(with(ask, MODEL));
    assertThat(named.exitCode()).as(named.err()).isZero();
    assertThat(named.out()).isEqualTo(run(with(ask, Samples.MODEL)).out());
    assertThat(named.err()).contains("plm: downloading meta/tiny", home.toString());
    assertThat(run(with(ask, MODEL)).err()).isEmpty();
    server.close();
    assertThat(run(with(ask, MODEL + "@" + commit)).err()).isEmpty();
    assertThat(run(Map.of("HF_HUB_OFFLINE", "1"), 0, "", with(ask, MODEL)).err()).isEmpty();
  }

  private static String[] with(String[] args, String last) {
    var all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = last;
    return all;
  }

  @Test
  void inspectTokenizeAndPreprocessTakeNamesToo() throws IOException {
    assertThat(run("inspect", MODEL).out()).contains("complete    yes");
    assertThat(run("tokenize", "--model", MODEL, "--text", "Hi").exitCode()).isZero();
    var out = Files.createTempDirectory(home, "tiles").toString();
    assertThat(run("preprocess", "--model", MODEL, "--image", Samples.CAT, "--out", out).exitCode())
        .isZero();
  }

  @Test
  void downloadPrintsTheFolder() {
    assertThat(run("models", "download", MODEL).out().strip()).isEqualTo(snapshot().toString());
  }

  @Test
  void aTerminalSeesTheProgress() {
    var run = run(Map.of(), 100, "", "models", "download", MODEL);
    assertThat(run.err()).contains("downloading meta/tiny: ", " of ").endsWith("\r\u001b[K");
  }

  @Test
  void anUnknownModelIsBadInput() {
    var run = run("generate", "--model", "meta/tinny", "--prompt", "Hi");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).startsWith("plm: There is no model meta/tinny").doesNotContain("\tat ");
    assertThat(run("models", "download", "no model").err()).contains("is no name of a model");
    assertThat(run("models", "download", MODEL, "--files", "some").err()).contains("'some'");
    assertThat(run("models").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void listAndShowSayWhatIsThere() {
    assertThat(run("models", "list").out()).startsWith("0 models, 0 bytes");
    run("models", "download", MODEL);
    assertThat(run("models", "list").out())
        .contains("meta/tiny", commit.substring(0, 12), "main", "1 model, ");
    assertThat(run("models", "show", MODEL).out())
        .contains(commit, "is now main", "model.safetensors");
    assertThat(run("models", "show", "meta/other").err()).contains("is not in the cache");
  }

  @Test
  void jsonSaysTheSame() {
    run("models", "download", MODEL);
    var list = new JsonMapper().readTree(run("models", "list", "--json").out());
    assertThat(list.at("/models/0/model").stringValue()).isEqualTo(MODEL);
    assertThat(list.at("/models/0/revisions/0/commit").stringValue()).isEqualTo(commit);
    assertThat(list.at("/models/0/revisions/0/refs/0").stringValue()).isEqualTo("main");
    var show = new JsonMapper().readTree(run("models", "show", MODEL, "--json").out());
    assertThat(show.at("/revisions/0/files/config.json").longValue()).isPositive();
    assertThat(show.at("/bytes").longValue()).isEqualTo(list.at("/bytes").longValue());
  }

  @Test
  void nothingIsRemovedWithoutAYes() {
    run("models", "download", MODEL);
    var silent = run("models", "remove", MODEL);
    assertThat(silent.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(silent.err()).contains("--yes", "--dry-run");
    assertThat(run("models", "remove", MODEL, "--dry-run").out()).contains("would free");
    assertThat(run(Map.of(), 80, "n\n", "models", "remove", MODEL).out())
        .contains("Nothing was removed");
    assertThat(run("models", "remove", MODEL, "--yes", "--dry-run").err()).contains("exclude");
    assertThat(snapshot()).exists();
    assertThat(run(Map.of(), 80, "y\n", "models", "remove", MODEL).out()).contains("Freed");
    assertThat(snapshot()).doesNotExist();
  }

  @Test
  void aRevisionGoesAlone() throws IOException {
    run("models", "download", MODEL);
    var changed = Samples.copyOfModel(home.resolve("changed"));
    Files.writeString(changed.resolve("added_tokens.json"), "{}");
    server.publish(MODEL, changed);
    run("models", "download", MODEL);
    var out = run("models", "remove", MODEL + "@" + commit, "--yes").out();
    assertThat(out).contains(MODEL + "@" + commit, "Freed 0 bytes");
    assertThat(snapshot()).doesNotExist();
    assertThat(run(Map.of("HF_HUB_OFFLINE", "1"), 0, "", "inspect", MODEL).exitCode()).isZero();
    assertThat(run("models", "prune", "--yes").out()).contains("Nothing to remove");
  }
}
