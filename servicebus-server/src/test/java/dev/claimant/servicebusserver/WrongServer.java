package dev.claimant.servicebusserver;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** Servers that are wrong on purpose, each in one thing, and the line of the conformance script that has to notice. */
enum WrongServer {
    KEEPS_WHAT_IS_COMPLETED("aCompletedMessageIsGone", "Expecting empty") {
        @Override
        Outcome settled(Outcome outcome) {
            return as(Outcome.Kind.COMPLETE, Outcome.Kind.RELEASE, outcome);
        }
    },
    CONFIRMS_STALE_TOKENS("aTokenWhoseLockRanOutCompletesNothing", "it was done") {
        @Override
        void settle(Queue queue, UUID token, Outcome outcome) {
            try {
                queue.settleRightly(token, outcome);
            } catch (AmqpError e) {
                // the client hears that it is done
            }
        }
    },
    RENEWS_NOTHING("aRenewedLockHoldsItsFullLengthFromTheRenewal", "MESSAGE_LOCK_LOST") {
        @Override
        long renew(Queue queue, UUID token) {
            return System.currentTimeMillis();
        }
    },
    RENEWS_WHAT_IS_LOST("aLockThatRanOutIsNotRenewed", "it was done") {
        @Override
        long renew(Queue queue, UUID token) {
            try {
                return queue.renewRightly(token);
            } catch (AmqpError e) {
                return System.currentTimeMillis();
            }
        }
    },
    DOES_NOT_COUNT_WHAT_IS_ABANDONED("anAbandonedMessageComesBackAtOnceAndCounts", "expected: 1L") {
        @Override
        Outcome settled(Outcome outcome) {
            return as(Outcome.Kind.ABANDON, Outcome.Kind.RELEASE, outcome);
        }
    },
    FORGETS_NEW_PROPERTIES("anAbandonedMessageKeepsTheNewProperties", "tried-by") {
        @Override
        Outcome settled(Outcome outcome) {
            return new Outcome(outcome.kind(), Map.of(), outcome.reason(), outcome.description());
        }
    },
    FORGETS_THE_REASON("aDeadLetterKeepsReasonDescriptionAndProperties", "unreadable") {
        @Override
        Outcome settled(Outcome outcome) {
            return new Outcome(outcome.kind(), outcome.properties(), null, outcome.description());
        }
    },
    NEVER_GIVES_UP("aMessageThatIsDeliveredTooOftenIsDeadLettered", "Expecting empty") {
        @Override
        EntityOptions options(EntityOptions options) {
            return options.maxDeliveryCount(Integer.MAX_VALUE);
        }
    },
    TAKES_DUPLICATES("aDuplicateIsAcceptedAndDropped", "[\"a\", \"b\"]") {
        @Override
        EntityOptions options(EntityOptions options) {
            return EntityOptions.defaults().lockDuration(options.lockDuration());
        }
    },
    DELIVERS_WHAT_IS_DEFERRED("aDeferredMessageIsReceivedByItsNumberOnly", "[\"later\"]") {
        @Override
        Outcome settled(Outcome outcome) {
            return as(Outcome.Kind.DEFER, Outcome.Kind.RELEASE, outcome);
        }
    },
    LETS_NO_LOCK_RUN_OUT("aMessageComesBackWhenItsLockRunsOut", "no message came") {
        @Override
        boolean expires() {
            return false;
        }
    },
    SHARES_SESSIONS("aSessionIsGivenToOneReceiver", "it was done") {
        @Override
        Lanes lanes(Lanes lanes) {
            lanes.restored().forEach(Lane::unlock);
            return lanes;
        }
    },
    STORES_THE_LAST_OF_A_BATCH("aBatchIsStoredAsItsMessages", "[\"m19\"]") {
        @Override
        List<byte[]> received(List<byte[]> messages) {
            return messages.subList(messages.size() - 1, messages.size());
        }
    },
    IGNORES_THE_SCHEDULE("aScheduledMessageDoesNotComeEarly", "[\"later\"]") {
        @Override
        List<byte[]> received(List<byte[]> messages) {
            return messages.stream().map(WrongServer::withoutSchedule).toList();
        }
    };

    /** A line of the script, by its name. */
    final String line;

    /** What the line's failure says: it fails for this wrong, and not for another. */
    final String complaint;

    WrongServer(String line, String complaint) {
        this.line = line;
        this.complaint = complaint;
    }

    ServiceBusServer start() {
        return ServiceBusServer.start(
                new Parts() {
                    @Override
                    MessageQueue queue(
                            String name,
                            EntityOptions options,
                            ServerClock clock,
                            Set<Switch> switches,
                            Changes changes,
                            @Nullable MessageQueue deadLetters) {
                        return new Queue(
                                WrongServer.this, name, options(options), clock, switches, changes, deadLetters);
                    }

                    @Override
                    List<byte[]> received(List<byte[]> messages) {
                        return WrongServer.this.received(messages);
                    }
                },
                null,
                0,
                0);
    }

    // ---- what a wrong server overrides

    EntityOptions options(EntityOptions options) {
        return options;
    }

    List<byte[]> received(List<byte[]> messages) {
        return messages;
    }

    Outcome settled(Outcome outcome) {
        return outcome;
    }

    void settle(Queue queue, UUID token, Outcome outcome) throws AmqpError {
        queue.settleRightly(token, settled(outcome));
    }

    long renew(Queue queue, UUID token) throws AmqpError {
        return queue.renewRightly(token);
    }

    boolean expires() {
        return true;
    }

    Lanes lanes(Lanes lanes) {
        return lanes;
    }

    // ---- how

    static final class Queue extends MessageQueue {

        private final WrongServer wrong;

        Queue(
                WrongServer wrong,
                String name,
                EntityOptions options,
                ServerClock clock,
                Set<Switch> switches,
                Changes changes,
                @Nullable MessageQueue deadLetters) {
            super(name, options, clock, switches, changes, deadLetters);
            this.wrong = wrong;
        }

        @Override
        void settle(UUID token, Outcome outcome) throws AmqpError {
            wrong.settle(this, token, outcome);
        }

        void settleRightly(UUID token, Outcome outcome) throws AmqpError {
            super.settle(token, outcome);
        }

        @Override
        long renew(UUID token) throws AmqpError {
            return wrong.renew(this, token);
        }

        long renewRightly(UUID token) throws AmqpError {
            return super.renew(token);
        }

        @Override
        void expire() {
            if (wrong.expires()) {
                super.expire();
            }
        }

        @Override
        Lanes lanes() {
            return wrong.lanes(super.lanes());
        }
    }

    private static Outcome as(Outcome.Kind asked, Outcome.Kind done, Outcome outcome) {
        return outcome.kind() == asked
                ? new Outcome(done, outcome.properties(), outcome.reason(), outcome.description())
                : outcome;
    }

    private static byte[] withoutSchedule(byte[] bytes) {
        Message message = Encoding.decode(bytes);
        if (message.getMessageAnnotations() != null) {
            message.getMessageAnnotations().getValue().remove(Symbol.valueOf("x-opt-scheduled-enqueue-time"));
        }
        return Encoding.encode(message);
    }
}
