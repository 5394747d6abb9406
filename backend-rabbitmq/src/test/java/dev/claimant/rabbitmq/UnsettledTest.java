package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.claimant.Message;
import dev.claimant.rabbitmq.Unsettled.Ack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UnsettledTest {

    private static final int CREDIT = 90;

    private final Unsettled unsettled = new Unsettled();
    private long lastTag;

    @Test
    void aPrefixIsSettledByOneCommand() {
        List<RabbitMqClaim> claims = delivered(5);

        assertThat(settle(claims.subList(0, 3))).containsExactly(new Ack(3, true));
        assertThat(settle(claims.subList(3, 5))).containsExactly(new Ack(5, true));
    }

    @Test
    void whatComesAfterAnOpenOneIsSettledOneByOne() {
        List<RabbitMqClaim> claims = delivered(4);

        assertThat(settle(List.of(claims.get(1), claims.get(3)))).containsExactly(new Ack(2, false), new Ack(4, false));
        assertThat(settle(List.of(claims.get(0)))).containsExactly(new Ack(1, true));
        assertThat(settle(List.of(claims.get(2)))).containsExactly(new Ack(3, true));
    }

    @Test
    void aClaimIsTakenOnce() {
        RabbitMqClaim claim = delivered(1).get(0);

        assertThat(unsettled.take(claim)).isTrue();
        assertThat(unsettled.take(claim)).isFalse();
        assertThat(unsettled.holds(claim)).isFalse();
        assertThat(unsettled.complete(claim)).isFalse();
    }

    @Test
    void whatIsCompletedIsHeldNoMoreBeforeTheBrokerHearsOfIt() {
        List<RabbitMqClaim> claims = delivered(3);
        unsettled.complete(claims.get(1));

        assertThat(unsettled.acks(false)).isEmpty();
        assertThat(unsettled.holds(claims.get(1))).isFalse();
        assertThat(unsettled.take(claims.get(1))).isFalse();
        assertThat(unsettled.complete(claims.get(1))).isFalse();
        assertThat(unsettled.size()).as("at the broker").isEqualTo(3);
        List<RabbitMqClaim> left = new ArrayList<>();
        unsettled.forEach(left::add);
        assertThat(left).containsExactly(claims.get(0), claims.get(2));

        unsettled.complete(claims.get(0));
        assertThat(unsettled.acks(false)).containsExactly(new Ack(2, true));
        assertThat(unsettled.unheard()).isZero();
    }

    @Test
    void whatWentBackIsNotInThePrefixThatItOpens() {
        List<RabbitMqClaim> claims = delivered(3);
        unsettled.complete(claims.get(1));
        unsettled.take(claims.get(0)); // its command leaves first

        assertThat(unsettled.acks(false)).containsExactly(new Ack(2, true));
    }

    @Test
    void fewCompletionsWaitForMore() {
        List<RabbitMqClaim> claims = delivered(90);

        assertThat(due(claims.subList(0, 29))).isEmpty();
        assertThat(due(claims.subList(29, 30))).containsExactly(new Ack(30, true));
        assertThat(due(claims.subList(30, 40))).isEmpty();
    }

    @Test
    void whereNothingWasToldForAWhileAPrefixWaitsForNothing() {
        List<RabbitMqClaim> claims = delivered(90);
        assertThat(List.of(claims.get(0), claims.get(2))).allMatch(unsettled::complete);

        assertThat(unsettled.due(true, false, CREDIT)).containsExactly(new Ack(1, true));
    }

    @Test
    void withACreditOfOneNothingWaits() {
        List<RabbitMqClaim> claims = delivered(1);
        assertThat(claims).allMatch(unsettled::complete);

        assertThat(unsettled.due(false, false, 1)).containsExactly(new Ack(1, true));
    }

    @Test
    void whatComesAfterAnOpenOneWaitsForIt() {
        List<RabbitMqClaim> claims = delivered(90);

        assertThat(due(claims.subList(1, 60))).isEmpty();
        assertThat(due(claims.subList(0, 1))).containsExactly(new Ack(60, true));
    }

    @Test
    void aClaimThatStarvesGetsTheRoomOfAPrefix() {
        List<RabbitMqClaim> claims = delivered(90);
        assertThat(List.of(claims.get(0), claims.get(1), claims.get(3))).allMatch(unsettled::complete);

        assertThat(unsettled.due(false, true, CREDIT)).containsExactly(new Ack(2, true));
    }

    @Test
    void aClaimThatStarvesGetsTheRoomOfAllWhereThereIsNoPrefix() {
        List<RabbitMqClaim> claims = delivered(90);
        assertThat(List.of(claims.get(1), claims.get(3))).allMatch(unsettled::complete);

        assertThat(unsettled.due(false, true, CREDIT)).containsExactly(new Ack(2, false), new Ack(4, false));
    }

    @Test
    void aMessageOfWhichThereIsACopyWaitsForNothing() {
        List<RabbitMqClaim> claims = delivered(90);
        claims.get(2).copy = CompletableFuture.completedFuture(CopyFate.SAFE);

        assertThat(due(List.of(claims.get(2)))).containsExactly(new Ack(3, false));
        assertThat(due(List.of(claims.get(1)))).isEmpty();
    }

    @Test
    void aMomentLaterThePrefixIsDue() {
        List<RabbitMqClaim> claims = delivered(90);
        assertThat(due(List.of(claims.get(0), claims.get(2)))).isEmpty();

        assertThat(unsettled.dueAfterMoment(1)).containsExactly(new Ack(1, true));
        assertThat(unsettled.dueAfterMoment(1)).as("another one is in the way").isEmpty();
    }

    @Test
    void aMomentLaterAllIsDueWhereTheSameOneIsStillOpen() {
        List<RabbitMqClaim> claims = delivered(90);
        assertThat(due(List.of(claims.get(1), claims.get(2)))).isEmpty();

        assertThat(unsettled.dueAfterMoment(1)).containsExactly(new Ack(2, false), new Ack(3, false));
    }

    @Test
    void aTagOfAnotherChannelIsNotHeld() {
        delivered(1);

        assertThat(unsettled.holds(claim(1))).isFalse();
    }

    /** Plays the broker: a command that names a tag that is not open there would close the channel, and one for a prefix settles all of it. */
    @Test
    void noCommandNamesATagThatIsNotOpenAndNothingElseIsSettled() {
        Random random = new Random(1);
        List<RabbitMqClaim> held = new ArrayList<>();
        TreeSet<Long> open = new TreeSet<>();
        Set<Long> ended = new HashSet<>();
        for (int round = 0; round < 5_000; round++) {
            for (RabbitMqClaim claim : delivered(random.nextInt(8))) {
                held.add(claim);
                open.add(claim.tag());
            }
            for (RabbitMqClaim claim : List.copyOf(held)) {
                int fate = random.nextInt(10);
                if (fate == 0) {
                    assertThat(unsettled.take(claim)).isTrue();
                    open.remove(claim.tag());
                    held.remove(claim);
                } else if (fate < 5) {
                    assertThat(unsettled.complete(claim)).isTrue();
                    ended.add(claim.tag());
                    held.remove(claim);
                }
            }
            boolean all = random.nextInt(4) == 0;
            for (Ack ack : all ? unsettled.acks(true) : due(random)) {
                assertThat(open).contains(ack.tag());
                SortedSet<Long> heard =
                        ack.multiple() ? open.headSet(ack.tag(), true) : new TreeSet<>(Set.of(ack.tag()));
                assertThat(ended).containsAll(heard);
                open.removeAll(List.copyOf(heard));
            }
            assertThat(unsettled.size()).isEqualTo(open.size());
            assertThat(unsettled.unheard()).isEqualTo(open.size() - held.size());
            if (all) {
                assertThat(unsettled.unheard()).isZero();
            }
        }
    }

    private List<Ack> settle(List<RabbitMqClaim> claims) {
        assertThat(claims).allMatch(unsettled::complete);
        return unsettled.acks(true);
    }

    private List<Ack> due(Random random) {
        return unsettled.due(random.nextBoolean(), random.nextBoolean(), random.nextInt(100));
    }

    private List<Ack> due(List<RabbitMqClaim> claims) {
        assertThat(claims).allMatch(unsettled::complete);
        return unsettled.due(false, false, CREDIT);
    }

    private List<RabbitMqClaim> delivered(int count) {
        List<RabbitMqClaim> claims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RabbitMqClaim claim = claim(++lastTag);
            unsettled.add(claim);
            claims.add(claim);
        }
        return claims;
    }

    @SuppressWarnings("NullAway") // a unsettled looks at tags alone
    private static RabbitMqClaim claim(long tag) {
        return new RabbitMqClaim(
                Message.of("m" + tag, ""),
                1,
                1,
                null,
                new Credit(1),
                new Envelope(tag, false, "", ""),
                new BasicProperties(),
                1);
    }
}
