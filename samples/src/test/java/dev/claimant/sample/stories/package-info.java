/** What the sample is for: on a real database, with workers as real processes, some of which are killed, paused or told to stop. */
@NullMarked
package dev.claimant.sample.stories;

import org.jspecify.annotations.NullMarked;
