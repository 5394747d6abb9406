package dev.claimant.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;

/** Deletes and changes of visibility, ten in a request, all requests at once, an answer for each claim. */
final class Batches {

    /** SQS takes no more in one request. */
    static final int MOST = 10;

    static final String DELETE = "sqs:DeleteMessage";
    static final String CHANGE = "sqs:ChangeMessageVisibility";

    /** What SQS says of one claim. */
    enum Answer {
        DONE,
        /** The receipt stands for nothing any more. */
        OVER,
        UNKNOWN
    }

    private final Connections connections;
    private final QueueAddress queue;

    Batches(Connections connections, QueueAddress queue) {
        this.connections = connections;
        this.queue = queue;
    }

    /** The answers, in order; those of a request that fails end with its failure. */
    List<CompletableFuture<Answer>> delete(List<SqsClaim> claims) {
        return inTens(claims.size(), (from, to) -> {
            List<DeleteMessageBatchRequestEntry> entries = IntStream.range(from, to)
                    .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(claims.get(i).receiptHandle())
                            .build())
                    .toList();
            return connections
                    .client()
                    .deleteMessageBatch(request ->
                            request.queueUrl(queue.url()).entries(entries).overrideConfiguration(connections.once()))
                    .thenApply(response ->
                            answers(response.successful(), DeleteMessageBatchResultEntry::id, response.failed()));
        });
    }

    /** Keeps each message from others for its number of seconds from now on; 0 hands it back at once. */
    List<CompletableFuture<Answer>> keep(List<SqsClaim> claims, List<Integer> seconds) {
        return inTens(claims.size(), (from, to) -> {
            List<ChangeMessageVisibilityBatchRequestEntry> entries = IntStream.range(from, to)
                    .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(claims.get(i).receiptHandle())
                            .visibilityTimeout(seconds.get(i))
                            .build())
                    .toList();
            return connections
                    .client()
                    .changeMessageVisibilityBatch(request ->
                            request.queueUrl(queue.url()).entries(entries).overrideConfiguration(connections.once()))
                    .thenApply(response -> answers(
                            response.successful(), ChangeMessageVisibilityBatchResultEntry::id, response.failed()));
        });
    }

    private interface Request {
        CompletableFuture<Map<String, Answer>> send(int from, int to);
    }

    private static List<CompletableFuture<Answer>> inTens(int count, Request request) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>(count);
        for (int from = 0; from < count; from += MOST) {
            int to = Math.min(count, from + MOST);
            CompletableFuture<Map<String, Answer>> answered = sent(request, from, to);
            for (int i = from; i < to; i++) {
                String id = Integer.toString(i);
                answers.add(answered.thenApply(byId -> byId.getOrDefault(id, Answer.UNKNOWN)));
            }
        }
        return answers;
    }

    private static CompletableFuture<Map<String, Answer>> sent(Request request, int from, int to) {
        try {
            return request.send(from, to);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T> Map<String, Answer> answers(
            List<T> done, Function<T, String> id, List<BatchResultErrorEntry> failed) {
        Map<String, Answer> answers = done.stream().collect(Collectors.toMap(id, entry -> Answer.DONE));
        for (BatchResultErrorEntry entry : failed) {
            answers.put(entry.id(), SqsErrors.isOver(entry.code(), entry.message()) ? Answer.OVER : Answer.UNKNOWN);
        }
        return answers;
    }
}
