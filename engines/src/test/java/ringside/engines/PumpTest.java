package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.OpenFiles;

/// The moments that no client can bring about on purpose: calls back into the pump while it writes, a read that
/// ends after the cancel, a listener that starts the next transfer from within.
final class PumpTest {

    private static final int CHUNK_BYTES = 64 << 10;

    private final List<Integer> statuses = new ArrayList<>();
    private final List<Boolean> headsWritten = new ArrayList<>();
    private final List<Throwable> caught = new ArrayList<>();
    private final HandReader reader = new HandReader();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private OpenFile file;
    private Pump pump;
    private int nextStarts;
    private long nextLengthBytes;
    private boolean cancelOnWrite;
    private boolean cancelOnFlush;
    private boolean holdFlush;
    private @Nullable RuntimeException listenerThrows;

    @SuppressWarnings("NullAway") // JUnit calls setUp.
    PumpTest() {}

    @BeforeEach
    void setUp() {
        FfmKernel kernel = new FfmKernel();
        file = new OpenFile(kernel, "/dev/zero", new OpenFiles(kernel).open("/dev/zero", OpenFiles.O_RDONLY), 1 << 30);
        channel.pipeline().addLast(new ChannelDuplexHandler() {
            @Override
            public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                ctx.write(msg, promise);
                if (cancelOnWrite) {
                    pump.cancel();
                }
            }

            @Override
            public void flush(ChannelHandlerContext ctx) {
                if (!holdFlush) {
                    ctx.flush();
                }
                if (cancelOnFlush) {
                    pump.cancel();
                }
            }
        });
        channel.pipeline().addLast(new ChannelDuplexHandler() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                pump.writabilityChanged();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                // Writes that a closed channel throws away say so here.
                if (!(cause instanceof ClosedChannelException)) {
                    caught.add(cause);
                }
            }
        });
        pump = new Pump(channel.pipeline().lastContext(), reader, CHUNK_BYTES, this::ended);
    }

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
        file.release();
        assertFalse(file.isOpen(), "somebody kept the file");
        for (ByteBuf buffer : reader.given) {
            assertEquals(0, buffer.refCnt(), "a buffer was kept");
        }
    }

    private void ended(int status, boolean headWritten) {
        statuses.add(status);
        headsWritten.add(headWritten);
        if (listenerThrows != null) {
            throw listenerThrows;
        }
        if (nextStarts > 0) {
            nextStarts--;
            start(nextLengthBytes);
        }
    }

    private void start(long lengthBytes) {
        ByteBuf head = Unpooled.wrappedBuffer(new byte[100]);
        pump.start(head, file, 0, lengthBytes);
        assertEquals(100, head.readableBytes());
    }

    private long written() {
        long bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    @Test
    void cancelFromWithinTheLastWrite() {
        cancelOnWrite = true;
        start(1000);
        assertEquals(List.of(Transfer.CANCELLED), statuses);
    }

    @Test
    void cancelFromWithinTheWriteOfAHeadAlone() {
        cancelOnWrite = true;
        start(0);
        assertEquals(List.of(Transfer.CANCELLED), statuses);
    }

    @Test
    void cancelFromWithinAFlush() {
        cancelOnFlush = true;
        start(1 << 20);
        assertEquals(List.of(Transfer.CANCELLED), statuses);
        assertEquals(List.of(true), headsWritten);
        assertEquals(100 + CHUNK_BYTES, written());
    }

    @Test
    void cancelWhileAReadIsInFlight() {
        reader.byHand = true;
        start(1 << 20);
        pump.cancel();
        pump.cancel();
        pump.writabilityChanged();
        assertEquals(List.of(), statuses);
        assertEquals(1, reader.given.getFirst().refCnt());
        assertThrows(IllegalStateException.class, () -> start(1));
        reader.complete(100);
        assertEquals(List.of(Transfer.CANCELLED), statuses);
        assertEquals(List.of(false), headsWritten);
        pump.cancel();
        assertEquals(1, statuses.size());
    }

    @Test
    void transfersStartedFromWithinTheEndDoNotNest() {
        for (long lengthBytes : new long[] {0, 1, 3 * CHUNK_BYTES}) {
            statuses.clear();
            int starts = lengthBytes > CHUNK_BYTES ? 100 : 5_000;
            nextStarts = starts - 1;
            nextLengthBytes = lengthBytes;
            start(lengthBytes);
            long bytes = 0;
            for (; channel.hasPendingTasks() || nextStarts > 0; channel.runPendingTasks()) {
                channel.flush();
                bytes += written();
            }
            channel.flush();
            bytes += written();
            assertEquals(starts, statuses.size());
            assertEquals(starts * (100 + lengthBytes), bytes);
        }
    }

    @Test
    void aFastClientGetsATurnAndNotTheLoop() {
        start(5L * Pump.TURN_BYTES);
        assertEquals(100 + Pump.TURN_BYTES, written());
        channel.runPendingTasks();
        channel.flush();
        assertEquals(4L * Pump.TURN_BYTES, written());
        assertEquals(List.of(Transfer.DONE), statuses);
    }

    @Test
    void cancelBetweenTurnsAndStartAnew() {
        start(5L * Pump.TURN_BYTES);
        pump.cancel();
        assertEquals(List.of(Transfer.CANCELLED), statuses);
        start(2 * CHUNK_BYTES);
        channel.runPendingTasks();
        assertEquals(List.of(Transfer.CANCELLED, Transfer.DONE), statuses);
    }

    @Test
    void waitsForWritability() {
        holdFlush = true;
        start(1 << 20);
        assertFalse(channel.isWritable());
        pump.writabilityChanged();
        assertEquals(2, reader.reads, "one chunk being sent, and the next");
        holdFlush = false;
        channel.flush();
        channel.runPendingTasks();
        channel.flush();
        assertEquals(List.of(Transfer.DONE), statuses);
        assertEquals(100 + (1 << 20), written());
    }

    @Test
    void theNextChunkIsReadWhenOneHasLeft() {
        holdFlush = true;
        start(1 << 20);
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        outbound.addFlush();
        outbound.remove();
        channel.runPendingTasks();
        assertEquals(3, reader.reads);
        assertFalse(channel.isWritable());
        pump.cancel();
    }

    @Test
    void aRangeThatNoFileHasIsRefusedAtOnce() {
        ByteBuf head = Unpooled.wrappedBuffer(new byte[1]);
        for (long[] range : new long[][] {{-1, 1}, {0, -1}, {1, Long.MAX_VALUE}, {Long.MAX_VALUE, 1}}) {
            assertThrows(IllegalArgumentException.class, () -> pump.start(head, file, range[0], range[1]));
        }
        start(1);
        assertEquals(List.of(Transfer.DONE), statuses);
    }

    @Test
    void noMemoryForTheFirstChunk() {
        reader.allocationsLeft = 0;
        start(1 << 20);
        assertEquals(List.of(-Errno.ENOMEM), statuses);
        assertEquals(List.of(false), headsWritten);
        reader.allocationsLeft = Integer.MAX_VALUE;
        start(1000);
        assertEquals(List.of(-Errno.ENOMEM, Transfer.DONE), statuses);
    }

    @Test
    void noMemoryForTheSecondChunk() {
        reader.allocationsLeft = 1;
        reader.byHand = true;
        start(1 << 20);
        reader.complete(CHUNK_BYTES);
        assertEquals(List.of(-Errno.ENOMEM), statuses);
        assertEquals(List.of(true), headsWritten);
        assertTrue(caught.isEmpty(), "what the transfer's end says already");
    }

    @Test
    void noMemoryForAChunkAfterAYield() {
        reader.allocationsLeft = Pump.TURN_BYTES / CHUNK_BYTES;
        start(5L * Pump.TURN_BYTES);
        assertEquals(List.of(), statuses);
        channel.runPendingTasks();
        assertEquals(List.of(-Errno.ENOMEM), statuses);
    }

    @Test
    void aReaderThatThrowsEndsTheTransfer() {
        IllegalStateException defect = new IllegalStateException("a reader's defect");
        reader.thrown = defect;
        start(1000);
        assertEquals(List.of(-Errno.EIO), statuses);
        assertEquals(List.of(defect), caught);
        caught.clear();
        reader.thrown = new OutOfMemoryError("for the test");
        start(1000);
        assertEquals(List.of(-Errno.EIO, -Errno.ENOMEM), statuses);
        reader.thrown = null;
        start(1000);
        assertEquals(Transfer.DONE, statuses.getLast());
    }

    @Test
    void whatAListenerThrowsReachesTheHandler() {
        reader.byHand = true;
        IllegalStateException defect = new IllegalStateException("a listener's defect");
        start(1000);
        listenerThrows = defect;
        reader.complete(1000);
        assertEquals(List.of(defect), caught);
        listenerThrows = null;
        reader.byHand = false;
        start(5L * Pump.TURN_BYTES);
        // The end comes in a task of the loop, after the second turn and those that follow.
        listenerThrows = defect;
        channel.runPendingTasks();
        assertEquals(List.of(defect, defect), caught);
        listenerThrows = null;
        assertEquals(List.of(Transfer.DONE, Transfer.DONE), statuses);
        caught.clear();
    }

    /// Each of many small responses is less than a turn; together they must not be more than one.
    @Test
    void pipelinedResponsesShareATurn() {
        nextLengthBytes = CHUNK_BYTES;
        nextStarts = 3 * Pump.TURN_BYTES / CHUNK_BYTES - 1;
        start(CHUNK_BYTES);
        assertEquals(Pump.TURN_BYTES / CHUNK_BYTES, statuses.size());
        for (int i = 0; i < 3; i++) {
            channel.runPendingTasks();
        }
        assertEquals(3 * Pump.TURN_BYTES / CHUNK_BYTES, statuses.size());
    }

    @Test
    void closedWhileWaitingForWritability() {
        holdFlush = true;
        start(1 << 20);
        channel.close();
        pump.writabilityChanged();
        assertEquals(List.of(), statuses);
        pump.cancel();
        pump.cancel();
        assertEquals(List.of(Transfer.CANCELLED), statuses);
        start(1 << 20);
        assertEquals(List.of(Transfer.CANCELLED, -Errno.ECONNABORTED), statuses);
        assertEquals(List.of(true, false), headsWritten);
    }

    @Test
    void failures() {
        reader.byHand = true;
        start(1 << 20);
        reader.complete(-Errno.EIO);
        start(1 << 20);
        reader.complete(0);
        start(1 << 20);
        reader.complete(CHUNK_BYTES);
        reader.complete(-Errno.EIO);
        assertEquals(List.of(-Errno.EIO, Transfer.SHRANK, -Errno.EIO), statuses);
        assertEquals(List.of(false, false, true), headsWritten);
    }

    @Test
    void shortReadsGoOnWhereTheyStopped() {
        reader.byHand = true;
        start(100_000);
        int done = 0;
        while (done < 100_000) {
            assertEquals(done, reader.offsets.getLast());
            assertTrue(reader.lengths.getLast() <= CHUNK_BYTES - done % CHUNK_BYTES);
            int count = Math.min(reader.lengths.getLast(), 7001);
            reader.complete(count);
            done += count;
        }
        assertEquals(List.of(Transfer.DONE), statuses);
        channel.flush();
        assertEquals(100_100, written());
    }

    /// Reads zeros, at once or when told to.
    private static final class HandReader implements FileReader {

        private final List<ByteBuf> given = new ArrayList<>();
        private final ArrayDeque<Long> offsets = new ArrayDeque<>();
        private final ArrayDeque<Integer> lengths = new ArrayDeque<>();
        private @Nullable ByteBuf target;
        private @Nullable ReadCompletion completion;
        private boolean byHand;
        private int allocationsLeft = Integer.MAX_VALUE;
        private @Nullable Throwable thrown;
        private int reads;

        @Override
        public ByteBuf allocate(int headBytes, int lengthBytes) {
            if (allocationsLeft-- == 0) {
                throw new OutOfMemoryError("for the test");
            }
            ByteBuf buffer = Unpooled.directBuffer(headBytes + lengthBytes);
            given.add(buffer);
            return buffer;
        }

        @Override
        public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
            reads++;
            switch (thrown) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {}
            }
            offsets.add(offset);
            lengths.add(lengthBytes);
            this.target = target;
            this.completion = completion;
            if (!byHand) {
                complete(lengthBytes);
            }
        }

        void complete(int result) {
            ByteBuf filled = target;
            ReadCompletion waiting = completion;
            target = null;
            completion = null;
            if (filled == null || waiting == null) {
                throw new IllegalStateException("no read is under way");
            }
            if (result > 0) {
                filled.writeZero(result);
            }
            waiting.readCompleted(result);
        }

        @Override
        public void close() {}
    }
}
