package dev.claimant.sqs;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads the answers of an HTTP/1.1 connection, one after the other. What is no such answer, or larger than any of SQS's, fails. */
final class HttpReader {

    private static final int LONGEST_LINE = 16_384;
    private static final int MOST_HEADERS = 200;

    /** Ten messages of a MiB each, and room for what surrounds them. */
    private static final int LARGEST_BODY = 64 << 20;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /**
     * An answer as it came.
     *
     * @param reusable whether the connection may carry another request
     */
    record Answer(int status, Map<String, List<String>> headers, ByteBuffer body, boolean reusable) {}

    private final InputStream in;
    private final byte[] buffer = new byte[LONGEST_LINE];
    private int position;
    private int limit;

    HttpReader(InputStream in) {
        this.in = in;
    }

    /** Blocks until the whole answer is there. */
    Answer read() throws IOException {
        String statusLine = line();
        int status = status(statusLine);
        Map<String, List<String>> headers = headers();
        while (status / 100 == 1) { // continue, early hints: the answer comes behind it
            statusLine = line();
            status = status(statusLine);
            headers = headers();
        }
        boolean stays = statusLine.startsWith("HTTP/1.1") && !has(headers, "Connection", "close");
        List<String> length = headers.get("Content-Length");
        byte[] body;
        if (status == NO_CONTENT || status == NOT_MODIFIED) {
            body = new byte[0];
        } else if (has(headers, "Transfer-Encoding", "chunked")) {
            body = chunks();
        } else if (length != null) {
            body = bytes(size(length.get(0), 10));
        } else {
            body = untilTheEnd();
            stays = false;
        }
        return new Answer(status, headers, ByteBuffer.wrap(body), stays && position == limit);
    }

    private static int status(String line) throws IOException {
        try {
            if (line.startsWith("HTTP/1.")) {
                return Integer.parseInt(line.substring(9, 12));
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            // said below
        }
        throw new IOException("the answer is no HTTP/1.1: it begins with " + line);
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int count = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || ++count > MOST_HEADERS) {
                throw new IOException("the answer is no HTTP/1.1: its headers have " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static boolean has(Map<String, List<String>> headers, String name, String word) {
        return headers.getOrDefault(name, List.of()).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(word));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(bytes(size));
            if (body.size() > LARGEST_BODY || !line().isEmpty()) {
                throw new IOException("the answer's chunks do not fit together");
            }
        }
        headers(); // trailers, which SQS does not send
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        return size(extension < 0 ? line : line.substring(0, extension), 16);
    }

    private static int size(String text, int radix) throws IOException {
        try {
            int size = Integer.parseInt(text.strip(), radix);
            if (size >= 0 && size <= LARGEST_BODY) {
                return size;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IOException("the answer's length cannot be: " + text);
    }

    private byte[] untilTheEnd() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(buffer, position, limit - position);
        position = limit;
        body.writeBytes(in.readNBytes(LARGEST_BODY));
        return body.toByteArray();
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int there = Math.min(count, limit - position);
        System.arraycopy(buffer, position, bytes, 0, there);
        position += there;
        if (in.readNBytes(bytes, there, count - there) < count - there) {
            throw new EOFException("the connection ended in the middle of the answer");
        }
        return bytes;
    }

    /** Without its end. */
    private String line() throws IOException {
        for (int scanned = position; ; ) {
            for (; scanned < limit; scanned++) {
                if (buffer[scanned] == '\n') {
                    int end = scanned > position && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
                    String line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
                    position = scanned + 1;
                    return line;
                }
            }
            scanned -= position;
            fill();
        }
    }

    /** Moves what is left to the front, and adds what comes. */
    private void fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        if (limit == buffer.length) {
            throw new IOException("the answer is no HTTP/1.1: a line is longer than " + LONGEST_LINE + " bytes");
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            throw new EOFException("the server ended the connection without an answer");
        }
        limit += count;
    }
}
