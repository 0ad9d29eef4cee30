package ringside.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import ringside.engines.Engine;
import ringside.engines.EngineOptions;
import ringside.engines.Engines;
import ringside.engines.FileReader;
import ringside.engines.LoopContext;
import ringside.engines.ReadingEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

class DirectReadingTest {

    /// The list of names is right: readers that can't read anywhere in a buffer are those with `O_DIRECT`.
    @Test
    void readersOfDirectEnginesNeedAlignedBuffers() throws InterruptedException {
        Kernel kernel = new FfmKernel();
        Transport transport = Transport.preferred();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try {
            IoEventLoop loop = group.next();
            int asked = 0;
            for (Engine engine : Engines.ALL) {
                if (engine instanceof ReadingEngine reading
                        && engine.probe(kernel, transport).isAvailable()) {
                    LoopContext context = new LoopContext(loop, transport, kernel, PooledByteBufAllocator.DEFAULT);
                    boolean anywhere = loop.submit(() -> {
                                try (FileReader reader =
                                        reading.openReader(context, EngineOptions.defaults(engine.spec()))) {
                                    return reader.readsAnywhere();
                                }
                            })
                            .sync()
                            .getNow();
                    assertEquals(
                            !anywhere, DirectReading.isOf(engine), engine.spec().name());
                    asked++;
                }
            }
            assertTrue(asked > 1, "no engine could be asked");
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void theTwinIsAnEngineThatReadsDirectly() {
        for (Engine engine : Engines.ALL) {
            assertTrue(
                    DirectReading.isOf(Engines.byName(DirectReading.twinOf(engine))),
                    engine.spec().name());
        }
    }
}
