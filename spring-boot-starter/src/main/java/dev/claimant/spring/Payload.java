package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.PermanentFailure;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** The payload of a message, as a listener wants it. */
@FunctionalInterface
interface Payload {

    /**
     * The value.
     *
     * @throws PermanentFailure if the body cannot be read as such
     */
    Object of(Claim claim);

    /** Text and bytes as they are, everything else through the application's JSON mapper; adds a problem where there is none. */
    static Payload of(Type type, @Nullable PayloadReader json, StartupProblems problems, String listener) {
        if (type == String.class) {
            return Claim::text;
        }
        if (type == byte[].class) {
            return claim -> claim.message().body();
        }
        if (json == null) {
            problems.add(listener + ": the payload of type " + type.getTypeName()
                    + " needs a JSON mapper: add spring-boot-starter-jackson, or take String or byte[]");
            return Claim::text;
        }
        return claim -> read(json, claim, type);
    }

    private static Object read(PayloadReader reader, Claim claim, Type type) {
        Object value;
        try {
            value = reader.read(claim.message().body(), type);
        } catch (Exception e) {
            throw new PermanentFailure("cannot decode the body as " + type.getTypeName() + ": " + e, e);
        }
        if (value == null) {
            throw new PermanentFailure("cannot decode the body as " + type.getTypeName() + ": it is null");
        }
        return value;
    }
}
