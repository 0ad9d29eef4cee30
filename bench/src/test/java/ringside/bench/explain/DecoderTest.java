package ringside.bench.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.linux.TraceRecord;

final class DecoderTest {

    @Test
    void readsAndSendsOnTheLoop() throws IOException {
        Timeline timeline = TraceSamples.timeline("blocking-epoll");
        assertEquals(
                List.of(
                        "epoll_pwait2(…) = 1: woken: 1 descriptor ready",
                        "recvfrom(45<socket>, …, 64, 0) = 32: receive the request, 32 B",
                        "pread64(46<file>, …, 65536, 0) = 65536: read the file: 64 KiB at 0",
                        "sendto(45<socket>, …, 65719, 0) = 65719: send head + whole body",
                        "epoll_pwait2(39<epoll>, …, 4096, …): wait for what is next"),
                lines(timeline));
        Totals totals = timeline.totals();
        assertEquals(Map.of("epoll_pwait2", 1, "recvfrom", 1, "pread64", 1, "sendto", 1), totals.calls());
        assertEquals(65_536, totals.readBytes());
        assertEquals(65_719, totals.sentBytes());
        assertEquals(0, totals.pagesAdded() + totals.blockRequests() + totals.submissions());
        // From the waking at 496556 to the end of sendto at 497316.
        assertEquals(760, timeline.spanMicros());
        assertEquals(
                5 + 19 + 30,
                timeline.shown().subList(1, 4).stream()
                        .mapToLong(step -> step.durationMicros().orElseThrow())
                        .sum());
        // Woken at 0, on the CPU at 91; preempted from 762 to 902.
        assertEquals(91 + 140, totals.preemptedMicros());
    }

    @Test
    void followsOperationsThroughTheRingAndPagesToTheDevice() throws IOException {
        Timeline timeline = TraceSamples.timeline("uring-io_uring-cold");
        List<String> lines = lines(timeline);
        assertEquals("io_uring_enter(…) = 1: wait for a completion", lines.getFirst());
        assertEquals("  complete POLL_ADD 44<socket> = 1 IORING_CQE_F_MORE: the connection is ready", lines.get(1));
        assertTrue(lines.contains("  submit READ 45<file>: ask to read the file"), lines::toString);
        assertTrue(
                lines.contains("  page cache +16 pages at 0: room for 64 KiB of the file, to be read"),
                lines::toString);
        assertTrue(
                lines.contains("block request RA 64 KiB, sector 249069016 of 254:0: the device reads (read-ahead)"),
                lines::toString);
        assertTrue(lines.contains("  complete SEND 44<socket> = 65719: sent: head + whole body"), lines::toString);
        assertTrue(lines.getLast().endsWith("submit TIMEOUT: be back by then at the latest"), lines::toString);

        Step read = step(timeline, Step.Kind.SUBMISSION, "READ");
        Step done = step(timeline, Step.Kind.COMPLETION, "READ");
        assertEquals(read.operation(), done.operation());
        assertEquals(done.atMicros() - read.atMicros(), read.durationMicros().orElseThrow());
        Step device = step(timeline, Step.Kind.BLOCK, "block request");
        assertEquals(960 - 788, device.durationMicros().orElseThrow());
        Totals totals = timeline.totals();
        assertEquals(16, totals.pagesAdded());
        assertEquals(1, totals.blockRequests(), "others wrote to the device, too");
        assertEquals(65_536, totals.blockBytes());
        assertEquals(65_536, totals.readBytes());
        assertEquals(0, totals.punts());
    }

    @Test
    void setsTheJvmApart() throws IOException {
        Timeline timeline = TraceSamples.timeline("uring-io_uring-cold");
        assertEquals(
                List.of("ringside-loop-1 woke C1 CompilerThre", "ringside-loop-1 woke C2 CompilerThre"),
                timeline.disturbances());
        assertEquals(
                List.of("C1 CompilerThre", "C2 CompilerThre"),
                new ArrayList<>(timeline.others().byThread().keySet()));
        assertTrue(timeline.shown().stream()
                .noneMatch(step -> timeline.name(step.threadId()).contains("Compiler")));
        assertTrue(timeline.steps().size() > timeline.shown().size());
        assertEquals(List.of(), TraceSamples.timeline("blocking-epoll").disturbances());
    }

    @Test
    void takesInTheThreadsThatTookPart() throws IOException {
        Timeline timeline = TraceSamples.timeline("aio-epoll");
        List<Timeline.Lane> parts =
                timeline.threads().stream().filter(Timeline.Lane::takesPart).toList();
        assertEquals(
                List.of("ringside-loop-1", "ringside-aio-3-"),
                parts.stream().map(Timeline.Lane::name).toList());
        List<String> lines = lines(timeline);
        assertTrue(
                lines.contains("futex(…, FUTEX_WAKE, 1, NULL) = 1, wakes ringside-aio-3-: wake 1 thread"),
                lines::toString);
        assertTrue(
                lines.contains("pread64(47<file>, …, 65536, 0) = 65536: read the file: 64 KiB at 0"), lines::toString);
        assertEquals(0, timeline.others().calls());
    }

