package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireTest {

    private final BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    private ServerSocket echo = unbound();
    private Wire wire = Wire.to("localhost", 1);

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        wire.close();
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        wire = Wire.to("127.0.0.1", echo.getLocalPort());
        Thread thread = new Thread(this::echo);
        thread.setDaemon(true);
        thread.start();
    }

    private void echo() {
        try {
            while (true) {
                Socket socket = echo.accept();
                Underway.call(() -> {
                    for (int said = socket.getInputStream().read();
                            said >= 0;
                            said = socket.getInputStream().read()) {
                        heard.add(said);
                        socket.getOutputStream().write(said);
                    }
                    return true;
                });
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        echo.close();
    }

    private Socket client() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), wire.port());
        client.setSoTimeout(10_000);
        return client;
    }

    private static int say(Socket client, int what) throws IOException {
        client.getOutputStream().write(what);
        return client.getInputStream().read();
    }

    @Test
    void aWholeWireCarriesBothWays() throws Exception {
        try (Socket client = client()) {
            assertThat(say(client, 1)).isEqualTo(1);
        }
    }

    @Test
    void aMuteWireCarriesRequestsOnly() throws Exception {
        try (Socket client = client()) {
            assertThat(say(client, 1)).isEqualTo(1);
            wire.mute();
            client.setSoTimeout(100);
            assertThatThrownBy(() -> say(client, 2)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void aCutWireCarriesNothingAndTellsNobody() throws Exception {
        try (Socket before = client()) {
            assertThat(say(before, 1)).isEqualTo(1);
            wire.cut();
            before.setSoTimeout(100);
            assertThatThrownBy(() -> say(before, 2)).isInstanceOf(SocketTimeoutException.class);
            try (Socket after = client()) {
                after.setSoTimeout(100);
                assertThatThrownBy(() -> say(after, 3)).isInstanceOf(SocketTimeoutException.class);
            }
        }
        assertThat(heard).containsExactly(1);
    }

    @Test
    void aMendedWireEndsOldConnectionsAndCarriesNewOnes() throws Exception {
        try (Socket before = client()) {
            assertThat(say(before, 1)).isEqualTo(1);
            wire.cut();
            wire.mend();
            assertThat(before.getInputStream().read()).isEqualTo(-1);
            try (Socket after = client()) {
                assertThat(say(after, 2)).isEqualTo(2);
            }
        }
    }
}
