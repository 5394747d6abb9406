package dev.claimant.spring;

/**
 * What a worker is made of.
 *
 * @param name under which it stands in the properties
 * @param properties those of the application, and where they say nothing, those of the listener's annotation
 */
record WorkerSpec(String name, HandlerFactory handler, WorkerProperties properties, ListenerTransaction transaction) {

    String prefix() {
        return prefix(name);
    }

    static String prefix(String worker) {
        return "claimant.workers." + worker;
    }
}
