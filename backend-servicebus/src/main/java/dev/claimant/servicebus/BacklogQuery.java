package dev.claimant.servicebus;

import dev.claimant.Backlog;
import dev.claimant.SourceException;
import java.util.OptionalLong;

/**
 * The number that KEDA's {@code azure-servicebus} scaler reads: active messages, those that are locked included. Service Bus does not tell ready
 * and locked ones apart.
 */
final class BacklogQuery {

    private final ServiceBusConfig config;
    private final ManagementClient management;

    BacklogQuery(ServiceBusConfig config, ManagementClient management) {
        this.config = config;
        this.management = management;
    }

    Backlog backlog() {
        EntityFacts facts = management.read();
        if (facts == null) {
            throw new SourceException(
                    "the backlog of '" + config.entity + "' is not known: there is no such entity", null);
        }
        return new Backlog(
                facts.active(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(facts.scheduled()),
                OptionalLong.of(facts.deadLetter()),
                false);
    }
}
