package ringside.linux;

/// The constants of `linux/io_uring.h` that ringside uses, verbatim, and the layouts of its structures. The
/// first kernel that has each is named where it is later than 5.6.
///
/// Public for those who put operations on a ring that isn't an [IoUring] of ours.
public final class IoUringAbi {

    public static final int IORING_OP_NOP = 0;
    public static final int IORING_OP_READ_FIXED = 4;
    public static final int IORING_OP_POLL_ADD = 6;
    public static final int IORING_OP_TIMEOUT = 11;
    public static final int IORING_OP_ASYNC_CANCEL = 14;
    public static final int IORING_OP_OPENAT = 18;
    public static final int IORING_OP_CLOSE = 19;
    public static final int IORING_OP_STATX = 21;
    public static final int IORING_OP_READ = 22;
    public static final int IORING_OP_WRITE = 23;
    public static final int IORING_OP_FADVISE = 24;
    public static final int IORING_OP_SEND = 26;
    public static final int IORING_OP_RECV = 27;
    /// 5.7
    public static final int IORING_OP_SPLICE = 30;
    /// 6.0
    public static final int IORING_OP_SEND_ZC = 47;

    public static final int IOSQE_FIXED_FILE = 1;
    public static final int IOSQE_IO_DRAIN = 1 << 1;
    public static final int IOSQE_IO_LINK = 1 << 2;
    public static final int IOSQE_IO_HARDLINK = 1 << 3;
    public static final int IOSQE_ASYNC = 1 << 4;
    /// 5.17
    public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

    /// 5.7: the descriptor that is spliced from is an index into the registered files.
    public static final int SPLICE_F_FD_IN_FIXED = 1 << 31;

    /// 5.13, in the length of a POLL_ADD: it stays armed.
    public static final int IORING_POLL_ADD_MULTI = 1;

    public static final int IORING_SETUP_IOPOLL = 1;
    public static final int IORING_SETUP_SQPOLL = 1 << 1;
    public static final int IORING_SETUP_SQ_AFF = 1 << 2;
    public static final int IORING_SETUP_CQSIZE = 1 << 3;
    public static final int IORING_SETUP_CLAMP = 1 << 4;
    /// 5.18
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;
    /// 5.19
    public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;
    /// 5.19
    public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;
    /// 6.0
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;
    /// 6.1
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    public static final int IORING_FEAT_NODROP = 1 << 1;
    /// 5.11: an `SQPOLL` ring takes descriptors that aren't registered.
    public static final int IORING_FEAT_SQPOLL_NONFIXED = 1 << 7;
    /// 5.11
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;

    public static final int IORING_ENTER_GETEVENTS = 1;
    public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;
    /// 5.11
    public static final int IORING_ENTER_EXT_ARG = 1 << 3;

    public static final int IORING_SQ_NEED_WAKEUP = 1;
    public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;
    /// 5.19
    public static final int IORING_SQ_TASKRUN = 1 << 2;

    /// 5.8, in the completion queue's flags
    public static final int IORING_CQ_EVENTFD_DISABLED = 1;

    public static final int IORING_CQE_F_BUFFER = 1;
    public static final int IORING_CQE_F_MORE = 1 << 1;
    public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;
    /// 6.0
    public static final int IORING_CQE_F_NOTIF = 1 << 3;

    /// 6.0, in the `ioprio` of a SEND_ZC: the buffer is a registered one.
    public static final int IORING_RECVSEND_FIXED_BUF = 1 << 2;
    /// 6.2, likewise: the notification tells whether the kernel copied after all.
    public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;
    /// 6.2, in the result of the notification.
    public static final int IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31;

    public static final int IORING_REGISTER_BUFFERS = 0;
    public static final int IORING_UNREGISTER_BUFFERS = 1;
    public static final int IORING_REGISTER_FILES = 2;
    public static final int IORING_UNREGISTER_FILES = 3;
    public static final int IORING_REGISTER_EVENTFD = 4;
    public static final int IORING_UNREGISTER_EVENTFD = 5;
    public static final int IORING_REGISTER_FILES_UPDATE = 6;
    public static final int IORING_REGISTER_EVENTFD_ASYNC = 7;
    public static final int IORING_REGISTER_PROBE = 8;
    /// 5.15
    public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;

    public static final int IO_URING_OP_SUPPORTED = 1;

    public static final long IORING_OFF_SQ_RING = 0;
    public static final long IORING_OFF_CQ_RING = 0x8000000L;
    public static final long IORING_OFF_SQES = 0x10000000L;

    static final int SQE_BYTES = 64;
    static final int SQE_OPCODE = 0;
    static final int SQE_FLAGS = 1;
    static final int SQE_IOPRIO = 2;
    static final int SQE_FD = 4;
    static final int SQE_OFF = 8;
    static final int SQE_ADDR = 16;
    static final int SQE_LEN = 24;
    static final int SQE_RW_FLAGS = 28;
    static final int SQE_USER_DATA = 32;
    static final int SQE_BUF_INDEX = 40;
    static final int SQE_PERSONALITY = 42;
    static final int SQE_SPLICE_FD_IN = 44;
    static final int SQE_ADDR3 = 48;

    static final int CQE_BYTES = 16;
    static final int CQE_USER_DATA = 0;
    static final int CQE_RES = 8;
    static final int CQE_FLAGS = 12;

    static final int PARAMS_BYTES = 120;
    static final int PARAMS_SQ_ENTRIES = 0;
    static final int PARAMS_CQ_ENTRIES = 4;
    static final int PARAMS_FLAGS = 8;
    static final int PARAMS_SQ_THREAD_CPU = 12;
    static final int PARAMS_SQ_THREAD_IDLE = 16;
    static final int PARAMS_FEATURES = 20;
    static final int PARAMS_SQ_OFF = 40;
    static final int PARAMS_CQ_OFF = 80;

    /// Within both `io_sqring_offsets` and `io_cqring_offsets`.
    static final int OFF_HEAD = 0;

    static final int OFF_TAIL = 4;

    static final int SQ_OFF_FLAGS = 16;
    static final int SQ_OFF_DROPPED = 20;
    static final int SQ_OFF_ARRAY = 24;

    static final int CQ_OFF_OVERFLOW = 16;
    static final int CQ_OFF_CQES = 20;
    /// 5.8; older kernels leave 0 there.
    static final int CQ_OFF_FLAGS = 24;

    static final int GETEVENTS_ARG_BYTES = 24;
    static final int GETEVENTS_ARG_TS = 16;

    static final int PROBE_BYTES = 16;
    static final int PROBE_OPS_LEN = 1;
    static final int PROBE_OP_BYTES = 8;
    static final int PROBE_OP_FLAGS = 2;

    static final int FILES_UPDATE_BYTES = 16;
    static final int FILES_UPDATE_OFFSET = 0;
    static final int FILES_UPDATE_FDS = 8;

    private IoUringAbi() {}
}
