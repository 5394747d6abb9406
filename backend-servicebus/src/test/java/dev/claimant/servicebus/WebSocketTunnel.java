package dev.claimant.servicebus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** One client's WebSocket; what it carries goes to and comes from a port of this machine. Public, for Jetty calls it by reflection. */
public final class WebSocketTunnel extends Session.Listener.AbstractAutoDemanding {

    /** The most that the SDK for Java takes in one frame. */
    private static final int FRAME = 4096;

    private final Socket socket;

    WebSocketTunnel(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onWebSocketOpen(Session session) {
        super.onWebSocketOpen(session);
        Thread pump = new Thread(() -> pump(session), "websocket");
        pump.setDaemon(true);
        pump.start();
    }

    private void pump(Session session) {
        byte[] buffer = new byte[FRAME];
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                Callback.Completable sent = new Callback.Completable();
                session.sendBinary(ByteBuffer.wrap(buffer, 0, count), sent);
                sent.join();
            }
        } catch (IOException | RuntimeException e) {
            // one of the two ends is gone
        } finally {
            session.close();
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        try {
            socket.getOutputStream().write(bytes);
            callback.succeed();
        } catch (IOException e) {
            callback.fail(e);
        }
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        try {
            socket.close();
            callback.succeed();
        } catch (IOException e) {
            callback.fail(e);
        }
    }
}
