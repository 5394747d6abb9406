/** {@code bin/demo}: the shipped ScaledJob at work on this machine, with a real database and real processes. */
@NullMarked
package dev.claimant.sample.demo;

import org.jspecify.annotations.NullMarked;
