package dev.claimant.rabbitmq;

/** One consumer's prefetch: the broker hands it this many messages and no more until some of them are settled. Needs the subscription's lock. */
final class Credit {

    final int granted;
    int used;

    Credit(int granted) {
        this.granted = granted;
    }

    int free() {
        return granted - used;
    }
}
