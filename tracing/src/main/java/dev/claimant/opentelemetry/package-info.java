/** Traces with OpenTelemetry. */
@NullMarked
package dev.claimant.opentelemetry;

import org.jspecify.annotations.NullMarked;
