package ringside.linux;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds the numbers that are written by hand against the C headers of the machine. Public constants carry the
/// header's name, so they are found by reflection: a new one is compared without a line here.
class HeaderTest {

    @TestFactory
    Stream<DynamicTest> ioUringConstants() throws IllegalAccessException {
        return CProbe.compare(List.of("linux/io_uring.h"), publicConstants(IoUringAbi.class, ""));
    }

    @TestFactory
    Stream<DynamicTest> aioConstants() throws IllegalAccessException {
        return CProbe.compare(List.of("linux/aio_abi.h"), publicConstants(LinuxAio.class, "IOCB_"));
    }

    @TestFactory
    Stream<DynamicTest> eventFdConstants() throws IllegalAccessException {
        return CProbe.compare(List.of("sys/eventfd.h"), publicConstants(EventFd.class, "EFD_"));
    }

    @TestFactory
    Stream<DynamicTest> inotifyConstants() throws IllegalAccessException {
        return CProbe.compare(List.of("sys/inotify.h"), publicConstants(Inotify.class, "IN_"));
    }

    @TestFactory
    Stream<DynamicTest> errorNumbers() throws IllegalAccessException {
        return CProbe.compare(List.of("errno.h"), publicConstants(Errno.class, "E"));
    }

    @TestFactory
    Stream<DynamicTest> systemCallNumbers() {
        Map<String, Long> ours = new TreeMap<>();
        for (Syscall call : Syscall.values()) {
            ours.put("__NR_" + call.name().toLowerCase(Locale.ROOT), (long) call.number());
        }
        return CProbe.compare(List.of("sys/syscall.h"), ours);
    }

    @TestFactory
    Stream<DynamicTest> ioUringLayouts() {
        Map<String, Long> ours = new TreeMap<>();
        sqe(ours);
        ours.put("sizeof(struct io_uring_cqe)", (long) IoUringAbi.CQE_BYTES);
        offset(ours, "io_uring_cqe", "user_data", IoUringAbi.CQE_USER_DATA);
        offset(ours, "io_uring_cqe", "res", IoUringAbi.CQE_RES);
        offset(ours, "io_uring_cqe", "flags", IoUringAbi.CQE_FLAGS);
        params(ours);
        ours.put("sizeof(struct io_uring_getevents_arg)", (long) IoUringAbi.GETEVENTS_ARG_BYTES);
        offset(ours, "io_uring_getevents_arg", "ts", IoUringAbi.GETEVENTS_ARG_TS);
        ours.put("sizeof(struct io_uring_probe)", (long) IoUringAbi.PROBE_BYTES);
        offset(ours, "io_uring_probe", "ops_len", IoUringAbi.PROBE_OPS_LEN);
        ours.put("sizeof(struct io_uring_probe_op)", (long) IoUringAbi.PROBE_OP_BYTES);
        offset(ours, "io_uring_probe_op", "op", 0);
        offset(ours, "io_uring_probe_op", "flags", IoUringAbi.PROBE_OP_FLAGS);
        ours.put("sizeof(struct io_uring_files_update)", (long) IoUringAbi.FILES_UPDATE_BYTES);
        offset(ours, "io_uring_files_update", "offset", IoUringAbi.FILES_UPDATE_OFFSET);
        offset(ours, "io_uring_files_update", "fds", IoUringAbi.FILES_UPDATE_FDS);
        return CProbe.compare(List.of("linux/io_uring.h"), ours);
    }

    private static void sqe(Map<String, Long> ours) {
        ours.put("sizeof(struct io_uring_sqe)", (long) IoUringAbi.SQE_BYTES);
        offset(ours, "io_uring_sqe", "opcode", IoUringAbi.SQE_OPCODE);
        offset(ours, "io_uring_sqe", "flags", IoUringAbi.SQE_FLAGS);
        offset(ours, "io_uring_sqe", "ioprio", IoUringAbi.SQE_IOPRIO);
        offset(ours, "io_uring_sqe", "fd", IoUringAbi.SQE_FD);
        offset(ours, "io_uring_sqe", "off", IoUringAbi.SQE_OFF);
        offset(ours, "io_uring_sqe", "addr", IoUringAbi.SQE_ADDR);
        offset(ours, "io_uring_sqe", "splice_off_in", IoUringAbi.SQE_ADDR);
        offset(ours, "io_uring_sqe", "len", IoUringAbi.SQE_LEN);
        offset(ours, "io_uring_sqe", "rw_flags", IoUringAbi.SQE_RW_FLAGS);
        offset(ours, "io_uring_sqe", "poll32_events", IoUringAbi.SQE_RW_FLAGS);
        offset(ours, "io_uring_sqe", "splice_flags", IoUringAbi.SQE_RW_FLAGS);
        offset(ours, "io_uring_sqe", "user_data", IoUringAbi.SQE_USER_DATA);
        offset(ours, "io_uring_sqe", "buf_index", IoUringAbi.SQE_BUF_INDEX);
        offset(ours, "io_uring_sqe", "personality", IoUringAbi.SQE_PERSONALITY);
        offset(ours, "io_uring_sqe", "splice_fd_in", IoUringAbi.SQE_SPLICE_FD_IN);
        offset(ours, "io_uring_sqe", "addr3", IoUringAbi.SQE_ADDR3);
    }

