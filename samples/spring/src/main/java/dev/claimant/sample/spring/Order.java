package dev.claimant.sample.spring;

/** What is enqueued: an order that is in the table. */
record Order(long id, String item) {}
