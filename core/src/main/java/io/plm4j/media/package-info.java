/// Pictures as the model must see them: decode, resize, cut into tiles, normalise. Every pixel
/// equals what Pillow and torchvision give the reference. Knows neither tensors nor models.
@NullMarked
package io.plm4j.media;

import org.jspecify.annotations.NullMarked;
