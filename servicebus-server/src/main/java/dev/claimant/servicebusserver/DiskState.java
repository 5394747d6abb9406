package dev.claimant.servicebusserver;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Keeps the namespace in a journal, and makes it anew from one. Only the reactor's thread uses it after the start. */
final class DiskState implements AutoCloseable {

    private static final int ENTITIES = 'E';
    private static final int CLOCK = 'C';
    private static final int QUEUE = 'Q';

    private final Entities entities;
    private final ServerClock clock;
    private final Journal journal;
    private long writtenOffset;

    /** Brings back what the directory holds. */
    DiskState(Path directory, Entities entities, ServerClock clock) throws IOException {
        this.entities = entities;
        this.clock = clock;
        journal = new Journal(directory);
        try {
            journal.read(this::read);
            entities.all().forEach(MessageQueue::restored);
            entities.haveChanged = true;
            writtenOffset = -1;
            journal.rewrite(changes());
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Writes what has changed; to be called before any answer goes out. A server that cannot write ends, or it would promise too much. */
    void write() {
        try {
            byte[] changes = changes();
            if (changes.length > 0) {
                journal.append(changes);
            }
        } catch (IOException e) {
            throw new IOError(e);
        }
    }

    private byte[] changes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (clock.offset() != writtenOffset) {
                writtenOffset = clock.offset();
                out.writeByte(CLOCK);
                out.writeLong(writtenOffset);
            }
            if (entities.haveChanged) {
                entities.haveChanged = false;
                out.writeByte(ENTITIES);
                writeEntities(out);
            }
            for (MessageQueue queue : entities.all()) {
                if (!queue.changes.isEmpty()) {
                    out.writeByte(QUEUE);
                    write(out, queue);
                    queue.changes.clear();
                }
            }
        }
        return bytes.toByteArray();
    }

    private void read(DataInputStream frame) throws IOException {
        for (int kind = frame.read(); kind >= 0; kind = frame.read()) {
            switch (kind) {
                case CLOCK -> clock.advance(frame.readLong() - clock.offset());
                case ENTITIES -> readEntities(frame);
                case QUEUE -> readQueue(frame);
                default -> throw new IOException("not a journal of this server: a record of kind " + kind);
            }
        }
    }

    // ---- entities

    private void writeEntities(DataOutputStream out) throws IOException {
        List<String> topics = entities.topics();
        out.writeInt(topics.size());
        for (String topic : topics) {
            out.writeUTF(topic);
        }
        List<MessageQueue> queues = entities.withoutDeadLetters();
        out.writeInt(queues.size());
        for (MessageQueue queue : queues) {
            out.writeUTF(queue.name);
            Records.write(out, queue.options);
            out.writeBoolean(queue.isDisabled);
        }
    }

    private void readEntities(DataInputStream in) throws IOException {
        List<MessageQueue> before = entities.withoutDeadLetters();
        for (int left = in.readInt(); left > 0; left--) {
            entities.addTopic(in.readUTF());
        }
        List<String> names = new java.util.ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            names.add(name);
            entities.add(name, Records.readOptions(in)).isDisabled = in.readBoolean();
        }
        before.stream()
                .map(queue -> queue.name)
                .filter(name -> !names.contains(name))
                .forEach(entities::remove);
    }

    // ---- queues

    private static void write(DataOutputStream out, MessageQueue queue) throws IOException {
        out.writeUTF(queue.name);
        out.writeLong(queue.store.lastSequence());
        out.writeInt(queue.changes.seenIds().size());
        for (var seen : queue.changes.seenIds().entrySet()) {
            out.writeUTF(seen.getKey());
            out.writeLong(seen.getValue());
        }
        out.writeInt(queue.changes.sessions().size());
        for (String session : queue.changes.sessions()) {
            Records.write(out, queue.lanes.lane(session));
        }
        out.writeInt(queue.changes.messages().size());
        for (long sequence : queue.changes.messages()) {
            Records.write(out, sequence, queue.store.get(sequence));
        }
    }

    private void readQueue(DataInputStream in) throws IOException {
        String name = in.readUTF();
        MessageQueue queue = entities.find(name);
        if (queue == null) {
            throw new IOException("the journal has messages of an entity that it does not have: " + name);
        }
        queue.store.restoreLastSequence(in.readLong());
        for (int left = in.readInt(); left > 0; left--) {
            queue.store.seenIds.remember(in.readUTF(), in.readLong());
        }
        for (int left = in.readInt(); left > 0; left--) {
            Records.read(in, queue.lanes);
        }
        for (int left = in.readInt(); left > 0; left--) {
            Records.read(in, queue.store);
        }
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
