/** Claims rows of a PostgreSQL table. */
@NullMarked
package dev.claimant.postgres;

import org.jspecify.annotations.NullMarked;
