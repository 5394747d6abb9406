package dev.claimant.servicebusserver;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** Messages as bytes. */
final class Encoding {

    /** The message format of a batch: each data section is a message of its own. */
    static final int BATCH = 0x80013700;

    private Encoding() {}

    /** The messages in what was sent: one, or those of a batch. */
    static List<byte[]> split(byte[] bytes, int format) {
        if (format != BATCH) {
            return List.of(bytes);
        }
        DecoderImpl decoder = new DecoderImpl();
        AMQPDefinedTypes.registerAllTypes(decoder, new EncoderImpl(decoder));
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        decoder.setByteBuffer(buffer);
        List<byte[]> messages = new ArrayList<>();
        while (buffer.hasRemaining()) {
            if (decoder.readObject() instanceof Data data) {
                messages.add(bytes(data.getValue()));
            }
        }
        return messages;
    }

    static Message decode(byte[] bytes) {
        Message message = Proton.message();
        message.decode(bytes, 0, bytes.length);
        return message;
    }

    static byte[] bytes(Binary binary) {
        byte[] bytes = new byte[binary.getLength()];
        System.arraycopy(binary.getArray(), binary.getArrayOffset(), bytes, 0, bytes.length);
        return bytes;
    }

    static byte[] encode(Message message) {
        byte[] buffer = new byte[4096];
        while (true) {
            try {
                int length = message.encode(buffer, 0, buffer.length);
                byte[] bytes = new byte[length];
                System.arraycopy(buffer, 0, bytes, 0, length);
                return bytes;
            } catch (java.nio.BufferOverflowException e) {
                buffer = new byte[buffer.length * 4];
            }
        }
    }

    /** The message as a client receives it: with what the service says about it. */
    static byte[] encode(StoredMessage stored) {
        Message message = stored.message;
        Header header = message.getHeader();
        if (header == null) {
            header = new Header();
            message.setHeader(header);
        }
        header.setDeliveryCount(UnsignedInteger.valueOf(stored.deliveryCount));
        Map<Symbol, Object> annotations = new HashMap<>();
        MessageAnnotations given = message.getMessageAnnotations();
        if (given != null && given.getValue() != null) {
            annotations.putAll(given.getValue());
        }
        annotations.put(Symbol.valueOf("x-opt-sequence-number"), stored.sequence);
        annotations.put(Symbol.valueOf("x-opt-enqueue-sequence-number"), stored.enqueuedSequence);
        annotations.put(Symbol.valueOf("x-opt-enqueued-time"), date(stored.enqueuedAt));
        annotations.put(Symbol.valueOf("x-opt-message-state"), stored.state.code);
        put(annotations, "x-opt-locked-until", stored.lockedUntil == 0 ? null : date(stored.lockedUntil));
        put(annotations, "x-opt-deadletter-source", stored.deadLetterSource);
        message.setMessageAnnotations(new MessageAnnotations(annotations));
        return encode(message);
    }

    private static void put(Map<Symbol, Object> annotations, String name, @Nullable Object value) {
        if (value == null) {
            annotations.remove(Symbol.valueOf(name));
        } else {
            annotations.put(Symbol.valueOf(name), value);
        }
    }

    /** A point in time as AMQP's codec wants it. */
    @SuppressWarnings("JavaUtilDate")
    static Date date(long millis) {
        return new Date(millis);
    }

    /** When the message is to become active; zero: at once. */
    @SuppressWarnings("JavaUtilDate")
    static long scheduledAt(Message message) {
        MessageAnnotations annotations = message.getMessageAnnotations();
        Object at = annotations == null || annotations.getValue() == null
                ? null
                : annotations.getValue().get(Symbol.valueOf("x-opt-scheduled-enqueue-time"));
        return at instanceof Date date ? date.getTime() : 0;
    }
}
