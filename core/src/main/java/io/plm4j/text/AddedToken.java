package io.plm4j.text;

/// A token that is found in the text before anything is split, such as `<|image|>`.
///
/// @param special whether it steers the model rather than being text
/// @param singleWord whether it is a token only where no letter or digit touches it
/// @param eatsLeft whether white space before it belongs to it (`lstrip`)
/// @param eatsRight whether white space after it belongs to it (`rstrip`)
/// @param normalized whether it is looked for only after the tokens that are not
record AddedToken(
    int id,
    String content,
    boolean special,
    boolean singleWord,
    boolean eatsLeft,
    boolean eatsRight,
    boolean normalized) {}
