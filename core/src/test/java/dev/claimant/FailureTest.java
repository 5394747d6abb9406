package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Settlement.DeadLetter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a message, by what its handler throws. */
class FailureTest {

    private final Rig rig = Rig.configured(settings -> settings.retry =
            RetryPolicy.exponential().firstDelay(Duration.ofSeconds(1)).maxAttempts(2));

    @Test
    void aPermanentFailureDeadLettersTheFirstAttemptWithItsReasonAndStack() {
        end(new PermanentFailure("no such customer", new IOException("404")));

        DeadLetter dead = deadLetter();
        assertThat(dead.reason()).isEqualTo("no such customer");
        assertThat(dead.error())
                .contains("PermanentFailure: no such customer\n\tat ", "Caused by: java.io.IOException: 404\n");
        assertThat(dead.claim().attempt()).isEqualTo(1);
    }

    static Stream<UnaryOperator<Throwable>> wrappers() {
        return Stream.of(
                CompletionException::new,
                ExecutionException::new,
                InvocationTargetException::new,
                UndeclaredThrowableException::new,
                said -> new CompletionException(new ExecutionException(new InvocationTargetException(said))));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void whatAHandlerSaysIsUnderstoodWhenItComesWrapped(UnaryOperator<Throwable> wrapper) {
        end(wrapper.apply(new AlreadyDone("done before")));
        end(wrapper.apply(new PermanentFailure("no such customer")));
        end(wrapper.apply(new RetryLater(Duration.ofHours(3), "the shop is closed")));

        assertThat(rig.heard.settled).containsExactly("Complete m APPLIED", "DeadLetter m APPLIED", "Retry m APPLIED");
        assertThat(rig.queue.deadLetters()).extracting(DeadLetter::reason).containsExactly("no such customer");
        assertThat(rig.queue.backlog().delayed()).hasValue(1);
    }

    @Test
    void aRetryLaterKeepsTheMessageAwayForItsOwnDelay() {
        end(new RetryLater(Duration.ofHours(3), "the shop is closed"));

        assertThat(rig.queue.backlog().delayed()).hasValue(1);
        rig.advance(Duration.ofHours(3).minusNanos(1));
        assertThat(rig.claim()).isZero();
        rig.advance(Duration.ofNanos(1));
        assertThat(rig.claim()).isEqualTo(1);
    }

    @Test
    void aRetryLaterOnTheLastAttemptDeadLetters() {
        end(new RetryLater(Duration.ZERO, "closed"));
        rig.claim();

        endClaimed(new RetryLater(Duration.ZERO, "still closed"));

        assertThat(deadLetter().reason()).isEqualTo("attempt 2 failed: still closed");
    }

    @Test
    void aRetryLaterForLongerThanAnyCounterHoldsIsCutToAHundredYears() {
        end(new RetryLater(ChronoUnit.FOREVER.getDuration(), "never"));

        assertThat(rig.heard.settled).containsExactly("Retry m APPLIED");
        assertThat(rig.queue.backlog().delayed()).hasValue(1);
    }

    @Test
    void aNegativeDelayIsRefused() {
        assertThatThrownBy(() -> new RetryLater(Duration.ofMillis(-5), "soon"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay: PT-0.005S is negative");
    }

    @Test
    void anyOtherFailureIsRetriedByPolicyAndDeadLetteredAfterTheLastAttempt() {
        end(new IOException("timeout"));
        assertThat(rig.heard.settled).containsExactly("Retry m APPLIED");
        rig.advance(Duration.ofSeconds(1));
        rig.claim();

        endClaimed(new StackOverflowError());

        assertThat(deadLetter().reason()).isEqualTo("attempt 2 failed: java.lang.StackOverflowError");
    }

    @Test
    void aFailureThatFailsWhenItIsReadEndsTheMessageAsAnyOther() {
        end(new Unreadable());
        assertThat(rig.heard.settled).containsExactly("Retry m APPLIED");
        rig.advance(Duration.ofSeconds(1));
        rig.claim();

        endClaimed(new Unreadable());

        assertThat(deadLetter().reason())
                .isEqualTo("attempt 2 failed: java.lang.IllegalStateException: a dev.claimant.FailureTest$Unreadable"
                        + " that cannot be read: it throws java.lang.NullPointerException");
    }

    @Test
    void aBodyThatCannotBeDecodedIsDeadLetteredWithTheReason() {
        List<Integer> handled = new ArrayList<>();
        Handler handler =
                Handler.decoding(message -> Integer.parseInt(message.text()), (number, claim) -> handled.add(number));

        end(Objects.requireNonNull(failureOf(handler, "forty-two")));

        assertThat(handled).isEmpty();
        assertThat(deadLetter().reason())
                .isEqualTo("cannot decode the body: java.lang.NumberFormatException: For input string: \"forty-two\"");
        assertThat(deadLetter().error()).contains("Caused by: java.lang.NumberFormatException");
    }

    @Test
    void aBodyThatCanBeDecodedReachesTheHandlerWithItsClaim() {
        List<String> handled = new ArrayList<>();
        Handler handler = Handler.decoding(
                message -> Integer.parseInt(message.text()), (number, claim) -> handled.add(claim.id() + (number + 1)));

        assertThat(failureOf(handler, "41")).isNull();

        assertThat(handled).containsExactly("m42");
    }

    @Test
    void aFailureAfterDecodingIsTheHandlersOwn() {
        IOException failure = new IOException("timeout");
        Handler handler = Handler.decoding(Message::text, (text, claim) -> {
            throw failure;
        });

        assertThat(failureOf(handler, "any")).isSameAs(failure);
    }

    private static final class Unreadable extends PermanentFailure {
        private static final long serialVersionUID = 1;

        Unreadable() {
            super("unread");
        }

        @Override
        public String getMessage() {
            throw new NullPointerException("no translation of this error");
        }
    }

    /** One message, claimed, whose handler throws this. */
    private void end(Throwable failure) {
        rig.send("m");
        rig.claim();
        endClaimed(failure);
    }

    private void endClaimed(Throwable failure) {
        rig.fail(rig.start(), failure);
        rig.settle();
    }

    private DeadLetter deadLetter() {
        assertThat(rig.queue.deadLetters()).hasSize(1);
        return rig.queue.deadLetters().get(0);
    }

    private static @Nullable Throwable failureOf(Handler handler, String body) {
        try {
            handler.handle(new Claim(Message.of("m", body), 1, 1, 0, Claim.NO_EXPIRY, -1));
            return null;
        } catch (Exception e) {
            return e;
        }
    }
}
