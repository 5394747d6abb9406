@NullMarked
package dev.claimant.opentelemetry;

import org.jspecify.annotations.NullMarked;
