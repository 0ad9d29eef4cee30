package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CProbeTest {

    @BeforeEach
    void needsGcc() {
        assumeTrue(CProbe.available(), "gcc is not on the PATH");
    }

    @Test
    void answersWhatCompilesAndNamesWhatDoesNot() {
        CProbe probe = CProbe.ask(
                List.of("errno.h", "linux/no_such_header.h"),
                List.of(
                        "ENOENT",
                        "NO_SUCH_CONSTANT",
                        "sizeof(struct no_such_struct)",
                        "NO_SUCH_CONSTANT + 1",
                        "1 +",
                        "-7",
                        "~0U"));
        assertEquals(Map.of("ENOENT", 2L, "-7", -7L, "~0U", 4294967295L), probe.values());
        assertEquals(
                Set.of("NO_SUCH_CONSTANT", "sizeof(struct no_such_struct)", "NO_SUCH_CONSTANT + 1", "1 +"),
                probe.missing().keySet());
    }

    @Test
    void aWrongValueFailsItsTest() {
        var test = CProbe.compare(List.of("errno.h"), Map.of("ENOENT", 3L))
                .findFirst()
                .orElseThrow();
        assertThrows(AssertionError.class, () -> test.getExecutable().execute());
    }

    @Test
    void aMissingOneSkipsItsTest() {
        var test = CProbe.compare(List.of("errno.h"), Map.of("NO_SUCH_CONSTANT", 3L))
                .findFirst()
                .orElseThrow();
        assertThrows(
                org.opentest4j.TestAbortedException.class,
                () -> test.getExecutable().execute());
    }
}
