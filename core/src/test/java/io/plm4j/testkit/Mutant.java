package io.plm4j.testkit;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Damaged copies of files, for readers that must survive them.
public final class Mutant {
  private Mutant() {}

  /// How many mutants a test tries: few in a build, `-Dplm.fuzz.cases=N` for long trials.
  public static int cases(int inABuild) {
    return Integer.getInteger("plm.fuzz.cases", inABuild);
  }

  /// A copy with some bytes changed, moved or cut off, mostly where headers and indexes stand.
  ///
  /// @param headers how far these reach from either end, in bytes
  public static byte[] of(byte[] original, int headers, RandomGenerator random) {
    byte[] file = original.clone();
    int changes = random.nextInt(1, 8);
    for (int i = 0; i < changes; i++) {
      int at =
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(Math.min(headers, file.length));
            case 1 -> file.length - 1 - random.nextInt(Math.min(headers, file.length));
            default -> random.nextInt(file.length);
          };
      switch (random.nextInt(6)) {
        case 0 -> file[at] = (byte) random.nextInt(256);
        case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[at] = (byte) 0xFF;
        case 3 ->
            Arrays.fill(file, at, Math.min(at + 4, file.length), (byte) random.nextInt(-1, 2));
        case 4 -> file[at] = 0;
        default -> {
          int from = random.nextInt(file.length);
          int length = Math.min(random.nextInt(64), file.length - Math.max(from, at));
          System.arraycopy(file, from, file, at, length);
        }
      }
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
  }

  /// A copy of a text with characters that mean something to JSON in wrong places.
  public static String ofJson(String original, RandomGenerator random) {
    var telling = "{}[]\",:0123456789-.eE\\ntfu \u0000\uD800";
    var text = new StringBuilder(original);
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes && !text.isEmpty(); i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, telling.charAt(random.nextInt(telling.length())));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, telling.charAt(random.nextInt(telling.length())));
        case 3 -> {
          int end = Math.min(text.length(), at + random.nextInt(1, 40));
          text.insert(random.nextInt(text.length()), text.substring(at, end));
        }
        default -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 20)));
      }
    }
    return text.toString();
  }
}
