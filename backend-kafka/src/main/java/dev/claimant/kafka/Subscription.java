package dev.claimant.kafka;

import java.util.List;

/** The topics that a worker reads as a member of a group: its messages', or its retry topics. */
record Subscription(String group, List<String> topics) {}
