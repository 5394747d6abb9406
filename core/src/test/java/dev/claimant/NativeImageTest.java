package dev.claimant;

import dev.claimant.contract.NativeImageHints;
import org.junit.jupiter.api.Test;

class NativeImageTest {

    @Test
    void theHintsNameWhatIsLookedUpByName() throws ReflectiveOperationException {
        NativeImageHints.check("claimant-core");
    }
}
