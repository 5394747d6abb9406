package dev.claimant.sqs;

import dev.claimant.SourceException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Turns what SQS and the SDK say into what the worker understands. */
final class SqsErrors {

    private static final Set<String> OVER =
            Set.of("ReceiptHandleIsInvalid", "MessageNotInflight", "InvalidReceiptHandle");
    private static final Set<String> BAD_CREDENTIALS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "SignatureDoesNotMatch",
            "InvalidSecurity",
            "InvalidAccessKeyId");
    private static final Set<String> DENIED =
            Set.of("AccessDenied", "AccessDeniedException", "AuthorizationError", "NotAuthorized", "Forbidden");

    private SqsErrors() {}

    /**
     * A failed request: the worker backs off and tries again.
     *
     * @param action as in an IAM policy, {@code sqs:ReceiveMessage}
     */
    static SourceException failed(String action, QueueAddress queue, Throwable failure) {
        Throwable cause = cause(failure);
        return new SourceException(action + " failed on " + queue + ": " + describe(action, queue, cause), cause);
    }

    static SourceException noAnswer(String action, QueueAddress queue, Duration within) {
        return new SourceException(action + " failed on " + queue + ": no answer within " + within, null);
    }

    /** The calling thread was interrupted where the contract knows no interrupt; its flag is set again. */
    static SourceException interrupted(String action, QueueAddress queue, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SourceException("interrupted during " + action + " on " + queue, e);
    }

    static String describe(String action, QueueAddress queue, Throwable failure) {
        Throwable cause = cause(failure);
        String said = message(cause);
        String code = code(cause);
        if (isMissing(cause)) {
            return "there is no such queue in this region and account";
        }
        if (code.startsWith("Kms")) {
            return "its encryption key cannot be used; the policy of the role and of the key must allow kms:Decrypt, and"
                    + " kms:GenerateDataKey to send: " + said;
        }
        if (BAD_CREDENTIALS.contains(code)) {
            return "the credentials are expired or unknown to this region (" + code + "): " + said;
        }
        if (isDenied(cause)) {
            return "denied; the role's policy must allow " + action + " on " + queue.name() + ": " + said;
        }
        if (code.equals("OverLimit")) {
            return "as many messages are in flight as SQS allows, 120,000: workers hold them, or did when they died: "
                    + said;
        }
        if (cause instanceof TimeoutException || cause instanceof ApiCallTimeoutException) {
            return "no answer in time";
        }
        return said;
    }

    /** Whether the receipt stands for nothing any more: another claim has the message, or it is gone. */
    static boolean isOver(@Nullable String code, @Nullable String message) {
        String name = normalized(code);
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        return OVER.contains(name)
                || (name.equals("InvalidParameterValue")
                        && (text.contains("not available for visibility timeout change")
                                || text.contains("receipt handle has expired")));
    }

    static boolean isMissing(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof QueueDoesNotExistException || code(cause).contains("NonExistentQueue");
    }

    /** Whether the credentials may not do this. */
    static boolean isDenied(Throwable failure) {
        Throwable cause = cause(failure);
        return DENIED.contains(code(cause))
                || (cause instanceof AwsServiceException service
                        && service.statusCode() == 403
                        && code(cause).isEmpty());
    }

    /** Whether asking again gets the same answer: rights, keys and credentials, not load and networks. */
    static boolean isRefusal(Throwable failure) {
        Throwable cause = cause(failure);
        return isDenied(cause)
                || isMissing(cause)
                || BAD_CREDENTIALS.contains(code(cause))
                || (code(cause).startsWith("Kms") && !code(cause).equals("KmsThrottled"));
    }

    /** Whether the message is larger than its queue takes. */
    static boolean isTooLarge(Throwable failure) {
        Throwable cause = cause(failure);
        String text = message(cause).toLowerCase(Locale.ROOT);
        return (code(cause).equals("InvalidParameterValue") && text.contains("must be shorter"))
                || code(cause).equals("InvalidMessageContents")
                || code(cause).equals("MessageTooLong");
    }

    private static String code(Throwable cause) {
        if (!(cause instanceof AwsServiceException service)) {
            return "";
        }
        AwsErrorDetails details = service.awsErrorDetails();
        return details == null ? "" : normalized(details.errorCode());
    }

    /** {@code AWS.SimpleQueueService.MessageNotInflight} and {@code MessageNotInflightException} are one. */
    private static String normalized(@Nullable String code) {
        if (code == null) {
            return "";
        }
        String name = code.substring(Math.max(code.lastIndexOf('.'), code.lastIndexOf('#')) + 1);
        return name.endsWith("Exception") && OVER.contains(name.substring(0, name.length() - 9))
                ? name.substring(0, name.length() - 9)
                : name;
    }

    private static String message(Throwable cause) {
        if (cause instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            String said = service.awsErrorDetails().errorMessage();
            return said == null ? code(cause) : said;
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
