/// What tests of several modules share; published as the test jar of `core`.
@NullMarked
package io.plm4j.testkit;

import org.jspecify.annotations.NullMarked;
