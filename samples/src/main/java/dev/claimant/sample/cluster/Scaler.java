package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Reading;
import java.io.IOException;

/** KEDA's scaler of one trigger. Used by one thread. */
public interface Scaler extends AutoCloseable {

    /**
     * What there is to do now.
     *
     * @throws IOException if the source does not say; KEDA changes nothing then
     */
    Reading read() throws IOException;

    @Override
    void close();
}
