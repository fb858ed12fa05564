/// Draws and films what the small model that ships learns from, asks about it, and judges answers.
///
/// Must not know how a model learns or answers.
@NullMarked
package io.plm4j.nano;

import org.jspecify.annotations.NullMarked;
