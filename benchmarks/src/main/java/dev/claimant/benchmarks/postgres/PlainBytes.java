package dev.claimant.benchmarks.postgres;

import com.github.kagkarlsson.scheduler.serializer.Serializer;

/** Stores a task's bytes as they are: cheaper than Java's serialization, which is db-scheduler's default. */
final class PlainBytes implements Serializer {

    @Override
    public byte[] serialize(Object data) {
        return (byte[]) data;
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] data) {
        return type.cast(data);
    }
}
