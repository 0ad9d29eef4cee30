package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;

/// Moves chunks from a [FileReader] to a channel: the one pump of all reading engines, so that they differ in the read
/// and in nothing else.
///
/// One read is under way at a time; the next is asked for as soon as its bytes are written, unless the channel holds
/// more than a chunk already (its high-water mark): then the pump waits for writability. A slow client so costs one
/// chunk in the channel and one being read.
final class Pump implements Transfer, ReadCompletion {

    private final ChannelHandlerContext ctx;
    private final FileReader reader;
    private final int chunkBytes;
    private final TransferListener listener;

    private @Nullable OpenFile file;
    private @Nullable ByteBuf chunk;
    private @Nullable ByteBuf head;
    private long position;
    private long end;
    private boolean headWritten;
    private boolean reading;
    private boolean pumping;
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
        headWritten = false;
        cancelled = false;
        int headBytes = head.readableBytes();
        if (lengthBytes == 0) {
            ctx.write(
                    ctx.alloc().directBuffer(headBytes).writeBytes(head, head.readerIndex(), headBytes),
                    ctx.voidPromise());
            headWritten = true;
            end(DONE);
        } else if (reader.readsAnywhere()) {
            int lengthFirst = lengthNext();
            chunk = reader.allocate(headBytes, lengthFirst).writeBytes(head, head.readerIndex(), headBytes);
            pump();
        } else {
            this.head = ctx.alloc().directBuffer(headBytes).writeBytes(head, head.readerIndex(), headBytes);
            pump();
        }
    }

    @Override
    public void writabilityChanged() {
        if (file != null && ctx.channel().isWritable()) {
            pump();
        }
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
        reading = false;
        if (cancelled) {
            end(CANCELLED);
        } else if (result > 0) {
            position += result;
            writeChunk();
            if (position == end) {
                end(DONE);
            } else {
                ctx.flush();
                pump();
            }
        } else {
            end(result == 0 ? SHRANK : result);
        }
    }

    /// Asks for chunks until one has to be waited for. Reads that complete at once come back here through
    /// [#readCompleted] while `pumping` is set, so that the stack stays flat.
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            OpenFile current = file;
            while (current != null && !reading && (!headWritten || ctx.channel().isWritable())) {
                int length = lengthNext();
                ByteBuf target = chunk;
                if (target == null) {
                    target = reader.allocate(0, length);
                    chunk = target;
                }
                reading = true;
                reader.read(current, position, length, target, this);
                current = file;
            }
        } finally {
            pumping = false;
        }
    }

    /// Chunks end at multiples of their size, so that reads of an unaligned range are aligned from the second one on.
    private int lengthNext() {
        return (int) Math.min(chunkBytes - position % chunkBytes, end - position);
    }

    private void writeChunk() {
        ByteBuf ready = chunk;
        chunk = null;
        ByteBuf first = head;
        head = null;
        if (first != null) {
            ctx.write(first, ctx.voidPromise());
        }
        if (ready != null) {
            ctx.write(ready, ctx.voidPromise());
        }
        headWritten = true;
    }

    private void end(int status) {
        OpenFile ended = file;
        file = null;
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
