package dev.claimant.sample.keda;

import java.util.Set;

/**
 * A pod that has ended.
 *
 * @param exitCode of its container; 128 plus the signal where one killed it
 * @param conditions of the pod that are true, such as {@code DisruptionTarget} for one that was evicted
 */
public record FinishedPod(int exitCode, Set<String> conditions) {}
