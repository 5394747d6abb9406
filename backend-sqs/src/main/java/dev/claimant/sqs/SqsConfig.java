package dev.claimant.sqs;

import dev.claimant.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The settings of a {@link SqsSource}. Immutable. */
public final class SqsConfig {

    /** SQS keeps a message from others for 12 hours at most, counted from when it was handed out. */
    static final Duration LONGEST_LOCK = Duration.ofHours(12);

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    final QueueAddress queue;
    final @Nullable QueueAddress deadLetterQueue;

    /** Whether what is given up is kept nowhere, whatever the queue's redrive policy says. */
    final boolean withoutDeadLetters;

    final @Nullable String region;
    final @Nullable URI endpoint;
    final @Nullable AwsCredentialsProvider credentials;
    final @Nullable SqsAsyncClient client;
    final boolean fips;
    final boolean dualStack;
    final Duration lockLength;
    final Duration longestLock;
    final Duration longestPoll;
    final Duration requestTimeout;

    private SqsConfig(
            Builder builder, QueueAddress queue, @Nullable QueueAddress deadLetterQueue, @Nullable URI endpoint) {
        this.queue = queue;
        this.deadLetterQueue = deadLetterQueue;
        this.endpoint = endpoint;
        withoutDeadLetters = builder.withoutDeadLetters;
        region = builder.region != null ? builder.region : queue.region();
        credentials = builder.credentials;
        client = builder.client;
        fips = builder.fips;
        dualStack = builder.dualStack;
        lockLength = builder.lockLength;
        longestLock = builder.longestLock;
        longestPoll = builder.longestPoll;
        requestTimeout = builder.requestTimeout;
    }

    /**
     * The settings of a queue, with defaults. A FIFO queue is known by its name, which ends in {@code .fifo}.
     *
     * @param url {@code https://sqs.eu-west-1.amazonaws.com/123456789012/orders}
     */
    public static Builder queue(String url) {
        return new Builder(url);
    }

    /** Where the queue is, for producers of the same application. */
    public String queueUrl() {
        return queue.url();
    }

    /** Collects settings; {@link #build} checks them all at once. */
    public static final class Builder {

        private final String url;
        private @Nullable String deadLetterQueue;
        private boolean withoutDeadLetters;
        private @Nullable String region;
        private @Nullable String endpoint;
        private @Nullable AwsCredentialsProvider credentials;
        private @Nullable SqsAsyncClient client;
        private boolean fips;
        private boolean dualStack;
        private Duration lockLength = Duration.ofMinutes(1);
        private Duration longestLock = LONGEST_LOCK;
        private Duration longestPoll = Duration.ofSeconds(20);
        private Duration requestTimeout = Duration.ofSeconds(10);

        private Builder(String url) {
            this.url = url;
        }

        /**
         * The URL of the queue for given-up messages; by default the one that the queue's redrive policy names. Of the same kind as the
         * queue, standard or FIFO.
         */
        public Builder deadLetterQueue(String url) {
            deadLetterQueue = url;
            return this;
        }

        /** Gives up messages without keeping them; a worker with limited attempts then refuses to start. */
        public Builder withoutDeadLetters() {
            withoutDeadLetters = true;
            return this;
        }

        /** The queue's region; by default the one in its URL, else the one that the SDK's own chain finds. */
        public Builder region(String name) {
            region = name;
            return this;
        }

        /** Where requests go instead of the region's own endpoint: a VPC endpoint, or a local server. */
        public Builder endpoint(String uri) {
            endpoint = uri;
            return this;
        }

        /** Who claims; by default whom the SDK's chain finds: environment, profile, web identity, pod identity, instance. */
        public Builder credentials(AwsCredentialsProvider provider) {
            credentials = provider;
            return this;
        }

        /** FIPS endpoints. */
        public Builder fips() {
            fips = true;
            return this;
        }

        /** Endpoints that speak IPv6, too. */
        public Builder dualStack() {
            dualStack = true;
            return this;
        }

