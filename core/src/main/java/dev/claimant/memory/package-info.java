/** The reference source, held in memory. */
@NullMarked
package dev.claimant.memory;

import org.jspecify.annotations.NullMarked;
