package io.plm4j.media.video;

/// What a video is as a whole.
///
/// @param width of its first frame as it is shown, turned upright, in pixels
/// @param height likewise. Pixels that are not square stay as they are: the model's tiles are
///   stretched anyway
/// @param frames how many frames it has, counted and not as its header says
/// @param averageFps frames a second, counted
/// @param duration when its last frame disappears, in seconds
/// @param codec what it is compressed with, by FFmpeg's name; `pictures` for pictures
public record VideoInfo(
    int width, int height, int frames, double averageFps, double duration, String codec) {}
