package dev.claimant.rabbitmq;

/** What became of a copy. */
enum CopyFate {
    /** The broker has it safe. */
    SAFE,
    /** Its queue is full or gone; another one may take it. */
    REFUSED,
    /** It cannot be sent at all: its headers fit into no frame. */
    UNSENDABLE,
    /** The connection failed, or nobody wanted it any more. */
    FAILED
}
