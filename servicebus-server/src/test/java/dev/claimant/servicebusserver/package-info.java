@NullMarked
package dev.claimant.servicebusserver;

import org.jspecify.annotations.NullMarked;
