package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
 * <p>A proxy, for the client's interface has other methods in each of the releases that frameworks bring.
 */
final class BodyLimit implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(BodyLimit.class);

    /** What a broker takes by default until 4.0; from then on it is 16 MiB. */
    static final int USUAL = 128 << 20;

    /** What no broker exceeds, whatever its settings. */
    static final int LARGEST_OF_ALL = 512 << 20;

    /** No sender knows this name. */
    private static final String BODY_SIZE = "x-claimant-body-size-" + Long.toHexString(System.nanoTime());

    /** In a content header, behind its class and its weight. */
    private static final int SIZE_AT = 4;

    private final FrameHandler socket;
    private final int mostBytes;

    /** How many bytes of a body are still to be read past, by channel. Only the thread that reads touches it. */
    private final Map<Integer, Long> leftOut = new HashMap<>();

    private BodyLimit(FrameHandler socket, int mostBytes) {
        this.socket = socket;
        this.mostBytes = mostBytes;
    }

    /** Makes connections with a limit. */
    static ConnectionFactory factory(int mostBytes) {
        ConnectionFactory limited = new ConnectionFactory() {
            @Override
            protected synchronized FrameHandlerFactory createFrameHandlerFactory() throws IOException {
                FrameHandlerFactory plain = super.createFrameHandlerFactory();
                return (address, name) -> limited(plain.create(address, name), mostBytes);
            }
        };
        limited.setMaxInboundMessageBodySize(LARGEST_OF_ALL + 1); // the client derives from it what a frame may hold
        return limited;
    }

    private static FrameHandler limited(FrameHandler socket, int mostBytes) {
        ClassLoader loader = FrameHandler.class.getClassLoader();
        Class<?>[] type = {FrameHandler.class};
        return (FrameHandler) Proxy.newProxyInstance(loader, type, new BodyLimit(socket, mostBytes));
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

    private @Nullable Frame readFrame() throws IOException {
        Frame frame = socket.readFrame();
        while (frame != null && isLeftOut(frame)) {
            frame = socket.readFrame();
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

    /** All else is the socket's. */
    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("readFrame")) {
            return readFrame();
        }
        try {
            return method.invoke(socket, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
