package dev.claimant.contract;

import dev.claimant.spi.Source;
import java.util.List;

/**
 * A source with more than one setting that is wrong and found only by asking the broker.
 *
 * @param source not opened
 * @param settings a word for each problem that its message must contain: the setting's name or its value
 */
public record Misconfigured(Source source, List<String> settings) {}
