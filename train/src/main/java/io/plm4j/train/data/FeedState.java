package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where a feed stands.
///
/// @param feed whose state it is: all that its order depends on
/// @param draws how often a source was drawn
/// @param positions of each lane
/// @param good rows of each source so far
/// @param badRuns bad rows of each source since its last good one
/// @param open what incomplete batches hold
/// @param draining whether an epoch is over and open batches are given away
@SuppressWarnings("ArrayRecordComponent") // never compared
record FeedState(
    String feed,
    long draws,
    long[] positions,
    long[] good,
    long[] badRuns,
    List<List<Held>> open,
    boolean draining) {
  /// An example in an incomplete batch, by where it comes from.
  record Held(int lane, long position) {}

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  String toJson() {
    return MAPPER.writeValueAsString(this);
  }

  /// @param feed whose state it shall be
  /// @throws InputException if it is another feed's, or no state
  static FeedState parse(String json, String feed, int lanes, int sources) {
    @Nullable FeedState state;
    try {
      state = MAPPER.readValue(json, FeedState.class);
    } catch (JacksonException e) {
      throw new InputException(
          "The position in the data, %s, cannot be read: %s"
              .formatted(Excerpt.of(json), Excerpt.of(e.getOriginalMessage())),
          e);
    }
    if (state == null) {
      throw damaged(json);
    }
    if (!state.feed().equals(feed)) {
      throw new InputException(
          "The position in the data is that of other data or settings: it belongs to %s, but the data are %s. Go on with the same ones, or start anew."
              .formatted(state.feed(), feed));
    }
    if (!state.fits(lanes, sources)) {
      throw damaged(json);
    }
    return state;
  }

  private static InputException damaged(String json) {
    return new InputException(
        "The position in the data, %s, is damaged".formatted(Excerpt.of(json)));
  }

  private boolean fits(int lanes, int sources) {
    return positions.length == lanes
        && good.length == sources
        && badRuns.length == sources
        && draws >= 0
        && java.util.Arrays.stream(positions).allMatch(position -> position >= 0)
        && open.stream()
            .flatMap(List::stream)
            .allMatch(held ->
                held.lane() >= 0
                    && held.lane() < lanes
                    && held.position() >= 0
                    && held.position() < positions[held.lane()]);
  }
}
