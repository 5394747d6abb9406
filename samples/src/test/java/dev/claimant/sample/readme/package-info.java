/** What README.md shows, compiled and run. */
@NullMarked
package dev.claimant.sample.readme;

import org.jspecify.annotations.NullMarked;
