package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads past bodies that are too large. The client itself would end the connection, with all other locks on it, each time such a message
 * came again. A message whose body was left out says in a header how large it was.
 *
 * <p>Extends the client's own, since its interface has other methods in each of the releases that frameworks bring.
 */
final class BodyLimit extends SocketFrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(BodyLimit.class);

    /** What a broker takes by default until 4.0; from then on it is 16 MiB. */
    static final int USUAL = 128 << 20;

    /** What no broker exceeds, whatever its settings. */
    static final int LARGEST_OF_ALL = 512 << 20;

    /** From what a message may hold the client derives what a frame may. */
    private static final int ANY_FRAME = LARGEST_OF_ALL + 1;

    /** No sender knows this name. */
    private static final String BODY_SIZE = "x-claimant-body-size-" + Long.toHexString(System.nanoTime());

    /** In a content header, behind its class and its weight. */
    private static final int SIZE_AT = 4;

    private final int mostBytes;

    /** How many bytes of a body are still to be read past, by channel. Only the thread that reads touches it. */
    private final Map<Integer, Long> leftOut = new HashMap<>();

    private BodyLimit(Socket socket, int mostBytes) throws IOException {
        super(socket, null, ANY_FRAME);
        this.mostBytes = mostBytes;
    }

    /** Makes connections with a limit. */
    static ConnectionFactory factory(int mostBytes) {
        ConnectionFactory limited = new ConnectionFactory() {
            @Override
            protected synchronized FrameHandlerFactory createFrameHandlerFactory() {
                return new SocketFrameHandlerFactory(
                        getConnectionTimeout(),
                        getSocketFactory(),
                        getSocketConfigurator(),
                        isSSL(),
                        null,
                        null,
                        ANY_FRAME) {
                    @Override
                    public FrameHandler create(Socket socket) throws IOException {
                        return new BodyLimit(socket, mostBytes);
                    }
                };
            }
        };
        limited.setMaxInboundMessageBodySize(ANY_FRAME);
        return limited;
    }

    /** How large the body was that was left out; negative if it was not. */
    static long leftOut(BasicProperties properties) {
        return Messages.headers(properties).get(BODY_SIZE) instanceof Long size ? size : -1;
    }

    /** Tells what becomes of a message whose body was left out. */
    static void tell(RabbitMqClaim claim, boolean deadLettersByBroker) {
        LOG.error(
                "{} has {} bytes, more than largestBody, and was not read: {}",
                claim,
                claim.leftOut(),
                deadLettersByBroker
                        ? "the broker moves it to the queue's dead letters"
                        : "it is kept from other workers, since the queue is not known to dead-letter; raise largestBody or remove it");
    }

    @Override
    public @Nullable Frame readFrame() throws IOException {
        Frame frame = super.readFrame();
        while (frame != null && !leftOut.isEmpty() && isLeftOut(frame)) {
            frame = super.readFrame();
        }
        return frame != null && FrameFields.type(frame) == AMQP.FRAME_HEADER ? checked(frame) : frame;
    }

    private boolean isLeftOut(Frame frame) {
        Long left = FrameFields.type(frame) == AMQP.FRAME_BODY ? leftOut.get(FrameFields.channel(frame)) : null;
        if (left == null) {
            return false;
        }
        long then = left - frame.getPayload().length;
        if (then > 0) {
            leftOut.put(FrameFields.channel(frame), then);
        } else {
            leftOut.remove(FrameFields.channel(frame));
        }
        return true;
    }

    private Frame checked(Frame header) throws IOException {
        byte[] content = header.getPayload();
        long size = ByteBuffer.wrap(content).getLong(SIZE_AT);
        if (size <= mostBytes) {
            return header;
        }
        leftOut.put(FrameFields.channel(header), size);
        BasicProperties properties =
                (BasicProperties) AMQImpl.readContentHeaderFrom(new DataInputStream(new ByteArrayInputStream(content)));
        Map<String, Object> headers = new HashMap<>(Messages.headers(properties));
        headers.put(BODY_SIZE, size);
        return properties.builder().headers(headers).build().toFrame(FrameFields.channel(header), 0);
    }
}
