package ringside.bench.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.bench.explain.DescriptorTable.Descriptor;
import ringside.bench.explain.Meanings.Numbers;

final class CallTextTest {

    private final CallText text = new CallText(DescriptorTable.of(List.of(
            new Descriptor(5, DescriptorKind.CONNECTION, "socket"),
            new Descriptor(6, DescriptorKind.FILE, "file"),
            new Descriptor(7, DescriptorKind.PIPE_IN, "pipe, write end"),
            new Descriptor(8, DescriptorKind.RING, "ring"))));

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
        sys_preadv2 @ fd: 0x6, vec: 0x7f00, vlen: 1, pos_l: 0x10000, pos_h: 0, flags: 0x88 @ 6<file>, …, 1, 65536, RWF_NOWAIT|RWF_DONTCACHE
        sys_splice @ fd_in: 6, off_in: 0x7f00, fd_out: 7, off_out: 0, len: 0x10000, flags: 0x5 @ 6<file>, …, 7<pipe, write end>, NULL, 65536, SPLICE_F_MOVE|SPLICE_F_MORE
        sys_sendfile64 @ out_fd: 5, in_fd: 6, offset: 0x7f00, count: 0x10000 @ 5<socket>, 6<file>, …, 65536
        sys_openat @ dfd: 0xffffff9c, filename: 0x7f00 "/etc/x", flags: 0x80000, mode: 0 @ AT_FDCWD, …, O_CLOEXEC
        sys_futex @ uaddr: 0x7f00, op: 0x189, val: 0, utime: 0, uaddr2: 0, val3: 0xffffffff @ …, FUTEX_WAIT_BITSET, 0, NULL
        sys_fadvise64 @ fd: 6, offset: 0, len: 0x400, advice: 3 @ 6<file>, 0, 1024, POSIX_FADV_WILLNEED
        sys_mmap @ addr: 0, len: 0x1000, prot: 1, flags: 1, fd: 6, off: 0 @ NULL, 4096, PROT_READ, MAP_SHARED, 6<file>, 0
        sys_mmap @ addr: 0, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0 @ NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0
        sys_io_uring_enter @ fd: 0, to_submit: 1, min_complete: 1, flags: 0x11, argp: 0, argsz: 8 @ 0<registered ring>, 1, 1, IORING_ENTER_GETEVENTS|IORING_ENTER_REGISTERED_RING
        sys_io_uring_enter @ fd: 8, to_submit: 0, min_complete: 0, flags: 0, argp: 0, argsz: 8 @ 8<ring>, 0, 0, 0
        sys_epoll_wait @ epfd: 0x9, events: 0x7f00, maxevents: 0x400, timeout: 0xffffffff @ 9<?>, …, 1024, -1
        sys_recvfrom @ fd: 5, ubuf: 7f00, size: 40, flags: 2000040 @ 5<socket>, …, 64, MSG_DONTWAIT|0x2000000
        sys_brand_new @ a: 0x10, b: 0x7fffffffffff @ 16, 0x7fffffffffff
        """)
    void writesCallsAsTheirManPagesDo(String event, String body, String arguments) {
        assertEquals(arguments, String.join(", ", text.arguments(event, Fields.of(body))));
    }

    @Test
    void namesErrorsAndCallsByTheirManPages() {
        assertEquals("sendfile", CallText.manName("sys_sendfile64"));
        assertEquals("pread64", CallText.manName("sys_pread64"));
        assertEquals("EAGAIN", CallText.result(Fields.hex("0xfffffffffffffff5")));
        assertEquals("errno 4000", CallText.result(-4000));
        assertEquals("65536", CallText.result(Fields.hex("0x10000")));
        assertEquals("0x7fee693fc000", CallText.result(0x7fee693fc000L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        recvfrom                    | CONNECTION  | 50     | receive the request, 50 B
        recvfrom                    | OTHER       | 50     | ''
        recvfrom                    | CONNECTION  | -11    | nothing more has come
        preadv2                     | FILE        | -11    | not in the page cache
        preadv2                     | FILE        | -5     | ''
        pread64                     | DIRECT_FILE | 4096   | read past the page cache: 4 KiB at 1 MiB
        splice                      | PIPE_IN     | 65536  | 64 KiB of the file into the pipe, as pages
        sendfile                    | CONNECTION  | 65536  | send the head, from the page cache
        io_submit                   | NONE        | 2      | hand over 2 AIO requests
        io_uring_enter/submit       | RING        | 1      | hand over 1 submission
        epoll_wait                  | EPOLL       | 0      | nothing is ready
        futex/wake                  | NONE        | 0      | nobody waits
        brand_new                   | FILE        | 1      | ''
        READ_FIXED                  | FILE        | 512    | 512 B of the file are read
        SEND_ZC                     | CONNECTION  | 512    | sent: the head
        TIMEOUT                     | NONE        | -62    | ''
        """)
    void knowsWhatCallsStandFor(String name, DescriptorKind kind, long result, String meaning) {
        assertEquals(
                meaning,
                Meanings.ended(name, kind, new Numbers(result, 1 << 20, "the head"))
                        .text());
    }

    @Test
    void knowsWhereBytesGo() {
        assertEquals(Flow.PAGE_CACHE_TO_BUFFER, Meanings.flow("READ", DescriptorKind.FILE, 1));
        assertEquals(Flow.DEVICE_TO_BUFFER, Meanings.flow("READ", DescriptorKind.DIRECT_FILE, 1));
        assertEquals(Flow.NONE, Meanings.flow("READ", DescriptorKind.EVENTFD, 1));
        assertEquals(Flow.WITHIN_KERNEL, Meanings.flow("SPLICE", DescriptorKind.CONNECTION, 1));
        assertEquals(Flow.NONE, Meanings.flow("SPLICE", DescriptorKind.PIPE_IN, 1));
        assertEquals(Flow.NONE, Meanings.flow("sendto", DescriptorKind.CONNECTION, -11));
        assertEquals(
                "wait for work",
                Meanings.pending("futex/wait", DescriptorKind.NONE).text());
    }

    @Test
    void tellsOursFromTheJvmsThreads() {
        assertEquals(ThreadRole.LOOP, ThreadRole.of("ringside-loop-1"));
        assertEquals(ThreadRole.POOL, ThreadRole.of("ringside-aio-3-"));
        assertEquals(ThreadRole.POOL, ThreadRole.of("ForkJoinPool-1-"));
        assertEquals(ThreadRole.IO_WORKER, ThreadRole.of("iou-wrk-123"));
        assertEquals(ThreadRole.SUBMISSION_POLLER, ThreadRole.of("iou-sqp-123"));
        assertEquals(ThreadRole.JVM, ThreadRole.of("C2 CompilerThre"));
        assertEquals(ThreadRole.JVM, ThreadRole.of("GC Thread#0"));
    }
}
