package dev.claimant.kafka;

import dev.claimant.SourceException;
import dev.claimant.Verdict;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** Turns what the client throws into what the worker understands. */
final class KafkaErrors {

    private KafkaErrors() {}

    static SourceException failed(String tried, String group, Throwable e) {
        return new SourceException("cannot " + tried + " as group " + group + ": " + describe(e), e);
    }

    /** The calling thread was interrupted where the contract knows no interrupt; its flag is set again. */
    static SourceException interrupted(String tried, String group, Throwable e) {
        Thread.currentThread().interrupt();
        return new SourceException("interrupted while trying to " + tried + " as group " + group, e);
    }

    static String describe(Throwable e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /**
     * What a failed commit says of the claims in it. A group that does not know us any more has given our partitions away, so LOST; a
     * group in the middle of a rebalance, or no answer at all, says neither.
     *
     * @throws KafkaException one that asking again will not cure, such as a missing permission
     */
    static Verdict verdict(KafkaException e) {
        if (e instanceof CommitFailedException
                || e instanceof UnknownMemberIdException
                || e instanceof IllegalGenerationException
                || e instanceof FencedInstanceIdException) {
            return Verdict.LOST;
        }
        if (e instanceof RetriableException) {
            return Verdict.UNKNOWN;
        }
        throw e;
    }
}