    private static void params(Map<String, Long> ours) {
        ours.put("sizeof(struct io_uring_params)", (long) IoUringAbi.PARAMS_BYTES);
        offset(ours, "io_uring_params", "sq_entries", IoUringAbi.PARAMS_SQ_ENTRIES);
        offset(ours, "io_uring_params", "cq_entries", IoUringAbi.PARAMS_CQ_ENTRIES);
        offset(ours, "io_uring_params", "flags", IoUringAbi.PARAMS_FLAGS);
        offset(ours, "io_uring_params", "sq_thread_cpu", IoUringAbi.PARAMS_SQ_THREAD_CPU);
        offset(ours, "io_uring_params", "sq_thread_idle", IoUringAbi.PARAMS_SQ_THREAD_IDLE);
        offset(ours, "io_uring_params", "features", IoUringAbi.PARAMS_FEATURES);
        offset(ours, "io_uring_params", "sq_off", IoUringAbi.PARAMS_SQ_OFF);
        offset(ours, "io_uring_params", "cq_off", IoUringAbi.PARAMS_CQ_OFF);
        for (String ring : List.of("io_sqring_offsets", "io_cqring_offsets")) {
            ours.put("sizeof(struct " + ring + ")", 40L);
            offset(ours, ring, "head", IoUringAbi.OFF_HEAD);
            offset(ours, ring, "tail", IoUringAbi.OFF_TAIL);
        }
        offset(ours, "io_sqring_offsets", "flags", IoUringAbi.SQ_OFF_FLAGS);
        offset(ours, "io_sqring_offsets", "dropped", IoUringAbi.SQ_OFF_DROPPED);
        offset(ours, "io_sqring_offsets", "array", IoUringAbi.SQ_OFF_ARRAY);
        offset(ours, "io_cqring_offsets", "overflow", IoUringAbi.CQ_OFF_OVERFLOW);
        offset(ours, "io_cqring_offsets", "cqes", IoUringAbi.CQ_OFF_CQES);
        offset(ours, "io_cqring_offsets", "flags", IoUringAbi.CQ_OFF_FLAGS);
    }

    @TestFactory
    Stream<DynamicTest> aioLayouts() {
        Map<String, Long> ours = new TreeMap<>();
        ours.put("sizeof(struct iocb)", (long) LinuxAio.IOCB_BYTES);
        offset(ours, "iocb", "aio_data", LinuxAio.AIO_DATA);
        offset(ours, "iocb", "aio_rw_flags", LinuxAio.AIO_RW_FLAGS);
        offset(ours, "iocb", "aio_lio_opcode", LinuxAio.AIO_LIO_OPCODE);
        offset(ours, "iocb", "aio_reqprio", LinuxAio.AIO_REQPRIO);
        offset(ours, "iocb", "aio_fildes", LinuxAio.AIO_FILDES);
        offset(ours, "iocb", "aio_buf", LinuxAio.AIO_BUF);
        offset(ours, "iocb", "aio_nbytes", LinuxAio.AIO_NBYTES);
        offset(ours, "iocb", "aio_offset", LinuxAio.AIO_OFFSET);
        offset(ours, "iocb", "aio_flags", LinuxAio.AIO_FLAGS);
        offset(ours, "iocb", "aio_resfd", LinuxAio.AIO_RESFD);
        ours.put("sizeof(struct io_event)", (long) LinuxAio.IO_EVENT_BYTES);
        offset(ours, "io_event", "data", LinuxAio.EVENT_DATA);
        offset(ours, "io_event", "res", LinuxAio.EVENT_RES);
        return CProbe.compare(List.of("linux/aio_abi.h"), ours);
    }

    private static void offset(Map<String, Long> ours, String struct, String field, int bytes) {
        ours.put("offsetof(struct " + struct + ", " + field + ")", (long) bytes);
    }

    /// 32-bit constants are compared as the unsigned numbers that the header's `1U << n` are.
    private static Map<String, Long> publicConstants(Class<?> type, String prefix) throws IllegalAccessException {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (!Modifier.isPublic(modifiers)
                    || !Modifier.isStatic(modifiers)
                    || !field.getName().startsWith(prefix)) {
                continue;
            }
            if (field.getType() == int.class) {
                constants.put(field.getName(), Integer.toUnsignedLong(field.getInt(null)));
            } else if (field.getType() == long.class) {
                constants.put(field.getName(), field.getLong(null));
            }
        }
        if (constants.isEmpty()) {
            throw new IllegalStateException(type + " has no constants that start with " + prefix);
        }
        return constants;
    }
}
