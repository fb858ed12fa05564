package io.plm4j.media.video;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// Names in the order that people expect: numbers in them by their value, so `frame2` before
/// `frame10`.
final class NaturalOrder {
  private static final Pattern BORDER = Pattern.compile("(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)");

  private NaturalOrder() {}

  static int compare(String a, String b) {
    var left = BORDER.split(a);
    var right = BORDER.split(b);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order =
          isNumber(left[i]) && isNumber(right[i])
              ? new BigInteger(left[i]).compareTo(new BigInteger(right[i]))
              : left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(left.length, right.length);
    // Names such as 1 and 01 are equal so far, and yet two files.
    return order != 0 ? order : a.compareTo(b);
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && part.charAt(0) >= '0' && part.charAt(0) <= '9';
  }
}
