package dev.claimant;

/** Turns a message into a value. Called from many threads at once. */
@FunctionalInterface
public interface Codec<T> {

    /**
     * Reads the value.
     *
     * @throws Exception if the body can never be read: the message is dead-lettered with this as the reason
     */
    T decode(Message message) throws Exception;
}
