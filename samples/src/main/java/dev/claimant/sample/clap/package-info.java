/** The work: claps, asked for in one table of the application and made in another. */
@NullMarked
package dev.claimant.sample.clap;

import org.jspecify.annotations.NullMarked;
