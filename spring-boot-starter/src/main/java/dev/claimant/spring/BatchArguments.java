package dev.claimant.spring;

import dev.claimant.Batch;
import dev.claimant.Claim;
import dev.claimant.Message;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a listener's method for batches: the batch, and lists with an element for each message that can be read, in one order. */
final class BatchArguments {

    private interface Argument {
        Object of(Batch batch, Decoded decoded);
    }

    /** The claims whose payloads could be read, with these; the payload is the claim itself where the method wants none. */
    record Decoded(Map<Claim, Object> payloads) {

        boolean isEmpty() {
            return payloads.isEmpty();
        }

        List<Claim> claims() {
            return List.copyOf(payloads.keySet());
        }
    }

    private final List<Argument> arguments = new ArrayList<>();
    private @Nullable Payload payload;
    private int payloads;

    private BatchArguments() {}

    /** Adds a problem for each parameter that no batch can fill. */
    static BatchArguments of(Method method, @Nullable PayloadReader json, StartupProblems problems) {
        BatchArguments made = new BatchArguments();
        String listener = Listeners.describe(method);
        for (Parameter parameter : method.getParameters()) {
            made.arguments.add(made.argument(parameter, json, problems, listener));
        }
        problems.when(
                made.payloads > 1,
                listener + ": has " + made.payloads + " lists that could be the payloads; one at most");
        return made;
    }

    private Argument argument(
            Parameter parameter, @Nullable PayloadReader json, StartupProblems problems, String listener) {
        if (parameter.getType() == Batch.class) {
            return (batch, decoded) -> batch;
        }
        Type element = parameter.getType() == List.class ? elementOf(parameter.getParameterizedType()) : null;
        if (element == null) {
            problems.add(listener
                    + ": takes batches, whose parameters are Batch, List<Claim>, List<Message> or a list of"
                    + " payloads, and not " + parameter.getParameterizedType().getTypeName());
            return (batch, decoded) -> batch;
        }
        if (element instanceof Class<?> type && Claim.class.isAssignableFrom(type)) {
            return (batch, decoded) -> decoded.claims().stream()
                    .map(claim -> Arguments.claimOf(type, claim))
                    .toList();
        }
        if (element == Message.class) {
            return (batch, decoded) ->
                    decoded.claims().stream().map(Claim::message).toList();
        }
        payloads++;
        payload = Payload.of(element, json, problems, listener);
        return (batch, decoded) -> List.copyOf(decoded.payloads().values());
    }

    private static @Nullable Type elementOf(Type list) {
        if (!(list instanceof ParameterizedType parameterized)) {
            return null;
        }
        Type element = parameterized.getActualTypeArguments()[0];
        return element instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : element;
    }

    /** A message that cannot be read has failed; the others are worked on. */
    Decoded read(Batch batch) {
        Map<Claim, Object> decoded = new LinkedHashMap<>();
        for (Claim claim : batch.claims()) {
            try {
                decoded.put(claim, payload == null ? claim : payload.of(claim));
            } catch (
                    Throwable
                            e) { // errors too, such as of a body that is nested too deeply: it is this message's alone
                batch.fail(claim, e);
            }
        }
        return new Decoded(decoded);
    }

    @Nullable Object[] make(Batch batch, Decoded decoded) {
        return arguments.stream().map(argument -> argument.of(batch, decoded)).toArray();
    }
}
