package dev.claimant.kafka;

import org.apache.kafka.clients.consumer.Consumer;

/** This worker in a group: what it reads there, by which client, and where that goes. */
record GroupMember(Subscription subscription, Consumer<byte[], byte[]> consumer, GroupBuffer buffer) {}
