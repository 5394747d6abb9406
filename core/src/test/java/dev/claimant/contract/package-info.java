/** The contract of a source, as rules that a backend's tests run against a real broker. See {@code README.md} beside this file. */
@NullMarked
package dev.claimant.contract;

import org.jspecify.annotations.NullMarked;
