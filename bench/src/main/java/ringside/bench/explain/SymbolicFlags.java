package ringside.bench.explain;

import java.util.ArrayList;
import java.util.List;

/// Sets of flags by their symbolic names, as the kernel's headers have them. Bits without a name stay a number.
final class SymbolicFlags {
    /// send(2), recv(2), `linux/socket.h`.
    static final SymbolicFlags MSG =
            new SymbolicFlags("MSG_PEEK=2 MSG_TRUNC=20 MSG_DONTWAIT=40 MSG_WAITALL=100 MSG_NOSIGNAL=4000 MSG_MORE=8000"
                    + " MSG_WAITFORONE=10000 MSG_ZEROCOPY=4000000 MSG_CMSG_CLOEXEC=40000000");
    /// preadv2(2), `linux/fs.h`; RWF_DONTCACHE since 6.14.
    static final SymbolicFlags RWF =
            new SymbolicFlags("RWF_HIPRI=1 RWF_DSYNC=2 RWF_SYNC=4 RWF_NOWAIT=8 RWF_APPEND=10 RWF_DONTCACHE=80");
    /// splice(2), `linux/splice.h`.
    static final SymbolicFlags SPLICE =
            new SymbolicFlags("SPLICE_F_MOVE=1 SPLICE_F_NONBLOCK=2 SPLICE_F_MORE=4 SPLICE_F_GIFT=8");
    /// io_uring_enter(2), `linux/io_uring.h`.
    static final SymbolicFlags ENTER = new SymbolicFlags(
            "IORING_ENTER_GETEVENTS=1 IORING_ENTER_SQ_WAKEUP=2 IORING_ENTER_SQ_WAIT=4 IORING_ENTER_EXT_ARG=8"
                    + " IORING_ENTER_REGISTERED_RING=10 IORING_ENTER_ABS_TIMER=20 IORING_ENTER_EXT_ARG_REG=40");
    /// Of a submission: `linux/io_uring.h`. The kernel's own flags of a request begin with the same bits
    /// (`REQ_F_FIXED_FILE_BIT = IOSQE_FIXED_FILE_BIT`, linux/io_uring_types.h).
    static final SymbolicFlags IOSQE =
            new SymbolicFlags("IOSQE_FIXED_FILE=1 IOSQE_IO_DRAIN=2 IOSQE_IO_LINK=4 IOSQE_IO_HARDLINK=8 IOSQE_ASYNC=10"
                    + " IOSQE_BUFFER_SELECT=20 IOSQE_CQE_SKIP_SUCCESS=40");
    /// Of a completion: `linux/io_uring.h`.
    static final SymbolicFlags CQE = new SymbolicFlags(
            "IORING_CQE_F_BUFFER=1 IORING_CQE_F_MORE=2 IORING_CQE_F_SOCK_NONEMPTY=4 IORING_CQE_F_NOTIF=8"
                    + " IORING_CQE_F_BUF_MORE=10");
    /// poll(2), epoll(7).
    static final SymbolicFlags POLL =
            new SymbolicFlags("POLLIN=1 POLLPRI=2 POLLOUT=4 POLLERR=8 POLLHUP=10 POLLRDHUP=2000 EPOLLET=80000000");
    /// mmap(2).
    static final SymbolicFlags PROT = new SymbolicFlags("PROT_READ=1 PROT_WRITE=2 PROT_EXEC=4");
    /// mmap(2).
    static final SymbolicFlags MAP = new SymbolicFlags(
            "MAP_SHARED=1 MAP_PRIVATE=2 MAP_FIXED=10 MAP_ANONYMOUS=20 MAP_NORESERVE=4000 MAP_POPULATE=8000");
    /// open(2); O_RDONLY is 0.
    static final SymbolicFlags OPEN = new SymbolicFlags(
            "O_WRONLY=1 O_RDWR=2 O_CREAT=40 O_EXCL=80 O_NOCTTY=100 O_TRUNC=200 O_APPEND=400 O_NONBLOCK=800"
                    + " O_DIRECT=4000 O_LARGEFILE=8000 O_DIRECTORY=10000 O_NOFOLLOW=20000 O_NOATIME=40000"
                    + " O_CLOEXEC=80000 O_PATH=200000");

    private final List<String> names = new ArrayList<>();
    private final List<Long> bits = new ArrayList<>();

    private SymbolicFlags(String definitions) {
        for (String definition : definitions.split(" ", -1)) {
            int equals = definition.indexOf('=');
            names.add(definition.substring(0, equals));
            bits.add(Long.parseLong(definition.substring(equals + 1), 16));
        }
    }

    /// `MSG_DONTWAIT|MSG_MORE|0x2000000`, or `0`.
    String text(long value) {
        String symbols = known(value);
        long rest = value & ~mask();
        if (rest == 0) {
            return symbols.isEmpty() ? "0" : symbols;
        }
        return (symbols.isEmpty() ? "" : symbols + "|") + "0x" + Long.toHexString(rest);
    }

    /// As [#text(long)], without the bits that have no name; may be empty.
    String known(long value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            if ((value & bits.get(i)) != 0) {
                text.append(text.isEmpty() ? "" : "|").append(names.get(i));
            }
        }
        return text.toString();
    }

    private long mask() {
        return bits.stream().reduce(0L, (all, bit) -> all | bit);
    }
}