    @Test
    void followsAChainToIoWqAndBack() throws IOException {
        Timeline timeline = TraceSamples.timeline("composed-splice");
        assertEquals(
                List.of(
                        "epoll_pwait2(…) = 1: woken: 1 descriptor ready",
                        "recvfrom(45<socket>, …, 64, 0) = 50: receive the request, 50 B",
                        "sendto(45<socket>, …, 180, MSG_DONTWAIT|MSG_NOSIGNAL|MSG_MORE) = 180: send the head",
                        "io_uring_enter(40<ring>, 2, 0, 0) = 2, wakes iou-wrk-200: hand over 2 submissions",
                        "  submit SPLICE 51<pipe, write end>, 46<file>, IOSQE_IO_LINK: ask to move the file's pages"
                                + " into the pipe",
                        "  submit SPLICE 45<socket>, 50<pipe, read end>: ask to move the pipe's bytes to the socket",
                        "  hand to io-wq: SPLICE: a worker thread does it",
                        "epoll_pwait2(39<epoll>, …, 4096, …) = 1: woken: 1 descriptor ready",
                        "runs: do what was handed over",
                        "  sleeps: woken by iou-wrk-200",
                        "complete SPLICE 51<pipe, write end>, 46<file> = 131072: 128 KiB of the file are in the pipe",
                        "complete SPLICE 45<socket>, 50<pipe, read end> = 131072: sent: the whole body, from the pipe",
                        "epoll_pwait2(39<epoll>, …, 4096, …): wait for what is next"),
                lines(timeline));
        Totals totals = timeline.totals();
        assertEquals(1, totals.punts());
        assertEquals(131_072, totals.kernelBytes());
        assertEquals(180, totals.sentBytes());
        assertEquals(0, totals.readBytes());
        assertEquals(98 - 52, totals.workerMicros());
        assertEquals(95 - 10, timeline.spanMicros());
    }

    @Test
    void saysWhetherASendWithoutACopyWasOne() throws IOException {
        Timeline timeline = TraceSamples.timeline("composed-zc");
        assertEquals(
                List.of(
                        "epoll_pwait2(…) = 1: woken: 1 descriptor ready",
                        "io_uring_enter(40<ring>, 1, 0, 0) = 1: hand over 1 submission",
                        "  submit SEND_ZC 45<socket>: ask to send without a copy",
                        "  complete SEND_ZC 45<socket> = 4276 IORING_CQE_F_MORE: sent: head + whole body",
                        "  complete SEND_ZC 45<socket> = IORING_NOTIF_USAGE_ZC_COPIED IORING_CQE_F_NOTIF:"
                                + " the buffer is free again; its bytes were copied after all"),
                lines(timeline));
        assertEquals(4276, timeline.totals().zeroCopyBytes());
        assertEquals(1, timeline.totals().copiedAfterAll());
        assertEquals(0, timeline.totals().sentBytes());
    }

    @Test
    void namesThePartsOfAResponse() throws IOException {
        Assembly assembly = new Assembly(TraceSamples.read("composed-splice"), List.of(), Map.of(), List.of());
        assertEquals("part of the head", assembly.part(0, 100));
        assertEquals("the head", assembly.part(0, 180));
        assertEquals("head + 820 B of the body", assembly.part(0, 1000));
        assertEquals("head + whole body", assembly.part(0, 180 + 131_072));
        assertEquals("the whole body", assembly.part(180, 180 + 131_072));
        assertEquals("64 KiB of the body", assembly.part(180, 180 + 65_536));
        assertEquals("64 KiB of the body, the last", assembly.part(180 + 65_536, 180 + 131_072));
    }

    @Test
    void aTraceWithoutTheRequestIsEmpty() throws IOException {
        RequestTrace whole = TraceSamples.read("blocking-epoll");
        for (List<TraceRecord> records : List.of(
                List.<TraceRecord>of(),
                whole.records().subList(1, 5),
                whole.records().subList(0, 1))) {
            Timeline timeline = Decoder.decode(new RequestTrace(
                    records,
                    whole.threads(),
                    whole.descriptors(),
                    whole.operations(),
                    whole.inode(),
                    whole.clientThreadId(),
                    whole.headBytes(),
                    whole.bodyBytes()));
            assertEquals(List.of(), timeline.steps());
            assertEquals(0, timeline.spanMicros());
        }
    }

    /// Wherever a trace breaks off, what came before is read.
    @Test
    void readsEveryBeginningOfATrace() throws IOException {
        for (String name : TraceSamples.ALL) {
            RequestTrace whole = TraceSamples.read(name);
            for (int length = 0; length <= whole.records().size(); length++) {
                Timeline timeline = Decoder.decode(new RequestTrace(
                        whole.records().subList(0, length),
                        whole.threads(),
                        whole.descriptors(),
                        TraceSamples.read(name).operations(),
                        whole.inode(),
                        whole.clientThreadId(),
                        whole.headBytes(),
                        whole.bodyBytes()));
                Totals totals = timeline.totals();
                assertFalse(totals.kernelMicros() < 0 || totals.userMicros() < 0, name + " cut to " + length);
                assertTrue(
                        timeline.steps().stream().noneMatch(step -> step.name().isEmpty()), name + " " + length);
            }
        }
    }

    @Test
    void theMostFrequentSequenceStandsForAll() throws IOException {
        Timeline blocking = TraceSamples.timeline("blocking-epoll");
        Timeline aio = TraceSamples.timeline("aio-epoll");
        assertEquals(Sequence.of(blocking), Sequence.of(TraceSamples.timeline("blocking-epoll")));
        Sequence.Typical typical = Sequence.typical(List.of(aio, blocking, blocking));
        assertEquals(2, typical.count());
        assertEquals(1, typical.index());
        // Of as many, those that the JVM left in peace.
        Timeline disturbed = TraceSamples.timeline("uring-io_uring-cold");
        assertEquals(1, Sequence.typical(List.of(disturbed, blocking)).index());
    }

    private static Step step(Timeline timeline, Step.Kind kind, String name) {
        return timeline.steps().stream()
                .filter(step -> step.kind() == kind && step.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(Timeline timeline) {
        return timeline.shown().stream()
                .map(step -> "  ".repeat(step.depth())
                        + step.text()
                        + (step.result().isEmpty() ? "" : " = " + step.result())
                        + ": "
                        + step.meaning())
                .map(String::toString)
                .toList();
    }
}
