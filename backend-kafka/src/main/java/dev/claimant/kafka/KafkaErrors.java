package dev.claimant.kafka;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.util.List;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

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
     * What a failed commit says of the claims in it. LOST only where the broker does not know us any more and gives our partitions away. A
     * group in the middle of a rebalance, a coordinator that moves, an epoch that we have not heard of, or no answer at all says neither; if
     * it was a loss, the next poll tells us. {@link CommitFailedException} is one of these: the client has it for a stale epoch too.
     *
     * @throws KafkaException one that asking again will not cure, such as a missing permission
     */
    static Verdict verdict(KafkaException e) {
        if (isOut(e)) {
            return Verdict.LOST;
        }
        if (saysNothing(e)) {
            return Verdict.UNKNOWN;
        }
        throw e;
    }

    private static boolean isOut(Exception e) {
        return e instanceof UnknownMemberIdException
                || e instanceof FencedMemberEpochException
                || e instanceof FencedInstanceIdException;
    }

    private static boolean saysNothing(Exception e) {
        return e instanceof RetriableException
                || e instanceof CommitFailedException
                || e instanceof RebalanceInProgressException
                || e instanceof StaleMemberEpochException;
    }

    /**
     * Whether a later try may go well, whatever failed: a member that was put out is told so by any request, not only by commits, and its next
     * polls join the group again.
     */
    static boolean mayPass(Exception e) {
        return saysNothing(e) || (isOut(e) && !isFatal(e));
    }

    /** Whether the member can never go on: another has its place. */
    static boolean isFatal(Exception e) {
        return e instanceof FencedInstanceIdException;
    }

    /** Whether what keeps us from joining is a setting or a right, which no later try will cure. */
    static boolean isMisconfiguration(Throwable e) {
        return e instanceof AuthenticationException
                || e instanceof AuthorizationException
                || e instanceof InvalidGroupIdException
                || e instanceof InvalidTopicException
                || e instanceof GroupIdNotFoundException
                || e instanceof InconsistentGroupProtocolException
                || e instanceof UnsupportedVersionException;
    }

    /** Why a worker could not join the group: wrong settings and missing rights are no outage. */
    static RuntimeException notJoined(String group, Throwable e) {
        String what = "cannot join as group " + group + ": " + describe(e);
        return isMisconfiguration(e)
                ? new ConfigurationException(List.of("group: " + what))
                : new SourceException(what, e);
    }
}
