/// Reading of JSON files that people and other programs wrote: every value is asked for by name and
/// type, every error says where. Knows nothing of what the values mean.
@NullMarked
package io.plm4j.json;

import org.jspecify.annotations.NullMarked;
