package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.text.SpecialTokens;
import io.plm4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TokenizeCommandTest {
  private static final int IMAGE = 705;

  private static String ids(String text, SpecialTokens policy) {
    return Arrays.stream(Tokenizer.read(Path.of(Samples.MODEL)).encode(text, policy))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "))
        + "\n";
  }

  @Test
  void aTextIsItsIdsAndNothingElse() {
    var run = Run.of("tokenize", "--model", Samples.MODEL, "--text", "wörld <|eot_id|>");
    assertThat(run.out()).isEqualTo(ids("wörld <|eot_id|>", SpecialTokens.AS_TEXT));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void specialTokensAreReadOnRequest() {
    var run =
        Run.of("tokenize", "--model", Samples.MODEL, "--text", "a<|eot_id|>", "--special-tokens");
    assertThat(run.out()).isEqualTo(ids("a<|eot_id|>", SpecialTokens.PARSE)).endsWith(" 712\n");
  }

  @Test
  void aPromptHasTheTemplateAndThePicturesPositions() {
    var run =
        Run.of(
            "tokenize",
            "--model",
            Samples.MODEL,
            "--prompt",
            "Hi",
            "--image",
            Samples.CAT,
            "--max-num-tiles",
            "2");
    var ids = Arrays.stream(run.out().strip().split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(ids[0]).isEqualTo(703);
    assertThat(Arrays.stream(ids).filter(id -> id == IMAGE).count()).isEqualTo(3 * 4);
  }

  @Test
  void piecesShowSpellingsAndRunsInOneLine() {
    var run =
        Run.of(
            "tokenize",
            "--model",
            Samples.MODEL,
            "--prompt",
            "Hi",
            "--image",
            Samples.CAT,
            "--max-num-tiles",
            "2",
            "--pieces");
    assertThat(run.out().lines()).contains("   703  <|begin_of_text|>", "   705  <|image|>  x 12");
  }

  @Test
  void jsonHasIdsAndPieces() {
    var run = Run.of("tokenize", "--model", Samples.MODEL, "--text", "a b", "--json");
    var json = new JsonMapper().readTree(run.out());
    assertThat(json.propertyNames()).containsExactly("ids", "pieces");
    assertThat(json.get("ids").size()).isEqualTo(json.get("pieces").size());
  }

  @Test
  void textStandsAlone() {
    var both = Run.of("tokenize", "--model", Samples.MODEL, "--text", "a", "--prompt", "b");
    assertThat(both.exitCode()).isEqualTo(2);
    var none = Run.of("tokenize", "--model", Samples.MODEL);
    assertThat(none.err()).contains("Nothing to tokenize");
    var picture =
        Run.of("tokenize", "--model", Samples.MODEL, "--text", "a", "--image", Samples.CAT);
    assertThat(picture.err()).contains("leave --image");
  }
}
