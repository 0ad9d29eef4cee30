package ringside.bench.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import ringside.engines.ByteSize;
import ringside.linux.Errno;

/// What a call or an operation stands for: rules by its name, by what its descriptor is, and by how it ended.
/// The first that fits counts; where none does there is no meaning, rather than a wrong one.
final class Meanings {

    /// How it ended.
    private enum Ending {
        /// It hasn't: a submission, or a call that outlasts the trace.
        PENDING,
        /// With a positive number.
        DONE,
        /// With 0.
        ZERO,
        /// With EAGAIN.
        AGAIN,
        /// With another error.
        FAILED;

        static Ending of(Long result) {
            if (result > 0) {
                return DONE;
            }
            return result == 0 ? ZERO : result == -Errno.EAGAIN ? AGAIN : FAILED;
        }
    }

    private record Rule(Set<String> names, Set<DescriptorKind> kinds, Set<Ending> endings, Flow flow, String meaning) {}

    /// What it stands for, and what it does with the file's bytes.
    record Meaning(String text, Flow flow) {
        static final Meaning UNKNOWN = new Meaning("", Flow.NONE);
    }

    /// What the placeholders of a meaning say.
    ///
    /// @param offset in the file
    /// @param part of the response: `head and whole body`
    record Numbers(long result, long offset, String part) {}

    /// Names (system calls in small letters, with the variant where they have one; opcodes in capitals) | kind
    /// of the descriptor | ending | flow | meaning.
    private static final String TABLE = """
        recvfrom,recvmsg,read,readv | CONNECTION | DONE | | receive the request, {bytes}
        recvfrom,recvmsg,read,readv | CONNECTION | AGAIN | | nothing more has come
        recvfrom,recvmsg,read,readv | CONNECTION | ZERO | | the client has closed
        RECV,RECVMSG | CONNECTION | PENDING | | ask for what has come
        RECV,RECVMSG | CONNECTION | DONE | | the request is here, {bytes}
        RECV,RECVMSG | CONNECTION | AGAIN | | nothing more has come
        sendto,sendmsg,write,writev | CONNECTION | DONE | BUFFER_TO_SOCKET | send {part}
        sendto,sendmsg,write,writev | CONNECTION | AGAIN | | the socket's buffer is full
        SEND,SENDMSG,WRITE,WRITEV,WRITE_FIXED | CONNECTION | PENDING | | ask to send
        SEND,SENDMSG,WRITE,WRITEV,WRITE_FIXED | CONNECTION | DONE | BUFFER_TO_SOCKET | sent: {part}
        SEND,SENDMSG,WRITE,WRITEV,WRITE_FIXED | CONNECTION | AGAIN | | the socket's buffer is full
        SEND_ZC,SENDMSG_ZC | CONNECTION | PENDING | | ask to send without a copy
        SEND_ZC,SENDMSG_ZC | CONNECTION | DONE | ZERO_COPY | sent: {part}
        sendfile | CONNECTION | DONE | WITHIN_KERNEL | send {part}, from the page cache
        sendfile | CONNECTION | AGAIN | | the socket's buffer is full
        sendfile | CONNECTION | ZERO | | the file has ended
        write | PIPE_IN | DONE | | {bytes} into the pipe
        splice | CONNECTION | DONE | WITHIN_KERNEL | send {part}, from the pipe
        splice | CONNECTION | AGAIN | | the socket's buffer is full
        splice | PIPE_IN | DONE | | {bytes} of the file into the pipe, as pages
        SPLICE | CONNECTION | PENDING | | ask to move the pipe's bytes to the socket
        SPLICE | CONNECTION | DONE | WITHIN_KERNEL | sent: {part}, from the pipe
        SPLICE | PIPE_IN | PENDING | | ask to move the file's pages into the pipe
        SPLICE | PIPE_IN | DONE | | {bytes} of the file are in the pipe
        pread64,preadv,preadv2 | FILE | DONE | PAGE_CACHE_TO_BUFFER | read the file: {bytes} at {offset}
        pread64,preadv,preadv2 | DIRECT_FILE | DONE | DEVICE_TO_BUFFER | read past the page cache: {bytes} at {offset}
        pread64,preadv,preadv2 | FILE,DIRECT_FILE | ZERO | | end of the file
        preadv2 | FILE | AGAIN | | not in the page cache
        read,readv | FILE | DONE | PAGE_CACHE_TO_BUFFER | read the file: {bytes}
        READ,READ_FIXED,READV,READV_FIXED | FILE,DIRECT_FILE | PENDING | | ask to read the file
        READ,READ_FIXED,READV,READV_FIXED | FILE | DONE | PAGE_CACHE_TO_BUFFER | {bytes} of the file are read
        READ,READ_FIXED,READV,READV_FIXED | DIRECT_FILE | DONE | DEVICE_TO_BUFFER | {bytes} are read, past the page cache
        READ,READ_FIXED,READV,READV_FIXED | FILE | AGAIN | | not in the page cache
        READ,READ_FIXED,READV,READV_FIXED | FILE,DIRECT_FILE | ZERO | | end of the file
        io_submit | NONE | DONE | | hand over {count AIO request}
        io_getevents,io_pgetevents | NONE | DONE | | take {count AIO completion}
        lseek/end | FILE,DIRECT_FILE | DONE,ZERO | | ask how long the file is
        mmap | FILE | DONE | | map the file
        posix_fadvise,readahead | FILE | ZERO | | tell what will be read
        madvise | NONE | ZERO | | tell what the mapping will be used for
        mincore | NONE | ZERO | | ask which pages are there
        statx,fstat | FILE,DIRECT_FILE | ZERO | | ask for the file's state
        epoll_wait,epoll_pwait,epoll_pwait2 | EPOLL | DONE | | woken: {count descriptor} ready
        epoll_wait,epoll_pwait,epoll_pwait2 | EPOLL | ZERO | | nothing is ready
        epoll_wait,epoll_pwait,epoll_pwait2 | EPOLL | PENDING | | wait for what is next
        epoll_ctl | * | ZERO | | change what is waited for
        poll | NONE | DONE | | wait until a descriptor is ready
        io_uring_enter | RING | DONE,ZERO | | do what is due, without waiting
        io_uring_enter/wait | RING | DONE,ZERO | | wait for a completion
        io_uring_enter/submit | RING | DONE | | hand over {count submission}
        io_uring_enter/submit/wait | RING | DONE | | hand over {count submission}, wait for a completion
        io_uring_enter/wait,io_uring_enter/submit/wait | RING | PENDING | | wait for what is next
        POLL_ADD | CONNECTION | PENDING | | watch the connection
        POLL_ADD | CONNECTION | DONE | | the connection is ready
        POLL_ADD | EVENTFD | PENDING | | watch for wake-ups
        POLL_ADD | EVENTFD | DONE | | a wake-up
        READ,READV | EVENTFD | PENDING | | watch for wake-ups
        READ,READV | EVENTFD | DONE | | a wake-up
        TIMEOUT | NONE | PENDING | | be back by then at the latest
        TIMEOUT | NONE | ZERO | | something else came first
        read | EVENTFD | DONE | | take the wake-up
        read | EVENTFD | AGAIN | | no wake-up
        write | EVENTFD | DONE | | wake who waits on the eventfd
        futex/wake | NONE | DONE | | wake {count thread}
        futex/wake | NONE | ZERO | | nobody waits
        futex/wait | NONE | ZERO | | wait for another thread
        futex/wait | NONE | AGAIN | | no need to wait any more
        futex/wait | NONE | PENDING | | wait for work
        """;

