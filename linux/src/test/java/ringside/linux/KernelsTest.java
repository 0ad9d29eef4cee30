package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelsTest {

    @Test
    void everyNameOfTheListIsAKernel() {
        for (String name : Kernels.NAMES) {
            assertEquals(name, Kernels.byName(name).name());
        }
    }

    @Test
    void anotherNameIsRefusedWithTheChoices() {
        for (String name : new String[] {"panama", "", "FFM", "faulty"}) {
            String refusal = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Kernels.byName(name))
                    .getMessage());
            assertTrue(refusal.contains("'" + name + "'") && refusal.contains("ffm, jna"), refusal);
        }
    }

    @Test
    void anotherMachineIsRefusedWithItsName() {
        Kernels.requireSupported("Linux", "amd64");
        String arm = String.valueOf(
                assertThrows(UnsupportedOperationException.class, () -> Kernels.requireSupported("Linux", "aarch64"))
                        .getMessage());
        assertTrue(arm.contains("Linux aarch64"), arm);
        assertThrows(UnsupportedOperationException.class, () -> Kernels.requireSupported("Mac OS X", "amd64"));
    }
}
