package io.plm4j.nano;

import io.plm4j.nano.chance.Level;
import io.plm4j.nano.talk.Exhibit;

/// One picture, clip or talk of a world.
///
/// @param number its place in the world, from 0
public record Sample(long number, Kind kind, Level level, Exhibit exhibit) {}
