package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The parsers of `/proc`'s texts, on texts.
class ProcFilesTest {

    /// Field n of proc_pid_stat(5) is n × 10, but for id, name, state and parent.
    private static final String AFTER_THE_NAME = " S 7 50 60 70 80 90 100 110 120 130 140 150 160 170 180 190 200 210"
            + " 220 230 240 250 260 270 280 290 300 310 320 330 340 350 360 370 380 390 400 410 420 430 440 450 460"
            + " 470 480 490 500 510 520\n";

    @ParameterizedTest
    @ValueSource(
            strings = {"java", "", "a b", ")", "(", "a) S 1 2 3", ") (", "((", "x\ny", ") Z 99", "日本", " ", "(sd-pam)"})
    void aNameMayBeAnything(String name) {
        assertStat(name, ProcessStat.parse("1234 (" + name + ")" + AFTER_THE_NAME));
    }

    @Test
    void randomNamesAreReadWhole() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "() SZ0123\n\t)(ab-:é";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(16); length > 0; length--) {
                name.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertStat(name.toString(), ProcessStat.parse("1234 (" + name + ")" + AFTER_THE_NAME));
            } catch (IllegalArgumentException e) {
                throw new AssertionError("seed " + seed + ", name '" + name + "'", e);
            }
        }
    }

    @Test
    void cutOrChangedStatLinesAreReadOrRefusedAndNothingElse() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String line = "1234 (a) b)" + AFTER_THE_NAME;
        for (int end = 0; end < line.indexOf(" 400"); end++) {
            String cut = line.substring(0, end);
            if (end < line.indexOf(" 390")) {
                assertThrows(IllegalArgumentException.class, () -> ProcessStat.parse(cut), cut);
            }
        }
        for (int round = 0; round < 20_000; round++) {
            StringBuilder changed = new StringBuilder(line);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                changed.setCharAt(random.nextInt(changed.length()), (char) (random.nextInt(96) + 32));
            }
            try {
                ProcessStat.parse(changed.toString());
            } catch (IllegalArgumentException refused) {
                assertTrue(!String.valueOf(refused.getMessage()).isEmpty(), "seed " + seed);
            }
        }
    }

    @Test
    void aNumberTooBigIsRefused() {
        String line = "1234 (x)" + AFTER_THE_NAME;
        for (String wrong : new String[] {"99999999999", "-99999999999", "1.5", ""}) {
            assertThrows(
                    IllegalArgumentException.class, () -> ProcessStat.parse(line.replace(" 200 ", " " + wrong + " ")));
        }
    }

    @Test
    void ioIsRead() {
        ProcessIo io = ProcessIo.parse("""
            rchar: 1
            wchar: 2
            syscr: 3
            syscw: 4
            read_bytes: 5
            write_bytes: 6
            cancelled_write_bytes: 7
            """);
        assertEquals(new ProcessIo(1, 2, 3, 4, 5, 6, 7), io);
        assertEquals(new ProcessIo(0, 0, 0, 0, 0, 0, 0), io.minus(io));
        assertThrows(IllegalArgumentException.class, () -> ProcessIo.parse("rchar: 1\n"));
        assertThrows(IllegalArgumentException.class, () -> ProcessIo.parse("rchar: x\n"));
    }

    @Test
    void aKernelThreadHasNoMemory() {
        ProcessStatus status = ProcessStatus.parse(
                "Name:\tkthreadd\nThreads:\t1\nvoluntary_ctxt_switches:\t9\nnonvoluntary_ctxt_switches:\t8\n");
        assertTrue(status.residentBytes().isEmpty());
        assertEquals(1, status.threads());
        assertEquals(9, status.voluntarySwitches());
        assertEquals(8, status.involuntarySwitches());
    }

    @Test
    void memoryIsInBytes() {
        ProcessStatus status = ProcessStatus.parse("""
            VmHWM:\t     200 kB
            VmRSS:\t     100 kB
            Threads:\t1
            voluntary_ctxt_switches:\t9
            nonvoluntary_ctxt_switches:\t8
            """);
        assertEquals(100 * 1024, status.residentBytes().orElseThrow());
        assertEquals(200 * 1024, status.residentBytesMax().orElseThrow());
    }

    @Test
    void cpuTimesDivideIntoBusyIdleAndStolen() {
        SystemStat stat = SystemStat.parse("""
            cpu  11 22 33 44 55 66 77 88 9 1
            cpu0 1 2 3 4 5 6 7 8 9 1
            cpu12 10 20 30 40 50 60 70 80 0 0
            intr 5 0 1
            ctxt 123
            btime 1
            processes 45
            """, 77);
        assertEquals(77, stat.atNanos());
        CpuTimes first = stat.of(CpuSet.of(0));
        assertEquals(new CpuTimes(1, 2, 3, 4, 5, 6, 7, 8), first);
        assertEquals(1 + 2 + 3 + 6 + 7, first.busyTicks());
        assertEquals(9, first.idleTicks());
        assertEquals(36, first.totalTicks());
        assertEquals(stat.all(), stat.of(CpuSet.of(0, 12)));
        assertEquals(123, stat.contextSwitches());
        assertEquals(45, stat.forks());
        assertEquals(first, stat.all().minus(stat.of(CpuSet.of(12))));
        // idle may run backwards, proc_stat(5)
        assertEquals(
                0,
                new CpuTimes(5, 0, 0, 9, 9, 0, 0, 0)
                        .minus(new CpuTimes(5, 0, 0, 10, 10, 0, 0, 0))
                        .idleTicks());
        assertThrows(IllegalArgumentException.class, () -> stat.of(CpuSet.of(1)));
        assertThrows(IllegalArgumentException.class, () -> SystemStat.parse("cpu  1 2 3\n", 0));
        assertThrows(IllegalArgumentException.class, () -> SystemStat.parse("ctxt 1\nprocesses 2\n", 0));
    }

    @Test
    void busyTimeIsWhatTheExactClocksLeave() {
        CpuTimes before = new CpuTimes(100, 0, 50, 1000, 20, 0, 9, 3);
        CpuTimes after = new CpuTimes(999, 9, 99, 1030, 25, 9, 99, 5);
        // 1 s of 100 ticks, less 30 idle, 5 iowait and 2 steal; what the tick sampled plays no part
        assertEquals(630_000_000, after.busyNanosSince(before, 1_000_000_000, 100));
        assertEquals(2_630_000_000L, after.busyNanosSince(before, 3_000_000_000L, 100));
        // rounding, and idle time that runs backwards
        assertEquals(0, after.busyNanosSince(before, 360_000_000, 100));
        assertEquals(
                500_000_000 - 20_000_000,
                after.busyNanosSince(new CpuTimes(0, 0, 0, 1031, 26, 0, 0, 3), 500_000_000, 100));
        assertThrows(IllegalArgumentException.class, () -> after.busyNanosSince(before, -1, 100));
        assertThrows(IllegalArgumentException.class, () -> after.busyNanosSince(before, 1, 0));
    }

    @Test
    void pressureIsRead() {
        Pressure pressure = Pressure.parse("""
            some avg10=57.21 avg60=44.29 avg300=32.59 total=220308118
            full avg10=0.00 avg60=0.10 avg300=0.00 total=7
            """);
        assertEquals(new Pressure.Stall(57.21, 44.29, 32.59, 220_308_118), pressure.some());
        assertEquals(7, pressure.full().totalMicros());
        assertEquals(
                0,
                Pressure.parse("some avg10=1 avg60=1 avg300=1 total=1\n").full().totalMicros());
        for (String wrong : new String[] {"", "some", "some avg10=x avg60=1 avg300=1 total=1", "some a b c d"}) {
            assertThrows(IllegalArgumentException.class, () -> Pressure.parse(wrong));
        }
    }

    @Test
    void aMountLineIsReadWithItsEscapes() {
        Mount mount =
                Mount.parse("36 35 98:0 /mnt1 /mnt\\040two\\134x rw,noatime master:1 shared:2 - ext3 /dev/root rw");
        assertEquals(new Mount(36, "98:0", "/mnt two\\x", "rw,noatime", "ext3", "/dev/root", "rw"), mount);
        assertEquals("tmpfs", Mount.parse("22 27 0:21 / /a rw - tmpfs none rw").fileSystem());
        assertThrows(IllegalArgumentException.class, () -> Mount.parse("22 27 0:21 / /a rw - tmpfs"));
        assertThrows(IllegalArgumentException.class, () -> Mount.parse(""));
        assertThrows(IllegalArgumentException.class, () -> Mount.parse("x 27 0:21 / /a rw - tmpfs none rw"));
    }

    @Test
    void aRunIsThreeNumbers() {
        assertEquals(new ThreadRun(46_588, 7, 1), ThreadRun.parse("46588 7 1\n"));
        assertThrows(IllegalArgumentException.class, () -> ThreadRun.parse("46588 7"));
        assertThrows(IllegalArgumentException.class, () -> ThreadRun.parse("a 7 1"));
    }

    @Test
    void aReadingKeepsItsReason() {
        Reading<String> text = new Reading.Measured<>("x");
        Reading<Long> wrong = text.map(number -> KeyedLines.parseNumber("the answer", number));
        assertEquals("the answer: 'x' is no number", wrong.whyMissing());
        assertEquals("the answer: 'x' is no number", wrong.map(Long::intValue).whyMissing());
        assertThrows(IllegalStateException.class, wrong::orThrow);
        Reading<String> gone = new Reading.Vanished<>("process 5");
        assertEquals("process 5 has ended", gone.map(String::length).whyMissing());
        assertTrue(gone.value().isEmpty());
        assertEquals(1, text.map(String::length).orThrow());
        assertEquals("", text.whyMissing());
    }

    private static void assertStat(String name, ProcessStat stat) {
        assertEquals(new ProcessStat(1234, name, 'S', 7, 100, 120, 140, 150, 330, 200, 220, 390), stat);
    }
}
