package dev.claimant.servicebusserver;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file of frames, each with what a step of the server has changed. It survives the end of the process, not that of the machine: nothing is
 * forced to the disk. A frame that the end cut off is left out; no client has been told of it.
 */
final class Journal implements AutoCloseable {

    /** Takes a frame that was written earlier. */
    interface Reader {
        void read(DataInputStream frame) throws IOException;
    }

    private final Path file;
    private final FileChannel lock;
    private @Nullable FileChannel channel;

    /** @throws IllegalStateException if another server uses the directory */
    Journal(Path directory) throws IOException {
        Files.createDirectories(directory);
        file = directory.resolve("journal");
        lock = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isOurs()) {
            lock.close();
            throw new IllegalStateException("another server uses the directory " + directory);
        }
    }

    private boolean isOurs() throws IOException {
        try {
            FileLock taken = lock.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false; // a server of this process
        }
    }

    /** Reads every whole frame, in the order in which they were written. */
    void read(Reader reader) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        while (all.remaining() >= Integer.BYTES) {
            int length = all.getInt();
            if (length > all.remaining()) {
                return;
            }
            reader.read(new DataInputStream(new ByteArrayInputStream(all.array(), all.position(), length)));
            all.position(all.position() + length);
        }
    }

    /** Replaces all that was written by one frame. */
    void rewrite(byte[] frame) throws IOException {
        Path next = file.resolveSibling("journal.next");
        channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        append(frame);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void append(byte[] frame) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + frame.length);
        buffer.putInt(frame.length).put(frame).flip();
        while (buffer.hasRemaining()) {
            java.util.Objects.requireNonNull(channel, "not open").write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        lock.close();
    }
}