    private static final List<Rule> RULES = rules();

    private Meanings() {}

    /// @param name a call with its variant, or an opcode
    static Meaning pending(String name, DescriptorKind kind) {
        return find(name, kind, Ending.PENDING, new Numbers(0, 0, ""));
    }

    static Meaning ended(String name, DescriptorKind kind, Numbers numbers) {
        return find(name, kind, Ending.of(numbers.result()), numbers);
    }

    /// What it would do with bytes, had it moved any.
    static Flow flow(String name, DescriptorKind kind, long result) {
        return ended(name, kind, new Numbers(result, 0, "")).flow();
    }

    private static Meaning find(String name, DescriptorKind kind, Ending ending, Numbers numbers) {
        for (Rule rule : RULES) {
            if (rule.names().contains(name)
                    && rule.kinds().contains(kind)
                    && rule.endings().contains(ending)) {
                return new Meaning(fill(rule.meaning(), numbers), rule.flow());
            }
        }
        return Meaning.UNKNOWN;
    }

    private static String fill(String meaning, Numbers numbers) {
        String text = meaning.replace("{bytes}", ByteSize.name(numbers.result()))
                .replace("{offset}", numbers.offset() == 0 ? "0" : ByteSize.name(numbers.offset()))
                .replace("{part}", numbers.part());
        int from = text.indexOf("{count ");
        if (from < 0) {
            return text;
        }
        int to = text.indexOf('}', from);
        String noun = text.substring(from + "{count ".length(), to);
        return text.substring(0, from) + numbers.result() + " " + noun + (numbers.result() == 1 ? "" : "s")
                + text.substring(to + 1);
    }

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (String line : TABLE.strip().split("\n", -1)) {
            String[] columns =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
            rules.add(new Rule(
                    Set.of(columns[0].split(",", -1)),
                    columns[1].equals("*")
                            ? EnumSet.allOf(DescriptorKind.class)
                            : each(DescriptorKind.class, columns[1]),
                    each(Ending.class, columns[2]),
                    columns[3].isEmpty() ? Flow.NONE : Flow.valueOf(columns[3]),
                    columns[4]));
        }
        return List.copyOf(rules);
    }

    private static <E extends Enum<E>> Set<E> each(Class<E> type, String names) {
        EnumSet<E> set = EnumSet.noneOf(type);
        for (String name : names.split(",", -1)) {
            set.add(Enum.valueOf(type, name.toUpperCase(Locale.ROOT)));
        }
        return set;
    }
}
