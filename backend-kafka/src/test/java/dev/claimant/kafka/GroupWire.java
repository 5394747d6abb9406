package dev.claimant.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** The group protocol, spoken by hand: what no client offers, such as to leave in somebody else's name. */
final class GroupWire implements AutoCloseable {

    private static final short VERSION = 1;
    private static final short CLASSIC_VERSION = 5;

    private final Socket socket;
    private final String group;
    private int requests;

    GroupWire(Node coordinator, String group) {
        this.group = group;
        try {
            socket = new Socket(coordinator.host(), coordinator.port());
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The broker takes the member for gone; it does not know yet. */
    void putOut(String member) {
        heartbeat(new ConsumerGroupHeartbeatRequestData()
                .setMemberId(member)
                .setMemberEpoch(ConsumerGroupHeartbeatRequest.LEAVE_GROUP_MEMBER_EPOCH));
    }

    /** The same on the classic protocol. */
    void putOutOfClassic(String member) {
        RequestHeader header = new RequestHeader(ApiKeys.LEAVE_GROUP, CLASSIC_VERSION, "contract", ++requests);
        LeaveGroupRequest request = new LeaveGroupRequest.Builder(
                        group, List.of(new MemberIdentity().setMemberId(member)))
                .build(CLASSIC_VERSION);
        ask(request.serializeWithHeader(header), header);
    }

    /** Joins, or asks again, for a partition that the range assignor is to give; owns none as yet. */
    ConsumerGroupHeartbeatResponseData usurp(String member, int epoch, String topic) {
        return heartbeat(new ConsumerGroupHeartbeatRequestData()
                .setMemberId(member)
                .setMemberEpoch(epoch)
                .setRebalanceTimeoutMs(60_000)
                .setServerAssignor("range")
                .setSubscribedTopicNames(List.of(topic))
                .setTopicPartitions(List.of()));
    }

    private ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        RequestHeader header = new RequestHeader(ApiKeys.CONSUMER_GROUP_HEARTBEAT, VERSION, "contract", ++requests);
        ByteBuffer bytes = new ConsumerGroupHeartbeatRequest.Builder(request.setGroupId(group))
                .build(VERSION)
                .serializeWithHeader(header);
        ConsumerGroupHeartbeatResponse response = (ConsumerGroupHeartbeatResponse) ask(bytes, header);
        Errors error = Errors.forCode(response.data().errorCode());
        if (error != Errors.NONE) {
            throw new IllegalStateException(
                    "the group answered " + error + ": " + response.data().errorMessage());
        }
        return response.data();
    }

    private AbstractResponse ask(ByteBuffer bytes, RequestHeader header) {
        try {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[4 + bytes.remaining()];
            ByteBuffer.wrap(framed).putInt(bytes.remaining()).put(bytes);
            out.write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return AbstractResponse.parseResponse(ByteBuffer.wrap(in.readNBytes(in.readInt())), header);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
