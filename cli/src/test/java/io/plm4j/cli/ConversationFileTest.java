package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.media.ReadOptions;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationFileTest {
  private static Conversation parse(String json, String... given) {
    var paths = List.of(given).stream().map(Path::of).toList();
    return ConversationFile.parse(
        new ConversationFile.Source("talk.json", paths, List.of(), ReadOptions.DEFAULT),
        json,
        ConversationFile.Ending.QUESTION);
  }

  private static String picture(String key, String value) {
    return "[{\"role\": \"user\", \"content\": [{\"type\": \"image\", \"%s\": \"%s\"}]}]"
        .formatted(key, value);
  }

  @Test
  void turnsAndPartsKeepTheirOrder() {
    var talk =
        parse(
            """
            [{"role": "system", "content": "Be brief."},
             {"role": "user", "content": [{"type": "text", "text": "A"}, {"type": "image", "path": "%s"}]},
             {"role": "assistant", "content": "B"},
             {"role": "user", "content": "C"}]
            """
                .formatted(Samples.CAT));
    assertThat(talk.messages())
        .containsExactly(
            Message.system("Be brief."),
            Message.user(Content.text("A"), Content.image()),
            new Message(Role.ASSISTANT, List.of(Content.text("B"))),
            Message.user("C"));
    assertThat(talk.images()).hasSize(1);
    assertThat(talk.images().getFirst().width()).isEqualTo(100);
  }

  @Test
  void picturesComeFromPathsAddressesAndTheJsonItself() throws IOException {
    assertThat(parse(picture("path", Samples.CAT)).images()).hasSize(1);
    assertThat(parse(picture("image", Samples.CAT)).images()).hasSize(1);
    assertThat(parse(picture("url", Path.of(Samples.CAT).toUri().toString())).images()).hasSize(1);
    var base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(Samples.CAT)));
    assertThat(parse(picture("base64", base64)).images()).hasSize(1);
  }

  @Test
  void entriesWithoutAFileTakeTheGivenPicturesInOrder() {
    var talk =
        parse(
            """
            [{"role": "user", "content": [{"type": "image"}, {"type": "image"}]}]
            """,
            Samples.CAT,
            Samples.DOG);
    assertThat(talk.images()).extracting(image -> image.width()).containsExactly(100, 64);
  }

  @Test
  void picturesAndPlacesMustMatch() {
    var one = "[{\"role\": \"user\", \"content\": [{\"type\": \"image\"}]}]";
    assertThatThrownBy(() -> parse(one)).hasMessageContaining("no --image left");
    assertThatThrownBy(() -> parse(one, Samples.CAT, Samples.DOG))
        .hasMessageContaining("have no place");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | $ is {}",
        "[] | $ is []",
        "[ | not valid JSON",
        "[3] | $[0] is 3",
        "[{\"role\": \"user\"}] | $[0].content is absent",
        "[{\"content\": \"x\"}] | $[0].role is absent",
        "[{\"role\": \"bot\", \"content\": \"x\"}] | $[0].role is \"bot\"",
        "[{\"role\": \"user\", \"content\": 3}] | $[0].content is 3",
        "[{\"role\": \"user\", \"content\": \"x\", \"name\": \"y\"}] | key \"name\"",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"sound\"}]}] | $[0].content[0].type is \"sound\"",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"video\"}]}] | no --video left",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"text\"}]}] | $[0].content[0].text is absent",
        "[{\"role\": \"system\", \"content\": [{\"type\": \"image\"}]}, {\"role\": \"user\", \"content\": \"x\"}] | names no picture",
        "[{\"role\": \"assistant\", \"content\": \"x\"}] | $[0].role is \"assistant\"",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"image\", \"path\": \"a\", \"url\": \"b\"}]}] | 2 times",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"image\", \"url\": \"https://a/b.jpg\"}]}] | fetches nothing",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"image\", \"base64\": \"A\"}]}] | base64",
        "[{\"role\": \"user\", \"content\": [{\"type\": \"image\", \"base64\": \"AAAA\"}]}] | base64",
      })
  void mistakesAreNamedWithTheirPlace(String json, String message) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("talk.json");
  }
}
