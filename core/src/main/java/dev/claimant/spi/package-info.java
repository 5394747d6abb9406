/** The seam: what a backend implements. */
@NullMarked
package dev.claimant.spi;

import org.jspecify.annotations.NullMarked;
