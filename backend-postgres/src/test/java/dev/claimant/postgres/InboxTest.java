package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryLater;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboxTest {

    private final TestDatabase database = TestDatabase.shared();
    private final Effects effects = Effects.in(database);
    private final Inbox inbox = new Inbox(Roles.worker().dataSource(), effects.table());
    private final Handler handler = inbox.handler((claim, connection) -> effects.write(connection, claim));

    @Test
    void theWorkAndTheNoteOfItAreOneTransactionSoThatItIsDoneOnce() throws Exception {
        handler.handle(claim("a", "k1"));
        assertThatThrownBy(() -> handler.handle(claim("again", "k1"))).isInstanceOf(AlreadyDone.class);
        handler.handle(claim("b", "k2"));

        assertThat(effects.all()).containsExactly("a", "b");
    }

    @Test
    void halfOfASurrogatePairIsRefusedForItWouldBeTheKeyOfAnother() throws Exception {
        assertThatThrownBy(() -> handler.handle(claim("half", "k\ud83d")))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("half of a surrogate pair");

        handler.handle(claim("question mark", "k?"));
        handler.handle(claim("whole", "k\ud83d\ude00"));

        assertThat(effects.all()).containsExactly("question mark", "whole");
    }

    @Test
    void aKeyThatNoIndexTakesIsRefusedWithTheLimit() {
        assertThatThrownBy(() -> handler.handle(claim("long", "k".repeat(1501))))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("1501 bytes")
                .hasMessageContaining("1500");
    }

    @Test
    void whatFailsLeavesNeitherEffectNorNote() throws Exception {
        Handler failing = inbox.handler((claim, connection) -> {
            effects.write(connection, claim);
            throw new IllegalStateException("half way");
        });
        assertThatThrownBy(() -> failing.handle(claim("a", "k1"))).hasMessage("half way");

        handler.handle(claim("second try", "k1"));

        assertThat(effects.all()).containsExactly("second try");
    }

    @Test
    void aCopyThatComesMeanwhileIsPutOffSoonAndFindsTheWorkDoneLater() throws Exception {
        CountDownLatch noted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> first = inBackground(inbox.handler((claim, connection) -> {
            noted.countDown();
            goOn.await();
            effects.write(connection, claim);
        }));
        assertThat(noted.await(10, TimeUnit.SECONDS)).isTrue();

        long begun = System.nanoTime();
        assertThatThrownBy(() -> handler.handle(claim("copy", "k1")))
                .isInstanceOfSatisfying(
                        RetryLater.class, later -> assertThat(later.isUntried()).isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        handler.handle(claim("other", "k2"));

        goOn.countDown();
        first.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> handler.handle(claim("copy", "k1"))).isInstanceOf(AlreadyDone.class);
        assertThat(effects.all()).containsExactly("first", "other");
    }

    @Test
    void aCopyDoesTheWorkThatTheFirstOneFailedToDo() throws Exception {
        CountDownLatch noted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> first = inBackground(inbox.handler((claim, connection) -> {
            noted.countDown();
            goOn.await();
            throw new IllegalStateException("no");
        }));
        assertThat(noted.await(10, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        await().until(first::isCompletedExceptionally);

        handler.handle(claim("copy", "k1"));

        assertThat(effects.all()).containsExactly("copy");
    }

    @Test
    void theHandlersOwnStatementsWaitAsLongAsEver() throws Exception {
        String[] timeout = new String[1];
        inbox.handler((claim, connection) -> {
                    try (ResultSet row = connection.createStatement().executeQuery("SHOW lock_timeout")) {
                        row.next();
                        timeout[0] = row.getString(1);
                    }
                })
                .handle(claim("a", "k1"));

        assertThat(timeout[0]).isEqualTo(database.one("SHOW lock_timeout"));
    }

    @Test
    void theWorkCannotEndTheTransactionThatIsNotItsOwn() throws Exception {
        for (Ending ending : new Ending[] {
            Connection::commit, Connection::rollback, Connection::close, connection -> connection.setAutoCommit(true)
        }) {
            Handler meddling = inbox.handler((claim, connection) -> {
                effects.write(connection, claim);
                ending.end(connection);
            });
            assertThatThrownBy(() -> meddling.handle(claim("a", "k1")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("return from the handler to commit");
        }
        assertThat(effects.all()).isEmpty();
    }

    @Test
    void theWorksOwnSavepointsAndErrorsAreItsOwn() throws Exception {
        Handler careful = inbox.handler((claim, connection) -> {
            var savepoint = connection.setSavepoint();
            assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1 / 0"))
                    .isInstanceOf(SQLException.class);
            connection.rollback(savepoint);
            effects.write(connection, claim);
        });

        careful.handle(claim("a", "k1"));

        assertThat(effects.all()).containsExactly("a");
    }

    @Test
    void theWorkThatGoesOnAfterAStatementHasFailedHasFailedToo() throws Exception {
        Handler careless = inbox.handler((claim, connection) -> {
            effects.write(connection, claim);
            assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1 / 0"))
                    .isInstanceOf(SQLException.class);
        });

        assertThatThrownBy(() -> careless.handle(claim("a", "k1")))
                .hasMessageContaining("transaction is aborted")
                .hasRootCauseMessage("ERROR: division by zero");
        handler.handle(claim("again", "k1"));

        assertThat(effects.all()).containsExactly("again");
    }

    @Test
    void aMessageWithoutAKeyIsRefusedUnlessTheApplicationMakesOne() throws Exception {
        assertThatThrownBy(() -> handler.handle(claim("a", null)))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("no idempotency key");

        Handler own = inbox.key(Claim::text).handler((claim, connection) -> effects.write(connection, claim));
        own.handle(claim("a", null));
        assertThatThrownBy(() -> own.handle(claim("a", null))).isInstanceOf(AlreadyDone.class);

        assertThat(effects.all()).containsExactly("a");
    }

    @Test
    void inboxesDoNotKnowEachOther() throws Exception {
        handler.handle(claim("a", "k1"));
        new Inbox(database.dataSource(), effects.table() + "-other")
                .handler((claim, connection) -> effects.write(connection, claim))
                .handle(claim("b", "k1"));

        assertThat(effects.all()).containsExactly("a", "b");
    }

    @Test
    void keysAreForgottenInTheEndAndThenRemoved() throws Exception {
        Handler brief =
                inbox.rememberFor(Duration.ofHours(1)).handler((claim, connection) -> effects.write(connection, claim));
        brief.handle(claim("a", "k1"));
        brief.handle(claim("b", "k2"));
        pass(Duration.ofMinutes(59));
        assertThatThrownBy(() -> brief.handle(claim("c", "k1"))).isInstanceOf(AlreadyDone.class);
        pass(Duration.ofMinutes(2));

        brief.handle(claim("d", "k1"));
        new Housekeeping(Roles.worker().dataSource(), "claimant.inbox").run();

        assertThat(effects.all()).containsExactly("a", "b", "d");
        assertThat(database.column("SELECT key FROM claimant.inbox WHERE name = ?", effects.table()))
                .containsExactly("k1");
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatThrownBy(() -> new Inbox(database.dataSource(), ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("name: ''");
        assertThatThrownBy(() -> inbox.rememberFor(Duration.ZERO)).hasMessageContaining("rememberFor: PT0S");
    }

    private interface Ending {
        void end(Connection connection) throws SQLException;
    }

    private static CompletableFuture<Void> inBackground(Handler handler) {
        return CompletableFuture.runAsync(() -> {
            try {
                handler.handle(claim("first", "k1"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void pass(Duration time) {
        database.update(
                "UPDATE claimant.inbox SET ends_at = ends_at - ? * interval '1 ms' WHERE name = ?",
                time.toMillis(),
                effects.table());
    }

    private static Claim claim(String text, @Nullable String key) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new Claim(new Message("id of " + text, key, body, Map.of(), null, null), 1, 1, 0, Claim.NO_EXPIRY, -1);
    }
}
