package io.plm4j;

import io.plm4j.generate.FinishReason;
import io.plm4j.generate.Generation;
import java.util.List;

/// What the model says.
///
/// @param tokens every generated id, the one that ended the answer included
/// @param promptTokens how many tokens the model read, those of pictures included
/// @param firstScores the likeliest first tokens with their logits, best first
public record Answer(
    String text,
    int[] tokens,
    int promptTokens,
    FinishReason finishReason,
    List<Generation.Score> firstScores) {}