        /** A client of your own, with its own region, endpoint and credentials. It is never closed by the source. */
        public Builder client(SqsAsyncClient client) {
            this.client = client;
            return this;
        }

        /** How long a claim or a renewal holds, in whole seconds; 1 minute by default. What the queue itself says does not matter. */
        public Builder lockLength(Duration length) {
            lockLength = length;
            return this;
        }

        /** How long renewals may keep a message, from its claim on: 12 hours, which SQS allows, or less. */
        public Builder longestLock(Duration length) {
            longestLock = length;
            return this;
        }

        /**
         * How long one request may wait for a message, from 1 to 20 s in whole seconds; 20 s by default. A source that is closed in the
         * middle of such a request waits for its end, since what it brings would otherwise be locked for nobody.
         */
        public Builder longestPoll(Duration wait) {
            longestPoll = wait;
            return this;
        }

        /** How long SQS may take to answer anything, from 1 s to 1 minute; 10 s by default. */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = timeout;
            return this;
        }

        /**
         * The settings, checked.
         *
         * @throws ConfigurationException naming every setting that cannot be used
         */
        public SqsConfig build() {
            List<String> problems = new ArrayList<>();
            QueueAddress queue = QueueAddress.parse(problems, "queue", url);
            QueueAddress dead = null;
            if (deadLetterQueue != null) {
                dead = QueueAddress.parse(problems, "deadLetterQueue", deadLetterQueue);
                if (withoutDeadLetters) {
                    problems.add("deadLetterQueue: set, and so is withoutDeadLetters");
                }
            }
            checkKinds(problems, queue, dead);
            whole(problems, "lockLength", lockLength, ONE_SECOND, LONGEST_LOCK);
            whole(problems, "longestLock", longestLock, ONE_SECOND, LONGEST_LOCK);
            whole(problems, "longestPoll", longestPoll, ONE_SECOND, Duration.ofSeconds(20));
            within(problems, "requestTimeout", requestTimeout, ONE_SECOND, Duration.ofMinutes(1));
            if (lockLength != null && longestLock != null && longestLock.compareTo(lockLength) < 0) {
                problems.add("longestLock: " + longestLock + " is less than lockLength, " + lockLength);
            }
            if (client != null && (region != null || endpoint != null || credentials != null || fips || dualStack)) {
                problems.add("client: it has its own region, endpoint and credentials; set them there");
            }
            URI address = endpoint == null ? null : endpoint(problems, endpoint);
            if (queue == null || !problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return new SqsConfig(this, queue, dead, address);
        }

        private static void checkKinds(
                List<String> problems, @Nullable QueueAddress queue, @Nullable QueueAddress dead) {
            if (queue == null || dead == null) {
                return;
            }
            if (queue.url().equals(dead.url())) {
                problems.add("deadLetterQueue: '" + dead.url() + "' is the queue itself");
            } else if (queue.isFifo() != dead.isFifo()) {
                problems.add("deadLetterQueue: '" + dead.url() + "' must be a " + (queue.isFifo() ? "FIFO" : "standard")
                        + " queue, as the queue is");
            }
        }

        private static @Nullable URI endpoint(List<String> problems, String text) {
            try {
                URI uri = new URI(text);
                if (uri.getHost() != null && QueueAddress.isHttp(uri)) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // said below
            }
            problems.add("endpoint: '" + text + "' is not an http:// or https:// address");
            return null;
        }

        private static void whole(
                List<String> problems, String setting, Duration value, Duration least, Duration most) {
            within(problems, setting, value, least, most);
            if (value != null && !value.equals(Duration.ofSeconds(value.toSeconds()))) {
                problems.add(setting + ": " + value + " must be whole seconds");
            }
        }

        private static void within(
                List<String> problems, String setting, @Nullable Duration value, Duration least, Duration most) {
            if (value == null) {
                problems.add(setting + ": null, must be set");
            } else if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                problems.add(setting + ": " + value + " must be between " + least + " and " + most);
            }
        }
    }
}
