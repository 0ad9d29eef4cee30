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
/// holds more than one and a half chunks already (its water marks): then the pump waits for writability. So the
/// next chunk is read while the one before is being sent, and a slow client costs at most two and a half chunks
/// and a head. A fast one gets [#TURN_BYTES], however many responses that is, before the loop's other connections
/// have their turn.
///
/// Running out of memory ends the transfer with −ENOMEM: thrown at the event loop, it would end the loop. What
/// else is thrown is a defect; where nobody would hear of it, it goes to the pipeline's `exceptionCaught`.
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
    private final NextTurn nextTurn;

    private @Nullable OpenFile file;
    private @Nullable ByteBuf chunk;
    private @Nullable ByteBuf head;
    private long position;
    private long end;
    private int turnBytes;
    private boolean headWritten;
    private boolean viewed;
    private boolean reading;
    /// The reader has called back for the read that it was asked for last.
    private boolean answered;
    private boolean pumping;
    private boolean yielded;
    private boolean cancelled;

    Pump(ChannelHandlerContext ctx, FileReader reader, int chunkBytes, TransferListener listener) {
        this.ctx = ctx;
        this.reader = reader;
        this.chunkBytes = chunkBytes;
        this.listener = listener;
        this.nextTurn = new NextTurn(ctx.executor(), this);
        // The channel's count goes down by whole buffers: two chunks are above, one is below.
        int mark = Math.addExact(chunkBytes, chunkBytes / 2);
        ctx.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(mark, mark));
    }

    @Override
    public void start(ByteBuf head, OpenFile file, long offset, long lengthBytes) {
        Transfer.requireRange(offset, lengthBytes);
        if (this.file != null) {
            throw new IllegalStateException("a transfer is under way");
        }
        file.retain();
        this.file = file;
        position = offset;
        end = offset + lengthBytes;
        headWritten = false;
        cancelled = false;
        if (!ctx.channel().isOpen()) {
            end(-Errno.ECONNABORTED);
            return;
        }
        try {
            takeHead(head, file);
        } catch (OutOfMemoryError e) {
            end(-Errno.ENOMEM);
            return;
        }
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
        answered = true;
        if (pumping) {
            advance(result);
            return;
        }
        try {
            advance(result);
        } catch (Throwable e) {
            // The caller is the loop, or a reader with other connections' completions in its hands.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    private void advance(int result) {
        try {
            if (result > 0 && !cancelled) {
                position += result;
                turnBytes += result;
                writeChunk();
                if (position < end) {
                    ctx.flush();
                }
            }
        } finally {
            reading = false;
        }
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
        try {
            pump();
        } catch (Throwable e) {
            // The loop would only log it.
            ctx.pipeline().fireExceptionCaught(e);
        }
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
        if (headWritten && !ctx.channel().isWritable()) {
            return false;
        }
        if (turnBytes >= TURN_BYTES) {
            yielded = true;
            nextTurn.await();
            return false;
        }
        return true;
    }

    private void next(OpenFile current) {
        if (position == end) {
            reading = true;
            try {
                writeChunk();
            } finally {
                reading = false;
            }
            end(cancelled ? CANCELLED : DONE);
            return;
        }
        ByteBuf target;
        try {
            target = target(current);
        } catch (OutOfMemoryError e) {
            end(-Errno.ENOMEM);
            return;
        }
        reading = true;
        if (viewed) {
            viewed = false;
            advance(target.readableBytes());
        } else {
            read(current, target);
        }
    }

    /// The chunk to fill, or the one that is full already: [#viewed].
    private ByteBuf target(OpenFile current) {
        if (chunk == null) {
            takeView(current);
        }
        ByteBuf target = chunk;
        if (target == null) {
            target = reader.allocate(0, lengthNext());
            chunk = target;
        }
        return target;
    }

    /// A reader that throws hasn't taken the read: nobody else would ever end it. What is thrown after the
    /// completion has come doesn't concern the read.
    private void read(OpenFile current, ByteBuf target) {
        answered = false;
        try {
            reader.read(current, position, lengthNext(), target, this);
        } catch (Throwable e) {
            if (answered) {
                throw e;
            }
            reading = false;
            if (e instanceof OutOfMemoryError) {
                end(-Errno.ENOMEM);
            } else {
                end(-Errno.EIO);
                ctx.pipeline().fireExceptionCaught(e);
            }
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
