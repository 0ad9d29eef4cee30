package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.linux.FfmKernel;

final class NextTurnTest {

    /// io_uring reads the eventfd first and tells then.
    private static final int TURNS_MAX = 8;

    /// Not on nio, where a thread has to notice first.
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "IO_URING"})
    void descriptorsAreLookedAtBetweenTurns(Transport transport) {
        try (LoopFixture fixture = new LoopFixture(transport, new FfmKernel())) {
            CompletableFuture<Integer> turns = new CompletableFuture<>();
            Counter counter = new Counter(fixture.context());
            CompletionWakeup wakeup = fixture.on(() -> CompletionWakeup.open(
                    fixture.context(),
                    () -> {
                        counter.stop = true;
                        turns.complete(counter.turns);
                    },
                    turns::completeExceptionally));
            fixture.on(() -> {
                wakeup.eventFd().signal();
                counter.run();
                return "begun";
            });
            int seen = LoopFixture.await(turns);
            fixture.on(() -> {
                wakeup.close();
                return "closed";
            });
            assertTrue(seen <= TURNS_MAX, "a signal was noticed after " + seen + " turns");
        }
    }

    private static final class Counter implements Runnable {

        private final NextTurn nextTurn;
        private int turns;
        private boolean stop;

        Counter(LoopContext context) {
            nextTurn = new NextTurn(context.loop(), this);
        }

        @Override
        public void run() {
            if (!stop) {
                turns++;
                nextTurn.await();
            }
        }
    }
}
