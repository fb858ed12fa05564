/// Videos: which frames are looked at, their pictures, and when they are shown. A video is a file,
/// a folder of pictures or a list of them. Knows neither tensors nor models; nothing else imports
/// FFmpeg.
@NullMarked
package io.plm4j.media.video;

import org.jspecify.annotations.NullMarked;
