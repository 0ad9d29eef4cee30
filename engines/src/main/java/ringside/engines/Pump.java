package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;

/// Moves chunks from a [FileReader] to a channel: the one pump of all reading engines, so that they differ in
/// the read and in nothing else.
///
/// ```
///           start            chunk written, more to come
///   idle ─────────► reading ─────────────────────────────┬─► reading      channel writable
///    ▲                 │                                  ├─► waiting      channel full: until writabilityChanged
///    │                 │ last chunk written, failure,     └─► yielded      turn used up: until the loop comes round
///    └─────────────────┘ cancelled meanwhile
/// ```
///
/// One read is under way at a time; the next is asked for as soon as its bytes are written, unless the channel
/// holds more than a chunk already (its high-water mark): then the pump waits for writability. A slow client so
/// costs at most two chunks. A fast one gets [#TURN_BYTES] before the loop's other connections have their turn.
///
/// Writing and flushing can call back in here (a full channel, a failed one): `reading` stays set until both
/// are done, and while it is, [#cancel()] only leaves a mark and nothing is pumped. So there is one place from
/// which a transfer that is being read or written ends, and it ends once.
final class Pump implements Transfer, ReadCompletion, Runnable {

    /// What one connection may move before others on its loop have their turn. Less than a chunk is one chunk.
    static final int TURN_BYTES = 2 << 20;

    private final ChannelHandlerContext ctx;
    private final FileReader reader;
    private final int chunkBytes;
    private final TransferListener listener;

    private @Nullable OpenFile file;
    private @Nullable ByteBuf chunk;
    private @Nullable ByteBuf head;
    private long position;
    private long end;
    private int turnBytes;
    private boolean headWritten;
    private boolean viewed;
    private boolean reading;
    private boolean pumping;
    private boolean yielded;
    private boolean cancelled;

    Pump(ChannelHandlerContext ctx, FileReader reader, int chunkBytes, TransferListener listener) {
        this.ctx = ctx;
        this.reader = reader;
        this.chunkBytes = chunkBytes;
        this.listener = listener;
        ctx.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(chunkBytes / 2, chunkBytes));
    }

    @Override
    public void start(ByteBuf head, OpenFile file, long offset, long lengthBytes) {
        if (this.file != null) {
            throw new IllegalStateException("a transfer is under way");
        }
        file.retain();
        this.file = file;
        position = offset;
        end = offset + lengthBytes;
        turnBytes = 0;
        headWritten = false;
        cancelled = false;
        if (!ctx.channel().isOpen()) {
            end(-Errno.ECONNABORTED);
            return;
        }
        takeHead(head, file);
        pump();
    }

    @Override
    public void writabilityChanged() {
        pump();
    }

    @Override
    public void cancel() {
        if (file == null) {
            return;
        }
        cancelled = true;
        if (!reading) {
            end(CANCELLED);
        }
    }

    @Override
    public void readCompleted(int result) {
        if (result > 0 && !cancelled) {
            position += result;
            turnBytes += result;
            writeChunk();
            if (position < end) {
                ctx.flush();
            }
        }
        reading = false;
        if (cancelled) {
            end(CANCELLED);
        } else if (result <= 0) {
            end(result == 0 ? SHRANK : result);
        } else if (position == end) {
            end(DONE);
        } else {
            pump();
        }
    }

    /// The loop has come round.
    @Override
    public void run() {
        yielded = false;
        turnBytes = 0;
        pump();
    }

    /// Copies the head to where the first chunk will go behind it, or to a buffer of its own.
    private void takeHead(ByteBuf source, OpenFile file) {
        int headBytes = source.readableBytes();
        if (position < end && reader.readsAnywhere()) {
            takeView(file);
            if (!viewed) {
                chunk = reader.allocate(headBytes, lengthNext()).writeBytes(source, source.readerIndex(), headBytes);
                return;
            }
        }
        head = ctx.alloc().directBuffer(headBytes).writeBytes(source, source.readerIndex(), headBytes);
    }

    private void takeView(OpenFile file) {
        chunk = reader.view(file, position, lengthNext());
        viewed = chunk != null;
    }

    /// Asks for chunks until one has to be waited for. Reads that complete at once come back here through
    /// [#readCompleted] while `pumping` is set, and so does a listener that starts the next transfer: the stack
    /// stays flat.
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            OpenFile current = file;
            while (current != null && mayRead()) {
                next(current);
                current = file;
            }
        } finally {
            pumping = false;
        }
    }

    private boolean mayRead() {
        if (reading || yielded) {
            return false;
        }
        if (!headWritten) {
            return true;
        }
        if (!ctx.channel().isWritable()) {
            return false;
        }
        if (turnBytes >= TURN_BYTES) {
            yielded = true;
            ctx.executor().execute(this);
            return false;
        }
        return true;
    }

    private void next(OpenFile current) {
        if (position == end) {
            reading = true;
            writeChunk();
            reading = false;
            end(cancelled ? CANCELLED : DONE);
            return;
        }
        if (chunk == null) {
            takeView(current);
        }
        ByteBuf target = chunk;
        if (target == null) {
            target = reader.allocate(0, lengthNext());
            chunk = target;
        }
        reading = true;
        if (viewed) {
            viewed = false;
            readCompleted(target.readableBytes());
        } else {
            reader.read(current, position, lengthNext(), target, this);
        }
    }

    /// Chunks end at multiples of their size, so that reads of an unaligned range are aligned from the second
    /// one on.
    private int lengthNext() {
        return (int) Math.min(chunkBytes - position % chunkBytes, end - position);
    }

    private void writeChunk() {
        ByteBuf first = head;
        head = null;
        ByteBuf ready = chunk;
        chunk = null;
        headWritten = true;
        if (first != null) {
            ctx.write(first, ctx.voidPromise());
        }
        if (ready != null) {
            ctx.write(ready, ctx.voidPromise());
        }
    }

    private void end(int status) {
        OpenFile ended = file;
        file = null;
        viewed = false;
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
        if (head != null) {
            head.release();
            head = null;
        }
        if (ended != null) {
            ended.release();
        }
        listener.transferEnded(status, headWritten);
    }
}
