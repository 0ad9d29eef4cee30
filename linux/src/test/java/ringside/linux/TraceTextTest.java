package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import ringside.linux.TraceRecord.Context;
import ringside.linux.TraceRecord.Form;

final class TraceTextTest {

    /// Lines of Linux 6.18, and of older kernels where those are written differently.
    private static final String TEXT = """
        # tracer: nop
        #
        # entries-in-buffer/entries-written: 7/19   #P:2
        #
        #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |         |   |||||     |         |
        CPU:1 [LOST 12 EVENTS]
                 python3-17306   [001] ...1. 11420.786275: tracing_mark_write: begin
                   <...>-22      [001] d..2. 11420.795165: sched_switch: prev_comm=ksoftirqd/1 prev_pid=22
         C2 CompilerThre-17290   [000] d.s2. 11426.293893: sched_waking: comm=java pid=17653 prio=120
         ringside-loop-1-17439   [001] ..... 11420.795202: sys_recvfrom(fd: 0x2f, ubuf: 0x7f04, size: 0x40)
         ringside-loop-1-17439   [001] ..... 11420.795206: sys_recvfrom -> 0x20
              a-1 [b] c-7        [010] d.h1     1.000001: odd:
              <idle>-0     (-----) [000] dNh. 2.000000: block_rq_complete: 254,0 R () 171227528 + 128 [0]
        """;

    @Test
    void readsEveryForm() {
        TraceText text = TraceText.parse(TEXT);
        assertEquals(12, text.lostCount());
        assertEquals(
                new TraceRecord(
                        "python3", 17306, 1, Context.TASK, 11_420_786_275L, "tracing_mark_write", Form.EVENT, "begin"),
                text.records().get(0));
        assertEquals("<...>", text.records().get(1).thread());
        assertEquals("prev_comm=ksoftirqd/1 prev_pid=22", text.records().get(1).body());
        assertEquals("C2 CompilerThre", text.records().get(2).thread());
        assertEquals(Context.SOFT_INTERRUPT, text.records().get(2).context());
        TraceRecord call = text.records().get(3);
        assertEquals(Form.CALL, call.form());
        assertEquals("sys_recvfrom", call.event());
        assertEquals("fd: 0x2f, ubuf: 0x7f04, size: 0x40", call.body());
        assertEquals(Form.RETURN, text.records().get(4).form());
        assertEquals("0x20", text.records().get(4).body());
        assertEquals("a-1 [b] c", text.records().get(5).thread());
        assertEquals(10, text.records().get(5).cpu());
        assertEquals(Context.HARD_INTERRUPT, text.records().get(5).context());
        assertEquals(0, text.records().get(6).threadId());
        assertEquals("254,0 R () 171227528 + 128 [0]", text.records().get(6).body());
        assertEquals(7, text.records().size());
    }

    @Test
    void anEmptyBufferHasLostNothing() {
        TraceText text = TraceText.parse("# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:2\n");
        assertEquals(0, text.lostCount());
        assertEquals(0, text.records().size());
    }

    @Test
    void namesALineThatItCannotRead() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> TraceText.parse("nonsense\n"));
        assertEquals("a line of the trace that isn't understood: 'nonsense'", e.getMessage());
    }
}
