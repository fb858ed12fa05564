package io.plm4j.train.data;

import io.plm4j.language.SequenceTree;
import io.plm4j.text.Prompt;

/// Ids with what is learnt of them.
///
/// @param labels one an id: the id itself, or [Example#IGNORED]
@SuppressWarnings("ArrayRecordComponent") // never compared
record Labelled(Prompt prompt, int[] labels, SequenceTree tree) {
  Labelled(Prompt prompt, int[] labels) {
    this(prompt, labels, SequenceTree.plain(labels.length));
  }
}
