package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.util.List;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.Test;

class KafkaErrorsTest {

    @Test
    void onlyAMemberThatTheGroupDoesNotKnowHasLostItsClaims() {
        assertThat(List.of(
                        new UnknownMemberIdException(),
                        new FencedMemberEpochException("test"),
                        new FencedInstanceIdException("test")))
                .allMatch(e -> KafkaErrors.verdict(e) == Verdict.LOST);
    }

    @Test
    void aRebalanceAMovingCoordinatorOrNoAnswerSaysNothing() {
        assertThat(List.<KafkaException>of(
                        new CommitFailedException(),
                        new StaleMemberEpochException("test"),
                        new RebalanceInProgressException(),
                        new RetriableCommitFailedException("test"),
                        new CoordinatorNotAvailableException("test"),
                        new CoordinatorLoadInProgressException("test"),
                        new NotCoordinatorException("test"),
                        new TimeoutException()))
                .allMatch(e -> KafkaErrors.verdict(e) == Verdict.UNKNOWN);
    }

    /** The offsets of the group are refused to such a member, too; the next polls join again, and no claim fails for that. */
    @Test
    void aMemberThatWasPutOutJoinsAgainUnlessAnotherHasItsPlace() {
        assertThat(KafkaErrors.mayPass(new UnknownMemberIdException())).isTrue();
        assertThat(KafkaErrors.mayPass(new FencedMemberEpochException("test"))).isTrue();
        assertThat(KafkaErrors.mayPass(new StaleMemberEpochException("test"))).isTrue();
        assertThat(KafkaErrors.mayPass(new FencedInstanceIdException("test"))).isFalse();
        assertThat(KafkaErrors.mayPass(GroupAuthorizationException.forGroupId("group")))
                .isFalse();
    }

    @Test
    void aMissingRightIsNotAskedForInALoop() {
        KafkaException missing = GroupAuthorizationException.forGroupId("group");

        assertThatThrownBy(() -> KafkaErrors.verdict(missing)).isSameAs(missing);
    }

    @Test
    void whoMayNotJoinIsMisconfiguredAndWhoGetsNoAnswerIsNot() {
        assertThat(KafkaErrors.notJoined("group", new SaslAuthenticationException("wrong password")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("wrong password");
        assertThat(KafkaErrors.notJoined("group", new TimeoutException("no answer")))
                .isInstanceOf(SourceException.class);
    }
}
