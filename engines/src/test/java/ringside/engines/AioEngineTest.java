package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;

final class AioEngineTest extends EngineContract {
    AioEngineTest() {
        super("aio");
    }

    @Test
    void aReadAfterTheCloseIsCancelled() throws Exception {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, new FfmKernel())) {
            OpenFile file = fixture.open(file(1000).path());
            FileReader reader = fixture.on(() ->
                    ((ReadingEngine) engine()).openReader(fixture.context(), EngineOptions.defaults(engine().spec())));
            assertEquals(
                    1000, LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, 0, 1000))).length);
            List<Integer> results = new ArrayList<>();
            fixture.on(() -> {
                reader.close();
                ByteBuf target = reader.allocate(0, 1000);
                reader.read(file, 0, 1000, target, results::add);
                target.release();
                file.release();
                return "closed";
            });
            assertEquals(List.of(-Errno.ECANCELED), results);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
