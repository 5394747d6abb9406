package dev.claimant;

/** Who provides the threads that an engine asks for as it goes. Called under the engine's lock. */
interface Crew {

    /** One more thread for {@link Runner#loop}. */
    void addRunner(Engine engine);

    /** The thread for {@link Settler#loop} of this kind. */
    void addSettler(Engine engine, Settlement.Kind kind);
}
