package ringside.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import ringside.engines.ChosenEngine;

class ReadJobTest {

    private static final Path FILE = Path.of("file");

    @Test
    void whatCanNotBeReadIsRefusedWithTheRemedy() {
        refused("Measure it with 'ringside bench --engines sendfile'", () -> job("sendfile", Jobs.shape(1, false)));
        refused("choose --depth 1 to", () -> job("uring", Jobs.shape(0, false)));
        refused("write --engine direct:queue-depth=65", () -> job("direct", Jobs.shape(65, false)));
        refused(
                "less than one block",
                () -> Jobs.shape(1, false)
                        .job(ChosenEngine.parse("uring"), FILE, 4095, OptionalLong.empty(), Optional.empty()));
        refused("leave --cache out", () -> job("direct", Jobs.cold(ReadPattern.RANDOM)));
        refused("choose --rate above 0", () -> job("uring", Jobs.atRate(-1)));
        refused("choose --block 512 to", () -> new ReadJob.Area(1 << 20, 511, ReadPattern.RANDOM));
        refused(
                "keeps a checksum for each block",
                () -> Jobs.shape(1, true)
                        .job(ChosenEngine.parse("uring"), FILE, 1L << 40, OptionalLong.empty(), Optional.empty()));
    }

    @Test
    void directAsksForADirectEngineAndNamesIt() {
        refused("write --engine direct", () -> plan("blocking", true, false));
        refused("--seconds 2 or more", () -> plan("blocking", false, true));
        assertTrue(plan("direct", true, false).direct());
    }

    @Test
    void aPartOfABlockIsLeftOut() {
        assertEquals(8192, new ReadJob.Area(10_000, 4096, ReadPattern.RANDOM).sizeBytes());
    }

    /// The child gets the job as the parent has it.
    @Test
    void argumentsSayAll() {
        List<String> arguments = Jobs.shape(7, true)
                .job(
                        ChosenEngine.parse("uring:registered=on"),
                        Path.of("/data/file"),
                        Jobs.FILE_BYTES,
                        OptionalLong.of(9),
                        Optional.of(Path.of("/logs/x.hlog")))
                .arguments();
        String line = String.join(" ", arguments);
        for (String part : List.of(
                "--engine uring:registered=on",
                "--file /data/file",
                "--size 1048576",
                "--depth 7",
                "--cache hot",
                "--verify",
                "--content-seed 9",
                "--hlog /logs/x.hlog",
                "--seconds 300ms")) {
            assertTrue(line.contains(part), part + " isn't in " + line);
        }
    }

    @Test
    void severalRunsHaveHistogramLogsOfTheirOwn() {
        ReadPlan one = plan("direct", false, false);
        assertEquals(Optional.of(Path.of("/logs/a.hlog")), one.histogramLog(0));
        ReadPlan several = new ReadPlan(
                one.engines(),
                one.shape(),
                one.file(),
                one.directory(),
                one.sizeBytes(),
                false,
                3,
                false,
                one.histogramLog());
        assertEquals(Optional.of(Path.of("/logs/a-2.hlog")), several.histogramLog(2));
    }

    private static ReadJob job(String engine, ReadShape shape) {
        return Jobs.job(engine, shape, FILE);
    }

    private static ReadPlan plan(String engine, boolean direct, boolean fio) {
        return new ReadPlan(
                ChosenEngine.parseList(engine),
                Jobs.shape(1, false),
                Optional.empty(),
                Path.of("/tmp"),
                OptionalLong.empty(),
                direct,
                1,
                fio,
                Optional.of(Path.of("/logs/a.hlog")));
    }

    private static void refused(String sentence, Executable attempt) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, attempt);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(sentence), "'" + sentence + "' isn't in: " + message);
    }
}
