package dev.claimant.postgres;

import dev.claimant.contract.NativeImageHints;
import org.junit.jupiter.api.Test;

class NativeImageTest {

    @Test
    void theHintsNameWhatIsLookedUpByName() throws ReflectiveOperationException {
        NativeImageHints.check("claimant-backend-postgres");
    }
}
