/** What a worker says about its own pod. */
@NullMarked
package dev.claimant.sample.kubernetes;

import org.jspecify.annotations.NullMarked;
