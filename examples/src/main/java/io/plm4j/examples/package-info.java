/// Programs to read and to copy from: one file for each thing that plm4j does. Their arguments are
/// a model, `facebook/Perception-LM-1B` or a folder, and files to look at.
@NullMarked
package io.plm4j.examples;

import org.jspecify.annotations.NullMarked;
