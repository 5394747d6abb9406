package dev.claimant.rabbitmq;

import com.rabbitmq.client.impl.CredentialsProvider;
import dev.claimant.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link RabbitMqSource}. Immutable. */
public final class RabbitMqConfig {

    final String queue;
    final Access access;
    final boolean quorum;
    final boolean inOrder;
    final boolean declare;
    final @Nullable Duration longestRetry;
    final boolean trustsRetryQueues;
    final @Nullable String deadLetterQueue;

    /** Zero for none; absent where it was not set. */
    final @Nullable Duration consumerTimeout;

    final Duration requestTimeout;
    final int largestBody;

    private RabbitMqConfig(Builder builder, Access access) {
        queue = builder.queue;
        this.access = access;
        quorum = builder.quorum;
        inOrder = builder.inOrder;
        declare = builder.declare;
        longestRetry = builder.inOrder ? null : builder.longestRetry;
        trustsRetryQueues = builder.trustsRetryQueues;
        deadLetterQueue = builder.deadLetterQueue;
        consumerTimeout = builder.consumerTimeout;
        requestTimeout = builder.requestTimeout;
        largestBody = builder.largestBody;
    }

    /**
     * The settings of a queue, with defaults.
     *
     * @param uri {@code amqp://user:password@host:5672/vhost}, or {@code amqps://} for TLS; the path is percent-encoded. Several hosts,
     *     as in {@code amqp://user:password@one:5672,two:5672/vhost}, are tried in their order
     * @param queue the queue's name
     */
    public static Builder queue(String uri, String queue) {
        return new Builder(uri, queue);
    }

    /** Whom to trust and what to show now, for other connections to the same broker; absent where the JVM's own serve. */
    public @Nullable SSLContext tls() {
        return access.tls();
    }

    /** Collects settings; {@link #build} checks them all at once. */
    public static final class Builder {

        final String uri;
        final String queue;
        boolean quorum = true;
        boolean inOrder;
        boolean declare;

        @Nullable Duration longestRetry = Duration.ofHours(1);

        boolean trustsRetryQueues;

        @Nullable String deadLetterQueue;

        @Nullable Duration consumerTimeout;

        Duration requestTimeout = Duration.ofSeconds(10);
        int largestBody = BodyLimit.USUAL;

        @Nullable String management;

        @Nullable SSLContext tls;

        @Nullable Path certificateAuthority;

        @Nullable Path clientCertificate;

        @Nullable Path clientKey;

        @Nullable Path passwordFile;

        @Nullable CredentialsProvider credentials;

        private Builder(String uri, String queue) {
            this.uri = uri;
            this.queue = queue;
            this.deadLetterQueue = queue == null ? null : queue + ".dead";
        }

        /** The queue is a classic one: the broker counts no attempts, so a worker that dies burns none. A quorum queue by default. */
        public Builder classic() {
            quorum = false;
            return this;
        }

        /**
         * One message at a time over all workers, in the order of the queue: one worker is served and the others stand by. The queue is
         * a quorum queue with a single active consumer and a large delivery limit, without which what comes back goes to its end. The
         * worker holds a message during its retry delay, or its successors would overtake it. For more at a time take several queues.
         */
        public Builder inOrder() {
            inOrder = true;
            return this;
        }

        /** Makes missing queues at start-up, which needs the right to configure them. By default all must exist. */
        public Builder declare() {
            declare = true;
            return this;
        }

        /**
         * The longest retry delay that the retry queues {@code <queue>.retry.1s}, {@code .4s}, {@code .16s} and so on can keep, from 1 s
         * to 7 days; 1 hour by default. A longer one comes back after this one.
         */
        public Builder longestRetry(Duration delay) {
            longestRetry = delay;
            return this;
        }

        /** No retry queues: the worker holds a message during its retry delay, which the consumer timeout bounds. */
        public Builder withoutRetryQueues() {
            longestRetry = null;
            return this;
        }

        /**
         * Uses retry queues that the worker cannot look at: an administrator has made them as {@link RabbitMqSource#declare} does, or they
         * lose what is sent there. By default the worker then holds a message during its retry delay.
         */
        public Builder trustRetryQueues() {
            trustsRetryQueues = true;
            return this;
        }

        /** Where given-up messages go, through the default exchange; {@code <queue>.dead} by default. */
        public Builder deadLetterQueue(String name) {
            deadLetterQueue = name;
            return this;
        }

        /** Gives up messages without keeping them; a worker with limited attempts then refuses to start. */
        public Builder withoutDeadLetters() {
            deadLetterQueue = null;
            return this;
        }

        /**
         * After how long the broker takes an unsettled message back, and with it all locks of the connection: the worker is told before.
         * At least 10 s; zero where the broker never does.
         *
         * <p>Not set, it is what the queue's argument {@code x-consumer-timeout} or its policy's {@code consumer-timeout} says, where
         * {@link #management} shows them and the broker respects them (3.12 or newer); else the broker's default of 30 minutes; none for a
         * classic queue from 4.3 on. One that is longer than the queue's own is refused at start-up.
         */
        public Builder consumerTimeout(Duration timeout) {
            consumerTimeout = timeout;
            return this;
        }

        /**
         * How long the broker may take to answer anything, from 1 s to 1 minute; 10 s by default. A connection on which nothing was heard
         * for twice that has ended, with all its locks.
         */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = timeout;
            return this;
        }

        /**
         * The largest body that the worker reads, in bytes, from 1 KiB to 512 MiB; 128 MiB by default. A message with a larger one is not
         * read: the broker moves it to the queue's dead letters, and no other message suffers.
         */
        public Builder largestBody(int bytes) {
            largestBody = bytes;
            return this;
        }

        /** The management API, {@code http://user:password@host:15672}, for backlogs with what is in work, and a deeper check at start-up. */
        public Builder management(String uri) {
            management = uri;
            return this;
        }

        /** Whom to trust with {@code amqps} and {@code https}, a PEM file; the JVM's own authorities by default. Host names are always verified. */
        public Builder certificateAuthority(Path pem) {
            certificateAuthority = pem;
            return this;
        }

        /**
         * What to show a broker that asks for it, as PEM files. Where the URI names no user, the certificate says who we are (SASL
         * EXTERNAL), which the broker's {@code rabbitmq_auth_mechanism_ssl} plugin understands.
         *
         * @param pem the certificate, with those between it and its authority
         * @param key its key, PKCS#8 and not encrypted
         */
        public Builder clientCertificate(Path pem, Path key) {
            clientCertificate = pem;
            clientKey = key;
            return this;
        }

        /** A file with the password of the address's user, instead of one in the address. Read at each connection. */
        public Builder passwordFile(Path file) {
            passwordFile = file;
            return this;
        }

        /**
         * Who we are, asked at each connection, instead of what the address says. Where the credentials expire, as OAuth 2 tokens do, they
         * are refreshed on the connection before.
         *
         * @see <a href="https://www.rabbitmq.com/client-libraries/java-api-guide#oauth2-support">OAuth 2 support</a>
         */
        public Builder credentials(CredentialsProvider provider) {
            credentials = provider;
            return this;
        }

        /** Trust and identity that come from no file, instead of those above. */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /**
         * The settings, checked.
         *
         * @throws ConfigurationException naming every setting that cannot be used
         */
        public RabbitMqConfig build() {
            List<String> problems = new ArrayList<>();
            Checks.check(problems, this);
            return new RabbitMqConfig(this, Access.of(problems, this));
        }
    }
}
