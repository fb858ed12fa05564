package io.plm4j.media.video;

import io.plm4j.media.Image;

/// A frame of a video.
///
/// @param index its place among all frames of the video in the order of showing, from 0
/// @param seconds when it appears
/// @param image its picture, upright
public record VideoFrame(int index, double seconds, Image image) {}
