package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import ringside.linux.FfmKernel;

/// An engine can't run where its transport can't.
final class EngineProbeTest {

    /// A process of its own without Netty's native libraries: says what is available there.
    static final class WithoutNatives {
        private WithoutNatives() {}

        public static void main(String[] args) {
            FfmKernel kernel = new FfmKernel();
            for (Transport transport : Transport.values()) {
                System.out.println(transport.id() + " " + transport.probe().isAvailable());
                for (Engine engine : Engines.ALL) {
                    System.out.println(engine.spec().name() + " " + transport.id() + " "
                            + engine.probe(kernel, transport).isAvailable());
                }
            }
        }
    }

    @Test
    void noEngineRunsWithoutItsTransport() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dio.netty.transport.noNative=true",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutNatives.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), lines.toString());
        assertTrue(lines.containsAll(List.of("nio true", "epoll false", "io_uring false")), lines.toString());
        for (Engine engine : Engines.ALL) {
            String name = engine.spec().name();
            assertTrue(lines.contains(name + " epoll false"), lines.toString());
            assertTrue(lines.contains(name + " io_uring false"), lines.toString());
            if (engine.probe(new FfmKernel(), Transport.NIO).isAvailable()) {
                assertTrue(lines.contains(name + " nio true"), lines.toString());
            }
        }
        assertFalse(lines.isEmpty());
    }
}
