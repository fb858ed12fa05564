package io.plm4j.nano.word;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Lexicon.Case;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pictures of words that are told instead of drawn: what each cell of a grid would be named, cell
/// by cell, as text in front of the question.
///
/// A decoder that starts from nothing learns by them to read letters in their order, which it
/// hardly does from pictures whose letters a tower names only now and then; and a row costs a sixth
/// of one with a picture. With the tokens of [io.plm4j.nano.vocabulary.VocabularyFiles] each cell
/// is one.
public final class ToldPrints {
  private static final int ACROSS = 20;

  /// What a cell without a letter says at the first level, and at the second just before a letter,
  /// so that the letter is not spelled together with the word in front of it.
  private static final String POINT = ".";

  private static final List<String> POINTS = List.of(POINT, "-", "_", "~", "=", "*");

  private static final String SIGNS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Lexicon lexicon;

  public ToldPrints(Lexicon lexicon) {
    this.lexicon = lexicon;
  }

  /// One question about one told picture: a line of words at the first level, else up to three
  /// lines in up to 20 by 20 cells.
  public Exhibit tell(Dice dice, Level level) {
    boolean first = level == Level.FIRST;
    int down = first ? 1 : dice.pick(2, 3, 4, 5, 6, 8, 10, ACROSS);
    int across = first ? dice.between(8, 40) : ACROSS;
    var ground = dice.chance(0.4) ? Hue.WHITE : dice.pick(List.of(Hue.values()));
    var cells = new @Nullable String[down][across];
    var lines = new ArrayList<String>();
    double gaps = dice.pick(0.0, 0.0, 0.25, 0.5);
    double written = Math.min(1, dice.pick(1.0, 1.0, 2.0, 3.0) / down);
    int kept = dice.between(0, down - 1);
    for (int row = 0; row < down; row++) {
      if (row == kept || dice.chance(written)) {
        lines.add(line(dice, cells[row], gaps));
      }
    }
    var filler = first ? dice.pick(POINTS) : " " + ground.label();
    var told = new StringBuilder();
    var flat = Arrays.stream(cells).flatMap(Arrays::stream).toList();
    for (int i = 0; i < flat.size(); i++) {
      boolean before = i + 1 < flat.size() && flat.get(i + 1) != null;
      told.append(flat.get(i) != null ? flat.get(i) : before && !first ? POINT : filler);
    }
    return new Exhibit(new Media.Nothing(), List.of(ask(dice, told.toString(), lines)));
  }

  /// Writes words into a row of cells, some letters with a gap before the next.
  private String line(Dice dice, @Nullable String[] row, double gaps) {
    var words = new ArrayList<String>();
    int column = dice.between(1, row.length / 2);
    int most = dice.pick(1, 1, 1, 2, 3);
    while (words.size() < most && column < row.length - 1) {
      var word = word(dice, Math.min(8, row.length - 1 - column));
      var fits = new StringBuilder();
      for (int i = 0; i < word.length() && column < row.length; i++) {
        row[column++] = word.substring(i, i + 1);
        fits.append(word.charAt(i));
        column += dice.chance(gaps) ? 1 : 0;
      }
      words.add(fits.toString());
      column += dice.between(2, 4);
    }
    return String.join(" ", words);
  }

  private String word(Dice dice, int most) {
    int length = dice.between(1, most);
    return switch (dice.weighted(40, 15, 45)) {
      case 0 -> {
        var word = dice.pick(lexicon.words());
        yield dice.pick(Case.SMALL, Case.FIRST_CAPITAL, Case.CAPITALS)
            .of(word.substring(0, Math.min(word.length(), length)));
      }
      case 1 -> Integer.toString(dice.between(0, (int) Math.pow(10, Math.min(length, 4)) - 1));
      default -> {
        var letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
          int sign = dice.between(0, SIGNS.length() - 1);
          letters.append(SIGNS.charAt(sign));
        }
        yield letters.toString();
      }
    };
  }

  private static Turn ask(Dice dice, String told, List<String> lines) {
    var all = String.join(" ", lines);
    int which = dice.between(0, Math.min(lines.size(), English.ORDINALS.size()) - 1);
    return switch (dice.weighted(75, lines.size() > 1 ? 12 : 0, 7, 6)) {
      case 1 ->
          turn(
              told,
              dice.pick("What does the %s line say?", "Read the %s line.")
                  .formatted(English.ORDINALS.get(which)),
              lines.get(which));
      case 2 -> turn(told, "What is the first letter?", all.substring(0, 1));
      case 3 -> turn(told, "What is the last word?", all.substring(all.lastIndexOf(' ') + 1));
      default ->
          turn(
              told,
              dice.pick(
                  "Read the text.",
                  "What does it say?",
                  "What can you read?",
                  "Transcribe the text.",
                  "What is written here?",
                  "Read the letters."),
              all);
    };
  }

  private static Turn turn(String told, String question, String answer) {
    return new Turn(told + "\n" + question, answer, new Check.Reading("told text", answer));
  }
}
