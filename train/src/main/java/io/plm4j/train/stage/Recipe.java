package io.plm4j.train.stage;

import java.util.OptionalDouble;

/// What a stage has beyond the settings of a fine-tuning run: how its model differs from that of
/// the stage before.
///
/// @param poolingRatio how many columns, and rows, of patch vectors are averaged to one
/// @param layerScaleInit what all gains of the tower's branches are set to before the stage; empty
///   to go on with those there are
public record Recipe(int poolingRatio, OptionalDouble layerScaleInit) {}
