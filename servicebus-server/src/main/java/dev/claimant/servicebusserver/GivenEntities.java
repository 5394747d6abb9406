package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The queues and subscriptions that a server must have for the tests, by their paths. */
public final class GivenEntities {

    private static final int CONTRACT_QUEUES = 8;

    private GivenEntities() {}

    /** Those of the conformance script. */
    static Map<String, EntityOptions> ofScript(Duration lock) {
        EntityOptions plain = EntityOptions.defaults().lockDuration(lock);
        Map<String, EntityOptions> entities = new LinkedHashMap<>();
        entities.put("orders", plain.maxDeliveryCount(4));
        entities.put("ordered", plain.requireSession());
        entities.put("once", plain.duplicateWindow(lock.multipliedBy(4)));
        entities.put("keeps", plain.timeToLive(lock.multipliedBy(2), true));
        entities.put("news/subscriptions/a", plain);
        entities.put("news/subscriptions/b", plain);
        return entities;
    }

    /** For the contract of a source: a queue for each rule that runs at the same time. */
    public static List<String> contractQueues() {
        return IntStream.rangeClosed(1, CONTRACT_QUEUES)
                .mapToObj(number -> "contract-" + number)
                .toList();
    }

    static Map<String, EntityOptions> all(Duration lock) {
        Map<String, EntityOptions> entities = ofScript(lock);
        EntityOptions contract = EntityOptions.defaults().lockDuration(lock).maxDeliveryCount(100);
        contractQueues().forEach(name -> entities.put(name, contract));
        return entities;
    }
}
