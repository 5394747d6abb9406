/**
 * {@code claimant-sample check}: reads Kubernetes manifests and says what is wrong with them, each finding with its line and a remedy.
 * The fields of KEDA's own kinds are in {@code fields.yaml}, the metadata of its scalers in {@code scalers.yaml}, both as of KEDA v2.20.
 */
@NullMarked
package dev.claimant.sample.check;

import org.jspecify.annotations.NullMarked;
