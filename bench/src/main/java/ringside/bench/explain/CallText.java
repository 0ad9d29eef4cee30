package ringside.bench.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.explain.DescriptorTable.Descriptor;
import ringside.linux.Errno;

/// Writes system calls as their man pages do: descriptors with what they are, flags by their names, errors by
/// theirs. A call that isn't in the table is written with all its arguments as numbers.
final class CallText {

    /// A line for each call: the kernel's name, and each argument that is worth showing with how it is written.
    private static final String TABLE = """
        read fd:fd buf:ptr count:n
        write fd:fd buf:ptr count:n
        readv fd:fd vec:ptr vlen:n
        writev fd:fd vec:ptr vlen:n
        pread64 fd:fd buf:ptr count:n pos:n
        preadv fd:fd vec:ptr vlen:n pos_l:n
        preadv2 fd:fd vec:ptr vlen:n pos_l:n flags:rwf
        recvfrom fd:fd ubuf:ptr size:n flags:msg
        recvmsg fd:fd msg:ptr flags:msg
        sendto fd:fd buff:ptr len:n flags:msg
        sendmsg fd:fd msg:ptr flags:msg
        sendfile64 out_fd:fd in_fd:fd offset:ptr count:n
        splice fd_in:fd off_in:ptr fd_out:fd off_out:ptr len:n flags:splice
        epoll_wait epfd:fd events:ptr maxevents:n timeout:signed
        epoll_pwait epfd:fd events:ptr maxevents:n timeout:signed
        epoll_pwait2 epfd:fd events:ptr maxevents:n timeout:ptr
        epoll_ctl epfd:fd op:epollctl fd:fd event:ptr
        poll ufds:ptr nfds:n timeout_msecs:signed
        io_uring_enter fd:ringfd to_submit:n min_complete:n flags:enter
        io_uring_register fd:fd opcode:n arg:ptr nr_args:n
        io_submit ctx_id:ctx nr:n iocbpp:ptr
        io_getevents ctx_id:ctx min_nr:n nr:n events:ptr timeout:ptr
        io_pgetevents ctx_id:ctx min_nr:n nr:n events:ptr timeout:ptr
        futex uaddr:ptr op:futex val:n utime:ptr
        fadvise64 fd:fd offset:n len:n advice:fadvice
        readahead fd:fd offset:n count:n
        madvise start:ptr len_in:n behavior:madvice
        mmap addr:ptr len:n prot:prot flags:map fd:fd off:n
        munmap addr:ptr len:n
        mprotect start:ptr len:n prot:prot
        mincore start:ptr len:n vec:ptr
        openat dfd:fd filename:ptr flags:open
        openat2 dfd:fd filename:ptr how:ptr
        statx dfd:fd filename:ptr
        newfstat fd:fd statbuf:ptr
        close fd:fd
        lseek fd:fd offset:n whence:whence
        shutdown fd:fd how:n
        fcntl fd:fd cmd:n arg:n
        ioctl fd:fd cmd:n arg:n
        getpid
        gettid
        sched_yield
        """;

    private static final Map<String, String> MAN_NAMES = Map.of(
            "sendfile64", "sendfile",
            "fadvise64", "posix_fadvise",
            "newfstat", "fstat",
            "newstat", "stat",
            "newlstat", "lstat",
            "newfstatat", "fstatat");

    private static final List<String> FUTEX = List.of(
            "FUTEX_WAIT",
            "FUTEX_WAKE",
            "FUTEX_FD",
            "FUTEX_REQUEUE",
            "FUTEX_CMP_REQUEUE",
            "FUTEX_WAKE_OP",
            "FUTEX_LOCK_PI",
            "FUTEX_UNLOCK_PI",
            "FUTEX_TRYLOCK_PI",
            "FUTEX_WAIT_BITSET",
            "FUTEX_WAKE_BITSET");
    private static final List<String> EPOLL_CTL = List.of("0", "EPOLL_CTL_ADD", "EPOLL_CTL_DEL", "EPOLL_CTL_MOD");
    private static final List<String> WHENCE = List.of("SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE");
    private static final List<String> FADVICE = List.of(
            "POSIX_FADV_NORMAL",
            "POSIX_FADV_RANDOM",
            "POSIX_FADV_SEQUENTIAL",
            "POSIX_FADV_WILLNEED",
            "POSIX_FADV_DONTNEED",
            "POSIX_FADV_NOREUSE");
    private static final List<String> MADVICE =
            List.of("MADV_NORMAL", "MADV_RANDOM", "MADV_SEQUENTIAL", "MADV_WILLNEED", "MADV_DONTNEED");

    private static final long FUTEX_COMMAND = 0x7f;
    private static final long REGISTERED_RING = 0x10;
    private static final int ERRNO_MAX = 4095;

    private record Argument(String name, String form) {}

    private static final Map<String, List<Argument>> CALLS = calls();

    private final DescriptorTable descriptors;

