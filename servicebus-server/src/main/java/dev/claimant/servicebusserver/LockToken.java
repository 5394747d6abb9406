package dev.claimant.servicebusserver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Lock tokens as delivery tags: a GUID in the byte order of .NET, whose first three fields are little-endian. */
final class LockToken {

    private LockToken() {}

    static byte[] tag(UUID token) {
        long high = token.getMostSignificantBits();
        ByteBuffer tag = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        tag.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        return tag.order(ByteOrder.BIG_ENDIAN)
                .putLong(token.getLeastSignificantBits())
                .array();
    }

    static UUID of(byte[] tag) {
        ByteBuffer bytes = ByteBuffer.wrap(tag).order(ByteOrder.LITTLE_ENDIAN);
        long first = bytes.getInt() & 0xffffffffL;
        long second = bytes.getShort() & 0xffffL;
        long third = bytes.getShort() & 0xffffL;
        return new UUID(
                first << 32 | second << 16 | third,
                bytes.order(ByteOrder.BIG_ENDIAN).getLong());
    }
}
