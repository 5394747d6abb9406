package dev.claimant.sample.keda;

/** The metric of the kafka trigger where idle consumers are not allowed, which is the default. */
public final class KafkaLag {

    private KafkaLag() {}

    /**
     * What KEDA reports of a summed lag, so that no more consumers start than there are partitions. Whole division lets almost one
     * more target through, hence one more replica: maxReplicaCount must be the number of partitions, too.
     */
    public static long reported(long lag, long lagThreshold, int partitions) {
        return lag / lagThreshold > partitions ? partitions * lagThreshold : lag;
    }
}
