package io.plm4j.nano.score;

import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Fact;
import io.plm4j.region.Box;
import io.plm4j.region.BoxText;
import io.plm4j.text.EditDistance;
import java.util.Locale;
import java.util.OptionalDouble;

/// Gives marks for answers.
public final class Marker {
  /// Tolerances are this part of an axis.
  private static final double PART_OF_AXIS = 0.05;

  /// A value stands this many words behind its name, at most.
  private static final int NEAR = 4;

  /// A box is found if it shares at least half of the ground of both.
  private static final double FOUND = 0.5;

  private static final double ROUNDING = 1e-9;

  private Marker() {}

  public static Mark mark(Check check, String answer) {
    return switch (check) {
      case Check.Exact exact -> {
        var said = Words.of(answer).bare();
        yield Mark.of(
            exact.accepted().stream().anyMatch(text -> Words.of(text).bare().equals(said)));
      }
      case Check.Amount amount -> amount(amount, Words.of(answer));
      case Check.Reading reading -> reading(reading.text(), answer);
      case Check.Region region -> region(region, answer);
      case Check.Facts facts -> {
        var said = Words.of(answer);
        long right = facts.facts().stream().filter(fact -> isSaid(fact, said)).count();
        yield new Mark((double) right / facts.facts().size(), OptionalDouble.empty());
      }
    };
  }

  private static Mark amount(Check.Amount amount, Words said) {
    var number = said.number(0, said.size());
    if (number.isEmpty()) {
      return Mark.of(false);
    }
    double distance = Math.abs(number.getAsDouble() - amount.value());
    boolean right = distance <= amount.tolerance() + ROUNDING;
    return amount.tolerance() == 0
        ? Mark.of(right)
        : Mark.of(right, Math.min(1, distance / amount.tolerance() * PART_OF_AXIS));
  }

  /// Capitals do not count, because alone `c` and `C` look the same; nor do quotes around, a full
  /// stop behind, or how wide blanks are.
  private static Mark reading(String text, String answer) {
    var wanted = plain(text);
    var said = plain(answer);
    double error = (double) EditDistance.between(wanted, said) / Math.max(1, wanted.length());
    return Mark.of(wanted.equals(said), Math.min(1, error));
  }

  private static String plain(String text) {
    var plain = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    return plain.replaceAll("^[\"']+|[\"'.]+$", "");
  }

  private static Mark region(Check.Region region, String answer) {
    var boxes = new BoxText(region.width(), region.height()).find(answer);
    if (boxes.isEmpty()) {
      return Mark.of(false, 1);
    }
    double shared = overlap(region.box(), boxes.getFirst());
    return Mark.of(shared >= FOUND, 1 - shared);
  }

  /// The ground that both cover, as a part of what either does.
  private static double overlap(Box a, Box b) {
    double width = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
    double height = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top());
    double both = Math.max(0, width) * Math.max(0, height);
    double either = area(a) + area(b) - both;
    return either == 0 ? 0 : both / either;
  }

  private static double area(Box box) {
    return (box.right() - box.left()) * (box.bottom() - box.top());
  }

  private static boolean isSaid(Fact fact, Words said) {
    return switch (fact) {
      case Fact.Mention mention ->
          mention.oneOf().stream().anyMatch(text -> said.contains(Words.of(text)));
      case Fact.Amount amount -> isSaid(amount, said);
      case Fact.Pointed pointed -> isSaid(pointed, said);
    };
  }

  /// A name may also stand in a title, so any of its places will do.
  private static boolean isSaid(Fact.Amount amount, Words said) {
    var name = Words.of(amount.name());
    for (int at = said.find(name, 0); at >= 0; at = said.find(name, at + 1)) {
      var number = said.number(at + name.size(), NEAR);
      if (number.isPresent()
          && Math.abs(number.getAsDouble() - amount.value()) <= amount.tolerance() + ROUNDING) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSaid(Fact.Pointed pointed, Words said) {
    for (var cue : pointed.cues()) {
      var words = Words.of(cue);
      for (int at = said.find(words, 0); at >= 0; at = said.find(words, at + 1)) {
        int from = at + words.size();
        int right = said.find(Words.of(pointed.name()), from);
        boolean first =
            pointed.others().stream()
                .mapToInt(other -> said.find(Words.of(other), from))
                .allMatch(other -> other < 0 || other > right);
        if (right >= 0 && first) {
          return true;
        }
      }
    }
    return false;
  }
}
