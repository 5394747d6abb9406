package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.sqs.ScriptedSqs.Answer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AWS, ElasticMQ and fauxqs say of an old receipt, and of what a request may not do. */
class AnswersTest {

    private static final String DELETE = "DeleteMessageBatch";
    private static final String CHANGE = "ChangeMessageVisibilityBatch";

    private final Rig rig = new Rig();

    @AfterEach
    void end() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ReceiptHandleIsInvalid                       | The input receipt handle is invalid.
            AWS.SimpleQueueService.MessageNotInflight    | The message referred to isn't in flight.
            InvalidParameterValue                        | Value x for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.
            InvalidParameterValue                        | Value x for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.
            """)
    void anOldReceiptIsALostLock(String code, String message) {
        rig.send("taken over");
        SqsClaim claim = rig.claim();
        rig.between.script(CHANGE, Answer.entryFailed(code, message));

        assertThat(rig.renew(claim)).isEqualTo(Verdict.LOST);

        rig.between.unscript();
        assertThat(rig.settle(new Complete(claim)))
                .as("what was lost stays lost")
                .isEqualTo(Verdict.LOST);
    }

    @Test
    void anOldReceiptOfARepeatedCompletionWasUs() {
        rig.send("answer lost");
        SqsClaim claim = rig.claim();
        rig.between.script(DELETE, Answer.error(500, "InternalFailure", "try again"));
        assertThat(rig.settle(new Complete(claim))).isEqualTo(Verdict.UNKNOWN);
        rig.between.script(
                DELETE, Answer.entryFailed("ReceiptHandleIsInvalid", "The input receipt handle is invalid."));

        assertThat(rig.settle(new Complete(claim).asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void anOldReceiptOfAFirstCompletionIsALoss() {
        rig.send("taken over");
        SqsClaim claim = rig.claim();
        rig.between.script(
                DELETE, Answer.entryFailed("ReceiptHandleIsInvalid", "The input receipt handle is invalid."));

        assertThat(rig.settle(new Complete(claim))).isEqualTo(Verdict.LOST);
    }

    /** The renewal's answer overtakes the completion's: it must not make a loss of what was done. */
    @Test
    void aRenewalThatFindsItsClaimCompletedDoesNotUndoTheCompletion() {
        rig.send("crossed");
        SqsClaim claim = rig.claim();
        rig.between.script(DELETE, Answer.error(500, "InternalFailure", "done, and not answered"));
        Complete complete = new Complete(claim);
        assertThat(rig.settle(complete)).isEqualTo(Verdict.UNKNOWN);
        rig.between.script(
                CHANGE, Answer.entryFailed("ReceiptHandleIsInvalid", "The input receipt handle is invalid."));
        assertThat(rig.renew(claim)).isEqualTo(Verdict.LOST);
        rig.between.unscript();

        assertThat(rig.settle(complete.asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void anotherFailureOfAnEntrySaysNothing() {
        rig.send("throttled");
        SqsClaim claim = rig.claim();
        rig.between.script(CHANGE, Answer.entryFailed("InternalError", "We encountered an internal error."));
        rig.between.script(DELETE, Answer.error(403, "RequestThrottled", "Rate exceeded"));

        assertThat(rig.renew(claim)).isEqualTo(Verdict.UNKNOWN);

        rig.between.unscript();
        assertThat(rig.settle(new Complete(claim))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aReleaseThatWasNotAnsweredIsNotSentAgain() {
        String id = rig.send("handed back");
        SqsClaim claim = rig.claim();
        rig.between.script(CHANGE, Answer.error(500, "InternalFailure", "try again"));
        Release release = new Release(claim);
        assertThat(rig.settle(release)).isEqualTo(Verdict.UNKNOWN);
        rig.between.unscript();
        int before = rig.between.actions.size();

        assertThat(rig.settle(release.asRepeated())).isEqualTo(Verdict.LOST);

        assertThat(rig.between.actions).hasSize(before);
        assertThat(rig.queue.receive(rig.queue.url(), 1))
                .as("%s is still locked", id)
                .isEmpty();
    }

    @Test
    void aRetryThatWasNotAnsweredIsSentAgainWithinItsDelay() {
        rig.send("fails");
        SqsClaim claim = rig.claim();
        rig.between.script(CHANGE, Answer.error(500, "InternalFailure", "try again"));
        Retry late = new Retry(claim, Duration.ofMinutes(5), "it failed");
        assertThat(rig.settle(late)).isEqualTo(Verdict.UNKNOWN);
        rig.between.unscript();

        assertThat(rig.settle(late.asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aRetryThatWasNotAnsweredIsNotSentAgainBeyondItsDelay() {
        rig.send("fails");
        SqsClaim claim = rig.claim();
        rig.between.script(CHANGE, Answer.error(500, "InternalFailure", "try again"));
        Retry atOnce = new Retry(claim, Duration.ZERO, "it failed");
        assertThat(rig.settle(atOnce)).isEqualTo(Verdict.UNKNOWN);
        rig.between.unscript();

        assertThat(rig.settle(atOnce.asRepeated())).isEqualTo(Verdict.LOST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AccessDenied            | 403 | User x is not authorized to perform: sqs:deletemessage | must allow sqs:DeleteMessage
            ExpiredToken            | 403 | The security token included in the request is expired  | credentials are expired
            KmsAccessDenied         | 400 | The ciphertext refers to a key that is not accessible  | kms:Decrypt
            """)
    void aRefusalNamesTheActionTheQueueAndTheRemedy(String code, int status, String message, String remedy) {
        rig.send("not to be deleted");
        SqsClaim claim = rig.claim();
        rig.between.script(DELETE, Answer.error(status, code, message));

        assertThatThrownBy(() -> rig.settle(new Complete(claim)))
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll("sqs:DeleteMessage", rig.queue.url(), message, remedy);

        rig.between.unscript();
        assertThat(rig.settle(new Complete(claim).asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void tooManyInFlightSaysSo() {
        rig.between.script("ReceiveMessage", Answer.error(403, "OverLimit", "too many"));

        assertThatThrownBy(() -> rig.source().claim(1, Duration.ZERO))
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll("sqs:ReceiveMessage", rig.queue.url(), "in flight", "120,000");
    }

    @Test
    void aReceiveIsSentOnceHoweverItFails() {
        rig.between.script("ReceiveMessage", Answer.error(500, "InternalFailure", "try again"));

        assertThatThrownBy(() -> rig.source().claim(1, Duration.ZERO)).isInstanceOf(SourceException.class);

        assertThat(rig.between.actions.stream().filter("ReceiveMessage"::equals))
                .hasSize(1);
    }
}
