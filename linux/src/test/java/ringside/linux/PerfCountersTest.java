package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PerfCountersTest {

    private static final int CALLS = 1000;

    /// `CLONE_IO`, which of all threads only the ring's workers have.
    private static final String BY_THE_RING = "clone_flags & 0x80000000";

    private final Kernel kernel = new FfmKernel();
    private final int self = (int) ProcessHandle.current().pid();

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> layoutIsTheHeaders() {
        Map<String, Long> ours = new TreeMap<>();
        for (String field : List.of("type", "size", "config", "sample_period", "sample_type", "read_format")) {
            ours.put("offsetof(struct perf_event_attr, " + field + ")", offset(field));
        }
        ours.put("offsetof(struct perf_event_attr, wakeup_events)", offset("wakeup_events"));
        ours.put("offsetof(struct perf_event_attr, bp_type)", offset("bp_type"));
        ours.put("offsetof(struct perf_event_attr, bp_addr)", offset("bp_addr"));
        ours.put("PERF_ATTR_SIZE_VER0", PerfEvent.ATTR.byteSize());
        ours.put(flag("disabled"), PerfEvent.DISABLED);
        ours.put(flag("inherit"), PerfEvent.INHERIT);
        ours.put("PERF_TYPE_SOFTWARE", (long) PerfEvent.PERF_TYPE_SOFTWARE);
        ours.put("PERF_TYPE_TRACEPOINT", (long) PerfEvent.PERF_TYPE_TRACEPOINT);
        ours.put("PERF_COUNT_SW_CONTEXT_SWITCHES", PerfEvent.PERF_COUNT_SW_CONTEXT_SWITCHES);
        ours.put("PERF_COUNT_SW_CPU_MIGRATIONS", PerfEvent.PERF_COUNT_SW_CPU_MIGRATIONS);
        ours.put("PERF_COUNT_SW_PAGE_FAULTS_MIN", PerfEvent.PERF_COUNT_SW_PAGE_FAULTS_MIN);
        ours.put("PERF_COUNT_SW_PAGE_FAULTS_MAJ", PerfEvent.PERF_COUNT_SW_PAGE_FAULTS_MAJ);
        ours.put("PERF_EVENT_IOC_SET_FILTER", PerfCounters.PERF_EVENT_IOC_SET_FILTER);
        ours.put("PERF_FLAG_FD_CLOEXEC", 8L);
        return CProbe.compare(List.of("linux/perf_event.h", "sys/ioctl.h"), ours);
    }

    @Test
    void countsEachCallOfThreadsThatWereThereAndOfThoseThatCome() throws InterruptedException {
        PerfEvent calls = tracepoint("syscalls:sys_enter_geteuid");
        Thread[] late = new Thread[3];
        try (PerfCounters counters = attach(calls)) {
            assertTrue(counters.threads() > 1, "a JVM has more than one thread");
            assertEquals(0, counters.unsettled());
            long before = counters.count(calls).orThrow();
            call(Syscall.GETEUID, CALLS);
            assertEquals(CALLS, counters.count(calls).orThrow() - before);
            for (int i = 0; i < late.length; i++) {
                late[i] = Thread.ofPlatform().start(() -> call(Syscall.GETEUID, CALLS));
            }
            for (Thread thread : late) {
                thread.join();
            }
            assertEquals((1L + late.length) * CALLS, counters.count(calls).orThrow() - before);
        }
    }

    @Test
    void namedCallsAddUpToAllCalls() {
        PerfEvent all = tracepoint("raw_syscalls:sys_enter");
        PerfEvent one = tracepoint("syscalls:sys_enter_geteuid");
        PerfEvent other = tracepoint("syscalls:sys_enter_gettid");
        try (PerfCounters counters = attach(all, one, other)) {
            long before = counters.count(all).orThrow();
            call(Syscall.GETEUID, CALLS);
            call(Syscall.GETTID, CALLS);
            // What counting and the JVM's other threads call themselves comes on top.
            assertTrue(counters.count(all).orThrow() - before >= 2 * CALLS);
            assertEquals(CALLS, counters.count(one).orThrow());
            assertTrue(counters.count(other).orThrow() >= CALLS);
        }
    }

    @Test
    void aChildProcessIsCountedToo() throws IOException, InterruptedException {
        PerfEvent writes = tracepoint("syscalls:sys_enter_write");
        try (PerfCounters counters = attach(writes)) {
            // dash makes one write(2) for each echo.
            String script = "i=0; while [ $i -lt 500 ]; do echo $i; i=$((i+1)); done";
            Process child = new ProcessBuilder("sh", "-c", script)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertEquals(0, child.waitFor());
            assertTrue(counters.count(writes).orThrow() >= 500);
        }
    }

    @Test
    void theRingsWorkersAreCounted() throws IOException {
        assumeTrue(
                IoUring.probe(kernel) instanceof IoUringSupport.Available, () -> "io_uring: " + IoUring.probe(kernel));
        PerfEvent punts = tracepoint("io_uring:io_uring_queue_async_work");
        PerfEvent inserts = tracepoint("filemap:mm_filemap_add_to_page_cache");
        PerfEvent born = tracepoint("task:task_newtask").where(BY_THE_RING);
        int pages = 64;
        Path file = TestFiles.create(directory, pages * 4096);
        OpenFiles files = new OpenFiles(kernel);
        int fd = files.open(file.toString(), OpenFiles.O_RDONLY);
        try (PerfCounters counters = attach(punts, inserts, born);
                Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.plain(4))) {
            assertEquals(0, kernel.call(Syscall.FDATASYNC, fd));
            FileAdvice.RANDOM.give(kernel, fd, 0, 0);
            FileAdvice.DONTNEED.give(kernel, fd, 0, 0);
            long before = counters.count(inserts).orThrow();
            MemorySegment buffer = arena.allocate(4096, 4096);
            RingCounts ringBefore = RingCounts.of(kernel, self).orThrow();
            for (int page = 0; page < pages; page++) {
                assertTrue(ring.prepareRead(fd, buffer.address(), 4096, page * 4096L, page));
                ring.setLastFlags(IoUringAbi.IOSQE_ASYNC);
                assertEquals(1, ring.submitAndWait(1));
                ring.reap((userData, result, flags) -> assertEquals(4096, result));
            }
            RingCounts ringAfter = RingCounts.of(kernel, self).orThrow();
            assertEquals(pages, counters.count(punts).orThrow());
            assertTrue(counters.count(born).orThrow() >= 1, "no worker was seen to start");
            long inserted = counters.count(inserts).orThrow() - before;
            assumeTrue(inserted > 0, "this file system keeps all in memory");
            assertTrue(inserted >= pages, inserted + " of " + pages + " pages: the workers aren't counted");
            assertEquals(pages, ringAfter.submittedSince(ringBefore));
            assertEquals(pages, ringAfter.completedSince(ringBefore));
        } finally {
            files.close(fd);
        }
    }

    @Test
    void contextSwitchesAreThoseOfProc() throws InterruptedException {
        try (PerfCounters counters = attach(PerfEvent.CONTEXT_SWITCHES)) {
            Reading<Long> first = counters.count(PerfEvent.CONTEXT_SWITCHES);
            assumeTrue(first.isMeasured(), first.whyMissing());
            for (int i = 0; i < 50; i++) {
                Thread.sleep(1);
            }
            long switches = counters.count(PerfEvent.CONTEXT_SWITCHES).orThrow() - first.orThrow();
            assertTrue(switches >= 50, switches + " switches in 50 sleeps");
        }
    }

    @Test
    void saysWhyAndWhatToDo() {
        assertEquals(
                "counting isn't permitted (perf_event_open(2); kernel.perf_event_paranoid is "
                        + new PseudoFiles(kernel)
                                .read("/proc/sys/kernel/perf_event_paranoid")
                                .orThrow()
                                .strip()
                        + "). Run as root or with CAP_PERFMON, outside of containers that forbid the call; or, as"
                        + " root, `sysctl kernel.perf_event_paranoid=-1`.",
                refusal(Errno.EACCES));
        assertTrue(refusal(Errno.ENOSYS).contains("container"), refusal(Errno.ENOSYS));
        assertTrue(refusal(Errno.ENOENT).contains("doesn't count context-switches"), refusal(Errno.ENOENT));
        assertTrue(refusal(Errno.EMFILE).contains("ulimit -n"), refusal(Errno.EMFILE));
        assertTrue(refusal(Errno.EIO).contains("EIO"), refusal(Errno.EIO));
    }

    @Test
    void aRefusalOnOneEventLeavesTheOthersAndNoDescriptor() throws IOException {
        long before = descriptors();
        PerfEvent none = new PerfEvent("no:such", PerfEvent.PERF_TYPE_TRACEPOINT, 1 << 30, "");
        PerfEvent badFilter = tracepoint("syscalls:sys_enter_geteuid").where("no_such_field == 1");
        PerfEvent good = tracepoint("syscalls:sys_enter_geteuid");
        try (PerfCounters counters = attach(none, badFilter, good)) {
            assertFalse(counters.count(none).isMeasured());
            assertTrue(
                    counters.count(badFilter).whyMissing().contains("no_such_field == 1"),
                    counters.count(badFilter).whyMissing());
            call(Syscall.GETEUID, CALLS);
            assertEquals(CALLS, counters.count(good).orThrow());
            assertThrows(IllegalArgumentException.class, () -> counters.count(PerfEvent.MINOR_FAULTS));
        }
        assertEquals(before, descriptors());
    }

    /// A process that starts a thread whenever it is looked at.
    @Test
    void aProcessThatNeverSettlesIsCountedAndSaysSo() {
        PerfEvent calls = tracepoint("syscalls:sys_enter_geteuid");
        List<Thread> started = new java.util.ArrayList<>();
        var end = new java.util.concurrent.CountDownLatch(1);
        Kernel restless = new ForwardingKernel(kernel) {
            private int opened;

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                if (call == Syscall.PERF_EVENT_OPEN && ++opened % 3 == 0) {
                    started.add(Thread.ofPlatform().daemon().start(() -> await(end)));
                }
                return super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (PerfCounters counters = PerfCounters.attach(restless, self, List.of(calls))) {
            assertTrue(counters.unsettled() > 0);
            assertTrue(counters.count(calls).isMeasured());
        } finally {
            end.countDown();
        }
        assertFalse(started.isEmpty());
    }

    @Test
    void ringCountsWrapAndNewRingsBeginAtNothing() {
        RingCounts.Ring ring = RingCounts.parse("pos:\t0\nSqMask:\t0x7f\nSqHead:\t4294967290\nCqTail:\t7\n");
        RingCounts before = new RingCounts(Map.of(5, ring));
        RingCounts after = new RingCounts(Map.of(5, new RingCounts.Ring(4, 9), 6, new RingCounts.Ring(3, 3)));
        assertEquals(13, after.submittedSince(before));
        assertEquals(5, after.completedSince(before));
        assertThrows(IllegalArgumentException.class, () -> RingCounts.parse("pos:\t0\n"));
    }

    @Test
    void disksAreCountedWhole() {
        Reading<DiskReads> reads = DiskReads.read(kernel);
        assertTrue(reads.isMeasured(), reads.whyMissing());
        assertTrue(reads.orThrow().bytes() % 512 == 0);
        assertThrows(IllegalArgumentException.class, () -> DiskReads.parse(" 254 0 vda 1"));
        assertEquals(new DiskReads(0, 0), DiskReads.parse(" 7 0 loop0 9 0 9 0 0 0 0 0 0 0 0\n"));
    }

    private String refusal(int errno) {
        Kernel refusing = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.PERF_EVENT_OPEN ? -errno : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (PerfCounters counters = PerfCounters.attach(refusing, self, List.of(PerfEvent.CONTEXT_SWITCHES))) {
            return counters.count(PerfEvent.CONTEXT_SWITCHES).whyMissing();
        }
    }

    private PerfCounters attach(PerfEvent... events) {
        PerfCounters counters = PerfCounters.attach(kernel, self, List.of(events));
        boolean permitted =
                Stream.of(events).anyMatch(event -> counters.count(event).isMeasured());
        if (!permitted) {
            String why = counters.count(events[0]).whyMissing();
            counters.close();
            assumeTrue(false, why);
        }
        return counters;
    }

    private PerfEvent tracepoint(String name) {
        Reading<TraceFs> traceFs = TraceFs.find(kernel);
        assumeTrue(traceFs.isMeasured(), traceFs.whyMissing());
        Reading<PerfEvent> event = PerfEvent.tracepoint(traceFs.orThrow(), name);
        assumeTrue(event.isMeasured(), event.whyMissing());
        return event.orThrow();
    }

    private void call(Syscall call, int times) {
        for (int i = 0; i < times; i++) {
            assertTrue(kernel.call(call) >= 0);
        }
    }

    private static void await(java.util.concurrent.CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> list = java.nio.file.Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }

    private static long offset(String field) {
        return PerfEvent.ATTR.byteOffset(PathElement.groupElement(field));
    }

    private static String flag(String name) {
        return "({ struct perf_event_attr a = {0}; a." + name + " = 1; *(long *)((char *)&a + " + PerfEvent.FLAGS_OFFSET
                + "); })";
    }
}
