package ringside.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import ringside.bench.result.Measured;
import ringside.linux.CpuSet;

class FioJobTest {

    /// Of the kept sample.
    private static final long READS = 167232;

    private static final double SECONDS = 0.502;

    @Test
    void theOutputOfFioIsRead() throws IOException {
        FioOutput told = FioOutput.parse("note: a line before the JSON\n" + sample());
        assertEquals("fio-3.33", told.version());
        assertEquals(0, told.error());
        assertEquals(READS, told.reads());
        assertEquals(SECONDS, told.seconds(), 1e-9);
        assertEquals(READS / SECONDS, told.readsPerSecond(), 1e-6);
        assertEquals(Measured.of(17.280), told.latency().p50Micros());
        assertEquals(Measured.of(8093.696), told.latency().p999Micros());
        assertEquals(Measured.of(18905.580), told.latency().maxMicros());
        double share = told.userShare() + told.systemShare();
        assertTrue(share > 0 && share <= 1.01, "CPU share " + share);
    }

    @Test
    void whatIsNoOutputOfFioIsToldSo() throws IOException {
        assertTrue(message("fio: engine io_uring not loadable").contains("engine io_uring not loadable"));
        assertTrue(message(sample().replace("\"total_ios\"", "\"total\"")).contains("no \"total_ios\""));
        assertTrue(message("{\"jobs\": []}").contains("0 jobs"));
    }

    @Test
    void theJobIsTheEqualOfOurs() {
        List<String> uring = command("uring:registered=on");
        for (String option : List.of(
                "--ioengine=io_uring",
                "--fixedbufs=1",
                "--rw=randread",
                "--bs=4096",
                "--size=1048576",
                "--direct=0",
                "--iodepth=8",
                "--iodepth_batch_submit=8",
                "--time_based",
                "--norandommap",
                "--thread",
                "--invalidate=0",
                "--readonly",
                "--runtime=3000ms",
                "--cpus_allowed=1",
                "--filename=/data/a\\:b")) {
            assertTrue(uring.contains(option), option + " isn't in " + uring);
        }
        assertFalse(command("uring").contains("--fixedbufs=1"));
        List<String> direct = command("direct");
        assertTrue(direct.containsAll(List.of("--ioengine=libaio", "--direct=1")), direct::toString);
        List<String> blocking = command("blocking");
        assertTrue(blocking.contains("--ioengine=psync"), blocking::toString);
        assertFalse(blocking.stream().anyMatch(option -> option.startsWith("--iodepth")), blocking::toString);
    }

    @Test
    void aColdFileIsReadOnce() {
        ReadJob job = Jobs.job("uring", Jobs.cold(ReadPattern.SEQUENTIAL), Path.of("/data/file"));
        List<String> command = FioJob.command(
                Path.of("fio"), equal(job), job, Duration.ofSeconds(3), CpuSet.of(), Path.of("out.json"));
        assertTrue(command.contains("--rw=read"), command::toString);
        assertFalse(command.contains("--time_based"), command::toString);
        assertFalse(command.contains("--norandommap"), command::toString);
    }

    @Test
    void whatFioCanNotDoRunsAlone() {
        FioJob job = FioJob.of(Jobs.job("memory", Jobs.shape(1, false), Path.of("file")));
        assertTrue(assertInstanceOf(FioJob.None.class, job).reason().contains("runs alone"));
    }

    private static List<String> command(String engine) {
        ReadJob job = Jobs.job(engine, Jobs.shape(8, false), Path.of("/data/a:b"));
        return FioJob.command(
                Path.of("fio"), equal(job), job, Duration.ofSeconds(3), CpuSet.of(1), Path.of("out.json"));
    }

    private static FioJob.Equal equal(ReadJob job) {
        return assertInstanceOf(FioJob.Equal.class, FioJob.of(job));
    }

    private static String message(String text) {
        return String.valueOf(
                assertThrows(IOException.class, () -> FioOutput.parse(text)).getMessage());
    }

    private static String sample() throws IOException {
        try (InputStream sample = FioJobTest.class.getResourceAsStream("/fio/fio-3.33-io_uring.json")) {
            return new String(Objects.requireNonNull(sample).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
