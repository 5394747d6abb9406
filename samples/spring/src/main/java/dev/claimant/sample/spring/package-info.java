/** A shop with Spring Boot. */
@NullMarked
package dev.claimant.sample.spring;

import org.jspecify.annotations.NullMarked;
