package dev.claimant.servicebusserver;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Messages, sessions and settings as the journal has them. */
final class Records {

    private static final int GONE = 0;
    private static final int CHANGED = 1;
    private static final int WHOLE = 2;

    private Records() {}

    /** @param message absent: it is gone */
    static void write(DataOutputStream out, long sequence, @Nullable StoredMessage message) throws IOException {
        out.writeLong(sequence);
        if (message == null) {
            out.writeByte(GONE);
            return;
        }
        out.writeByte(message.isWritten ? CHANGED : WHOLE);
        if (!message.isWritten) {
            byte[] bytes = Encoding.encode(message.message);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.writeUTF(message.sessionId);
            out.writeLong(message.enqueuedSequence);
            writeText(out, message.deadLetterSource);
            message.isWritten = true;
        }
        out.writeUTF(message.state.name());
        out.writeLong(message.enqueuedAt);
        out.writeLong(message.dueAt);
        out.writeLong(message.expiresAt);
        out.writeInt(message.deliveryCount);
        writeText(out, message.token == null ? null : message.token.toString());
        out.writeLong(message.lockedUntil);
        out.writeLong(message.firstLockedAt);
    }

    static void read(DataInputStream in, MessageStore store) throws IOException {
        long sequence = in.readLong();
        int kind = in.readByte();
        if (kind == GONE) {
            store.forget(sequence);
            return;
        }
        StoredMessage message = kind == WHOLE ? readWhole(in) : store.get(sequence);
        if (message == null) {
            throw new IOException("the journal changes a message that it does not have: " + sequence);
        }
        message.sequence = sequence;
        message.state = StoredMessage.State.valueOf(in.readUTF());
        message.enqueuedAt = in.readLong();
        message.dueAt = in.readLong();
        message.expiresAt = in.readLong();
        message.deliveryCount = in.readInt();
        String token = readText(in);
        message.token = token == null ? null : UUID.fromString(token);
        message.lockedUntil = in.readLong();
        message.firstLockedAt = in.readLong();
        store.put(message);
    }

    private static StoredMessage readWhole(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(in.readInt());
        StoredMessage message = new StoredMessage(Encoding.decode(bytes), in.readUTF(), in.readLong(), 0);
        message.deadLetterSource = readText(in);
        return message;
    }

    static void write(DataOutputStream out, Lane session) throws IOException {
        out.writeUTF(session.sessionId);
        out.writeBoolean(session.isLocked);
        out.writeLong(session.lockedUntil);
        byte[] state = session.state;
        out.writeInt(state == null ? -1 : state.length);
        if (state != null) {
            out.write(state);
        }
    }

    static void read(DataInputStream in, Lanes lanes) throws IOException {
        Lane session = lanes.lane(in.readUTF());
        session.isLocked = in.readBoolean();
        session.lockedUntil = in.readLong();
        int length = in.readInt();
        session.state = length < 0 ? null : in.readNBytes(length);
        if (session.isLocked) {
            lanes.putLast(session);
        }
    }

    static void write(DataOutputStream out, EntityOptions options) throws IOException {
        writeTime(out, options.lockDuration());
        out.writeInt(options.maxDeliveryCount());
        out.writeBoolean(options.requiresSession());
        writeTime(out, options.timeToLive());
        out.writeBoolean(options.deadLetterOnExpiration());
        writeTime(out, options.duplicateWindow());
        out.writeInt(options.maxMessageBytes());
    }

    static EntityOptions readOptions(DataInputStream in) throws IOException {
        EntityOptions options = EntityOptions.defaults();
        Duration lock = readTime(in);
        options = options.lockDuration(lock == null ? options.lockDuration() : lock)
                .maxDeliveryCount(in.readInt());
        options = in.readBoolean() ? options.requireSession() : options;
        Duration live = readTime(in);
        boolean deadLetter = in.readBoolean();
        options = live == null ? options : options.timeToLive(live, deadLetter);
        Duration window = readTime(in);
        return (window == null ? options : options.duplicateWindow(window)).maxMessageBytes(in.readInt());
    }

    private static void writeTime(DataOutputStream out, @Nullable Duration time) throws IOException {
        out.writeLong(time == null ? -1 : time.toMillis());
    }

    private static @Nullable Duration readTime(DataInputStream in) throws IOException {
        long millis = in.readLong();
        return millis < 0 ? null : Duration.ofMillis(millis);
    }

    static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