    CallText(DescriptorTable descriptors) {
        this.descriptors = descriptors;
    }

    /// `pread64` of `sys_pread64`; where the man page has another name than the kernel, the man page's.
    static String manName(String event) {
        String name = event.replaceFirst("^sys_", "");
        return MAN_NAMES.getOrDefault(name, name);
    }

    /// The arguments, each as text.
    List<String> arguments(String event, Fields fields) {
        List<Argument> known = CALLS.get(event.replaceFirst("^sys_", ""));
        List<String> texts = new ArrayList<>();
        if (known == null) {
            fields.values().keySet().forEach(name -> texts.add(number(fields.argument(name))));
            return texts;
        }
        for (Argument argument : known) {
            texts.add(text(argument, fields));
        }
        return texts;
    }

    /// The descriptors among the arguments, in the order of the man page.
    List<Descriptor> descriptors(String event, Fields fields) {
        List<Descriptor> found = new ArrayList<>();
        for (Argument argument : CALLS.getOrDefault(event.replaceFirst("^sys_", ""), List.of())) {
            int fd = (int) fields.argument(argument.name());
            switch (argument.form()) {
                case "fd" -> found.add(descriptors.at(fd));
                case "ringfd" -> found.add(ring(fd, fields));
                default -> {
                    // No descriptor.
                }
            }
        }
        return found;
    }

    /// What it does, where the same call does several things: `futex/wake`. Without a variant just the name.
    static String variant(String event, Fields fields) {
        String name = manName(event);
        return switch (name) {
            case "futex" ->
                name
                        + switch ((int) (fields.argument("op") & FUTEX_COMMAND)) {
                            case 0, 9 -> "/wait";
                            case 1, 5, 10 -> "/wake";
                            default -> "";
                        };
            case "io_uring_enter" ->
                name
                        + (fields.argument("to_submit") > 0 ? "/submit" : "")
                        + (fields.argument("min_complete") > 0 ? "/wait" : "");
            case "lseek" -> name + (fields.argument("whence") == 2 ? "/end" : "");
            default -> name;
        };
    }

    /// `65536`, `EAGAIN`, or an address in hexadecimal.
    static String result(long result) {
        if (result < 0 && result >= -ERRNO_MAX) {
            return Errno.of(result).label();
        }
        return number(result);
    }

    static boolean isError(long result) {
        return result < 0 && result >= -ERRNO_MAX;
    }

    private String text(Argument argument, Fields fields) {
        long value = fields.argument(argument.name());
        return switch (argument.form()) {
            case "fd" ->
                (int) value < 0
                        ? (value == 0xffff_ff9cL || (int) value == -100 ? "AT_FDCWD" : "-1")
                        : descriptors.at((int) value).toString();
            case "ringfd" -> ring((int) value, fields).toString();
            case "ptr" -> value == 0 ? "NULL" : "…";
            case "signed" -> Integer.toString((int) value);
            case "ctx" -> "ctx";
            case "msg" -> SymbolicFlags.MSG.text(value);
            case "rwf" -> SymbolicFlags.RWF.text(value);
            case "splice" -> SymbolicFlags.SPLICE.text(value);
            case "enter" -> SymbolicFlags.ENTER.text(value);
            case "prot" -> SymbolicFlags.PROT.text(value);
            case "map" -> SymbolicFlags.MAP.text(value);
            case "open" -> SymbolicFlags.OPEN.text(value);
            case "futex" -> symbol(FUTEX, value & FUTEX_COMMAND);
            case "epollctl" -> symbol(EPOLL_CTL, value);
            case "fadvice" -> symbol(FADVICE, value);
            case "whence" -> symbol(WHENCE, value);
            case "madvice" -> symbol(MADVICE, value);
            default -> number(value);
        };
    }

    /// A registered ring is named by its index, not by its descriptor (io_uring_enter(2),
    /// `IORING_ENTER_REGISTERED_RING`, 5.18).
    private Descriptor ring(int fd, Fields fields) {
        return (fields.argument("flags") & REGISTERED_RING) != 0
                ? new Descriptor(fd, DescriptorKind.RING, "registered ring")
                : descriptors.at(fd);
    }

    private static String symbol(List<String> names, long value) {
        return value >= 0 && value < names.size() ? names.get((int) value) : number(value);
    }

    /// Decimal; from 2⁴⁰ on, where it is no count any more, hexadecimal.
    private static String number(long value) {
        return value >= 0 && value < 1L << 40 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }

    private static Map<String, List<Argument>> calls() {
        Map<String, List<Argument>> calls = new HashMap<>();
        for (String line : TABLE.split("\n", -1)) {
            String[] words = line.strip().split(" ", -1);
            List<Argument> arguments = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                int colon = words[i].indexOf(':');
                arguments.add(new Argument(words[i].substring(0, colon), words[i].substring(colon + 1)));
            }
            calls.put(words[0], List.copyOf(arguments));
        }
        return calls;
    }
}
