/** Claimant's workers in a Spring Boot application: listeners, properties, life cycle, transactions, health. */
@NullMarked
package dev.claimant.spring;

import org.jspecify.annotations.NullMarked;
