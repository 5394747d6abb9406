package dev.claimant.sqs;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on both kinds of queue of both servers. Its rules wait most of their time, so they run side by side. */
@Execution(ExecutionMode.CONCURRENT)
class SqsContractTest {

    @Execution(ExecutionMode.CONCURRENT)
    abstract static class OnServer implements SourceContract {

        private final Supplier<TestServer> server;
        private final boolean fifo;
        private boolean restarts;

        OnServer(Supplier<TestServer> server, boolean fifo) {
            this.server = server;
            this.fifo = fifo;
        }

        @BeforeEach
        void look(TestInfo rule) {
            restarts = rule.getTestMethod().map(Method::getName).orElse("").endsWith("Restart");
        }

        @Override
        public Harness newHarness() {
            return new SqsHarness(server.get(), fifo, restarts);
        }
    }

    @Nested
    class Standard extends OnServer {
        Standard() {
            super(TestServer::main, false);
        }
    }

    @Nested
    class Fifo extends OnServer {
        Fifo() {
            super(TestServer::main, true);
        }
    }

    @Nested
    class SecondStandard extends OnServer {
        SecondStandard() {
            super(TestServer::second, false);
        }
    }

    @Nested
    class SecondFifo extends OnServer {
        SecondFifo() {
            super(TestServer::second, true);
        }
    }
}
