package ringside.engines;

import ringside.linux.Errno;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSetup;
import ringside.linux.Kernel;
import ringside.linux.KernelException;

/// What a ring of our own is to be, and the options that say so.
///
/// The kernel has at most `depth` reads at a time, and neither queue has fewer entries: the completion queue can't
/// overflow, and the submission queue has room for every read that has a slot. A poll thread shows completions before
/// it says which entries it has taken, so that up to `depth` entries can be taken and not yet free: its queue has twice
/// as many.
///
/// @param depth reads under way at once
/// @param sqPoll a thread of the kernel takes submissions (`IORING_SETUP_SQPOLL`, 5.11 with any descriptor)
/// @param sqPollIdleMillis after which that thread sleeps, 0 for the kernel's choice
/// @param sqPollCpu that the thread runs on, −1 for any
/// @param ioPoll completions are asked of the device instead of being interrupted for (`IORING_SETUP_IOPOLL`)
record OwnRing(int depth, boolean sqPoll, int sqPollIdleMillis, int sqPollCpu, boolean ioPoll) {

    static final EngineOption SQPOLL = EngineOption.onOff(
            "sqpoll",
            "A thread of the kernel takes submissions, so that the event loop need not enter it; a ring of the loop's"
                    + " own on every transport. The thread burns a CPU while it is awake: not on a machine with two.");

    static final EngineOption SQPOLL_IDLE_MILLIS = new EngineOption(
            "sqpoll-idle-ms",
            0,
            0,
            60_000,
            "Milliseconds that the thread of sqpoll looks for work in vain before it sleeps; 0 is the kernel's 1000.");

    static final EngineOption SQPOLL_CPU = new EngineOption(
            "sqpoll-cpu",
            -1,
            -1,
            8191,
            "The CPU that the thread of sqpoll runs on; -1 leaves it where the event loop may run, on the same CPU when"
                    + " that is pinned.");

    static final EngineOption IOPOLL = EngineOption.onOff(
            "iopoll",
            "Asks the device for completions, without interrupts; a ring of the loop's own on every transport. Needs a"
                    + " device with poll queues, and the loop doesn't sleep while a read is under way.");

    OwnRing {
        if (depth < 1 || sqPollIdleMillis < 0 || sqPollCpu < -1) {
            throw new IllegalArgumentException(
                    "depth " + depth + ", idle " + sqPollIdleMillis + " ms, CPU " + sqPollCpu);
        }
    }

    /// A ring without threads and polling.
    static OwnRing plain(int depth) {
        return new OwnRing(depth, false, 0, -1, false);
    }

    /// @param options of an engine that has those of this class; [#IOPOLL] may be missing
    static OwnRing of(int depth, EngineOptions options) {
        return new OwnRing(
                depth,
                options.get(SQPOLL) == 1,
                Math.toIntExact(options.get(SQPOLL_IDLE_MILLIS)),
                Math.toIntExact(options.get(SQPOLL_CPU)),
                options.values().containsKey(IOPOLL) && options.get(IOPOLL) == 1);
    }

    /// @throws IllegalArgumentException with a message for a person, when an option has no effect without another
    static void check(EngineSpec spec, EngineOptions options) {
        if (options.get(SQPOLL) == 1) {
            return;
        }
        for (EngineOption option : new EngineOption[] {SQPOLL_IDLE_MILLIS, SQPOLL_CPU}) {
            if (options.get(option) != option.defaultValue()) {
                throw new IllegalArgumentException("option " + option.name() + " of engine " + spec.name()
                        + " has no effect without sqpoll=on. Add that, or leave it out");
            }
        }
    }

    /// Whether the event loop's own ring won't do.
    boolean isNeeded() {
        return sqPoll || ioPoll;
    }

    /// @throws KernelException when the kernel refuses the ring
    /// @throws UnsupportedOperationException with a message for a person, when it hasn't got what was asked for
    IoUring open(Kernel kernel) {
        return sqPoll ? openPolled(kernel) : openForOneThread(kernel);
    }

    private IoUring openForOneThread(Kernel kernel) {
        int polling = ioPoll ? IoUringAbi.IORING_SETUP_IOPOLL : 0;
        try {
            return new IoUring(kernel, IoUringSetup.oneThread(depth).with(polling));
        } catch (KernelException e) {
            if (e.errno().number() != Errno.EINVAL) {
                throw e;
            }
            // Before 6.1.
            return new IoUring(kernel, IoUringSetup.plain(depth).with(polling));
        }
    }

    private IoUring openPolled(Kernel kernel) {
        IoUringSetup setup = IoUringSetup.plain(2 * depth).withSqPoll(sqPollIdleMillis, sqPollCpu);
        IoUring ring;
        try {
            ring = new IoUring(kernel, ioPoll ? setup.with(IoUringAbi.IORING_SETUP_IOPOLL) : setup);
        } catch (KernelException e) {
            throw switch (e.errno().number()) {
                case Errno.EINVAL ->
                    sqPollCpu < 0
                            ? e
                            : new UnsupportedOperationException(
                                    "the kernel runs no poll thread on CPU " + sqPollCpu
                                            + " (EINVAL): there is none, it is offline, or it isn't in the process's"
                                            + " cpuset. Choose sqpoll-cpu from `nproc --all` and taskset(1), or -1",
                                    e);
                case Errno.EPERM ->
                    new UnsupportedOperationException(
                            "sqpoll=on is not permitted (EPERM): before Linux 5.13 it needs CAP_SYS_NICE. Run as"
                                    + " root, or without it",
                            e);
                default -> e;
            };
        }
        if ((ring.features() & IoUringAbi.IORING_FEAT_SQPOLL_NONFIXED) == 0) {
            ring.close();
            throw new UnsupportedOperationException("sqpoll=on needs Linux 5.11: this kernel's poll thread takes"
                    + " registered descriptors only. Run without it");
        }
        return ring;
    }
}
