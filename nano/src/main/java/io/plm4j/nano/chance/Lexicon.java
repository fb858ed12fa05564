package io.plm4j.nano.chance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Words to print: common English ones, themes whose words belong together, and strings that are no
/// words at all, so that who reads them must read.
public final class Lexicon {
  private static final String CONSONANTS = "bcdfghjklmnprstvwz";
  private static final String VOWELS = "aeiou";
  // Without I, l, O and 0: in many fonts nobody can tell them apart.
  private static final String SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final String SMALL_SIGNS = "abcdefghijkmnopqrstuvwxyz";
  // Alone and without a line to stand on, a small c could be a large one, a b of some fonts a 6.
  private static final String CLEAR_SIGNS = SIGNS + "123456789" + "adefghijmnrty";

  /// Words of one kind, as people put them below bars.
  ///
  /// @param noun what they are
  /// @param members in their order, where they have one
  /// @param ordered whether the order matters, as for months
  public record Theme(String noun, List<String> members, Order order) {
    /// Whether a theme's members have an order.
    public enum Order {
      FIXED,
      FREE
    }
  }

  private static final List<Theme> THEMES =
      List.of(
          free("Fruit", "Apples Bananas Cherries Grapes Lemons Oranges Pears Plums Kiwis Mangos"),
          free("Animal", "Cats Dogs Birds Fish Horses Cows Sheep Goats Rabbits Ducks"),
          free(
              "Country",
              "France Spain Italy Japan China India Brazil Canada Mexico Norway Egypt Kenya Chile Peru Greece"),
          free(
              "City",
              "Paris London Rome Tokyo Berlin Madrid Oslo Cairo Lima Delhi Boston Dallas Miami Vienna"),
          free("Region", "North South East West Central"),
          free("Product", "Shoes Shirts Hats Bags Phones Books Toys Games Chairs Tables Lamps"),
          free("Sport", "Soccer Tennis Golf Hockey Rugby Chess Boxing Skiing Rowing"),
          free("Vehicle", "Car Bus Train Bike Tram Plane Truck Boat"),
          free("Subject", "Math Art Music History Biology Physics English French"),
          free(
              "Name",
              "Anna Ben Carla David Emma Frank Grace Henry Ivan Julia Kate Leo Maria Nina Tom"),
          free("Department", "Sales Finance Legal Support Design IT HR Research"),
          free("Drink", "Coffee Tea Milk Juice Water Soda Wine Beer"),
          free("Group", "A B C D E F G H"),
          free("Language", "Java Python Rust Go Ruby Scala Kotlin Swift"),
          fixed("Month", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
          fixed("Month", "January February March April May June July August"),
          fixed("Day", "Mon Tue Wed Thu Fri Sat Sun"),
          fixed("Day", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
          fixed("Quarter", "Q1 Q2 Q3 Q4"),
          fixed("Year", "2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025"),
          fixed("Year", "1990 1995 2000 2005 2010 2015 2020 2025"),
          fixed("Size", "XS S M L XL"),
          fixed("Season", "Spring Summer Autumn Winter"),
          fixed("Grade", "1 2 3 4 5 6 7 8 9"),
          fixed("Week", "W1 W2 W3 W4 W5 W6"));

  private final List<String> words;

  private Lexicon(List<String> words) {
    this.words = words;
  }

  /// Reads the list that comes with the module.
  public static Lexicon read() {
    try (var in =
        Objects.requireNonNull(Lexicon.class.getResourceAsStream("words.txt"), "words.txt")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Lexicon(List.of(text.strip().split("\\s+")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Theme free(String noun, String members) {
    return new Theme(noun, List.of(members.split(" ")), Theme.Order.FREE);
  }

  private static Theme fixed(String noun, String members) {
    return new Theme(noun, List.of(members.split(" ")), Theme.Order.FIXED);
  }

  /// All words, in small letters.
  public List<String> words() {
    return words;
  }

  /// A word with at most so many letters, in small letters.
  public String word(Dice dice, int mostLetters) {
    while (true) {
      var word = dice.pick(words);
      if (word.length() <= mostLetters) {
        return word;
      }
    }
  }

  public Theme theme(Dice dice) {
    return dice.pick(THEMES);
  }

  /// Members of a theme: neighbours where they have an order.
  public static List<String> members(Theme theme, Dice dice, int count) {
    var all = theme.members();
    int taken = Math.min(count, all.size());
    return switch (theme.order()) {
      case FREE -> dice.some(all, taken);
      case FIXED -> {
        int first = dice.between(0, all.size() - taken);
        yield all.subList(first, first + taken);
      }
    };
  }

  /// Different words with at most so many letters.
  public List<String> different(Dice dice, int count, int mostLetters) {
    var found = new LinkedHashSet<String>();
    while (found.size() < count) {
      found.add(dice.chance(0.9) ? word(dice, mostLetters) : syllables(dice, mostLetters));
    }
    return List.copyOf(found);
  }

  /// Something that could be a word of some language.
  public String syllables(Dice dice, int mostLetters) {
    int length = dice.between(3, Math.max(3, Math.min(mostLetters, 8)));
    var made = new StringBuilder();
    boolean vowel = dice.chance(0.3);
    while (made.length() < length) {
      var letters = vowel ? VOWELS : CONSONANTS;
      made.append(letters.charAt(dice.between(0, letters.length() - 1)));
      vowel = dice.chance(0.12) ? vowel : !vowel;
    }
    return made.toString();
  }

  /// Letters, or letters and digits, that mean nothing.
  public String code(Dice dice, int length) {
    var letters = dice.chance(0.6) ? SIGNS : SMALL_SIGNS;
    double digits = dice.pick(0.0, 0.3, 0.5);
    var made = new StringBuilder();
    for (int i = 0; i < length; i++) {
      made.append(
          dice.chance(digits)
              ? (char) ('1' + dice.between(0, 8))
              : letters.charAt(dice.between(0, letters.length() - 1)));
    }
    return made.toString();
  }

  /// A letter or a digit that can be told from all others where it stands alone.
  public String letter(Dice dice) {
    return CLEAR_SIGNS.substring(dice.between(0, CLEAR_SIGNS.length() - 1)).substring(0, 1);
  }

  /// How letters are written.
  public enum Case {
    SMALL,
    FIRST_CAPITAL,
    CAPITALS;

    public String of(String text) {
      return switch (this) {
        case SMALL -> text;
        case FIRST_CAPITAL ->
            text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        case CAPITALS -> text.toUpperCase(Locale.ROOT);
      };
    }

    /// The same for each word.
    public List<String> of(List<String> texts) {
      var all = new ArrayList<String>();
      texts.forEach(text -> all.add(of(text)));
      return List.copyOf(all);
    }
  }
}
