package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueInspectionTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String QUORUM = "\"type\":\"quorum\"";
    private static final String ONE_MINUTE =
            "{\"arguments\":{\"x-consumer-timeout\":60000,\"x-dead-letter-exchange\":\"\"}," + QUORUM + "}";

    private static final String KEPT =
            "{\"arguments\":{\"x-dead-letter-exchange\":\"\",\"x-delivery-limit\":%d}," + QUORUM + "}";

    private final RabbitMqConfig.Builder settings = RabbitMqConfig.queue("amqp://localhost", "work");

    @Test
    void withoutASettingTheQueuesOwnTimeoutCounts() {
        assertThat(inspection("3.12.0", ONE_MINUTE).consumerTimeout()).isEqualTo(MINUTE);
        assertThat(inspection("4.3.6", ONE_MINUTE).consumerTimeout()).isEqualTo(MINUTE);
    }

    @Test
    void ofArgumentAndPolicyTheShorterCounts() {
        String policy = ONE_MINUTE.replace(
                "}," + QUORUM, "},\"effective_policy_definition\":{\"consumer-timeout\":%d}," + QUORUM);

        assertThat(inspection("4.3.6", policy.formatted(20_000)).consumerTimeout())
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(inspection("4.3.6", policy.formatted(90_000)).consumerTimeout())
                .isEqualTo(MINUTE);
    }

    @Test
    void aBrokerThatDoesNotHeedItAndAQueueThatSaysNothingHaveTheUsualOne() {
        assertThat(inspection("3.10.8", ONE_MINUTE).consumerTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(inspection("4.3.6", "").consumerTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(inspection("4.2.0", "", settings.classic()).consumerTimeout())
                .isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void aClassicQueueHasNoneFromFourPointThreeOn() {
        assertThat(inspection("4.3.0", ONE_MINUTE, settings.classic()).consumerTimeout())
                .isZero();
    }

    @Test
    void aSettingCountsUnlessItIsLongerThanTheQueuesOwn() {
        QueueInspection shorter = inspection("4.3.6", ONE_MINUTE, settings.consumerTimeout(Duration.ofSeconds(30)));
        QueueInspection longer = inspection("4.3.6", ONE_MINUTE, settings.consumerTimeout(Duration.ofSeconds(61)));
        QueueInspection none = inspection("4.3.6", ONE_MINUTE, settings.consumerTimeout(Duration.ZERO));

        assertThat(shorter.consumerTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(shorter.problems(null, 5)).isEmpty();
        assertThat(longer.problems(null, 5))
                .singleElement()
                .asString()
                .contains("consumerTimeout: PT1M1S", "PT1M ", "'work'");
        assertThat(none.problems(null, 5))
                .singleElement()
                .asString()
                .contains("consumerTimeout: none", "PT1M ", "'work'");
    }

    @Test
    void handlersThatMayTakeAsLongAreRefusedWhoeverSaidTheTimeout() {
        assertThat(inspection("4.3.6", ONE_MINUTE).problems(MINUTE, 5))
                .singleElement()
                .asString()
                .contains("consumerTimeout: PT1M");
        assertThat(inspection("4.3.6", ONE_MINUTE).problems(MINUTE.minusMillis(1), 5))
                .isEmpty();
        assertThat(inspection("4.3.6", "").problems(Duration.ofMinutes(30), 5))
                .singleElement()
                .asString()
                .contains("PT30M");
        assertThat(inspection("4.3.6", "", settings.consumerTimeout(Duration.ZERO))
                        .problems(Duration.ofDays(9), 5))
                .isEmpty();
    }

    @Test
    void aQueueThatLeavesNoTimeIsRefused() {
        assertThat(inspection("4.3.6", ONE_MINUTE.replace("60000", "9999")).problems(null, 5))
                .singleElement()
                .asString()
                .contains("'work'", "PT9.999S", "PT10S");
    }

    @Test
    void aDeliveryLimitBelowTheWorkersOwnIsRefusedWithBothNumbers() {
        String limited = KEPT.formatted(13);
        assertThat(inspection("3.10.8", limited).problems(null, 15))
                .singleElement()
                .asString()
                .contains("delivery limit of 13 ", "after 14 deliveries", "after 15 attempts", "14 or more");
        assertThat(inspection("3.10.8", limited).problems(null, 14)).isEmpty();
        assertThat(inspection("4.1.0", KEPT.formatted(-1)).problems(null, Integer.MAX_VALUE))
                .isEmpty();
        assertThat(inspection("4.1.0", KEPT.formatted(1_000_000)).problems(null, Integer.MAX_VALUE))
                .isEmpty();
    }

    @Test
    void theBrokersDefaultLimitIsComparedToo() {
        String kept = KEPT.replace(",\"x-delivery-limit\":%d", "");
        assertThat(inspection("4.1.0", kept).problems(null, 21)).isEmpty();
        assertThat(inspection("3.13.0", kept).problems(null, 22)).isEmpty();
        assertThat(inspection("4.1.0", kept).problems(null, 22))
                .singleElement()
                .asString()
                .contains("delivery limit of 20, this broker's default,", "after 22 attempts");
        assertThat(inspection("4.1.0", kept).problems(null, Integer.MAX_VALUE))
                .singleElement()
                .asString()
                .contains("never does", "to -1");
    }

    private QueueInspection inspection(String version, String queue) {
        return inspection(version, queue, settings);
    }

    private static QueueInspection inspection(String version, String queue, RabbitMqConfig.Builder settings) {
        RabbitMqConfig config = settings.build();
        return new QueueInspection(
                config, new Broker(version, config.quorum), queue.isEmpty() ? null : new QueueDescription(queue));
    }
}
