/**
 * What KEDA and Kubernetes decide, as arithmetic: how many Jobs to create, how many replicas to run, what follows a finished pod. Time
 * and metrics come in, decisions come out; nothing here waits, starts a thread or reaches a source.
 *
 * <p>Read in the sources of KEDA v2.20.2 (scaledjob/metrics.go, executor/scale_jobs.go, executor/scale_scaledobjects.go,
 * kafka_scaler.go) and of the Kubernetes controllers (podautoscaler/horizontal.go, replica_calculator.go, job/job_controller.go). Not
 * modelled: fallback, scalingModifiers, pausing, parallel or indexed Jobs.
 */
@NullMarked
package dev.claimant.sample.keda;

import org.jspecify.annotations.NullMarked;
