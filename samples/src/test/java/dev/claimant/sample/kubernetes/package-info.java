@NullMarked
package dev.claimant.sample.kubernetes;

import org.jspecify.annotations.NullMarked;
