package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuAffinityTest {

    private final CpuAffinity affinity = new CpuAffinity(new FfmKernel());

    @Test
    void aThreadRunsWhereItIsToldAndItsNeighboursStay() throws Exception {
        CpuSet before = affinity.get();
        int cpu = before.toArray()[before.count() - 1];
        FutureTask<CpuSet> pinned = new FutureTask<>(() -> {
            affinity.set(CpuSet.of(cpu));
            assertEquals(CpuSet.of(cpu), affinity.get(affinity.threadId()));
            return affinity.get();
        });
        Thread thread = Thread.ofPlatform().start(pinned);
        assertEquals(CpuSet.of(cpu), pinned.get());
        thread.join();
        assertEquals(before, affinity.get());
    }

    @Test
    void anotherThreadIsPinnedByItsId() throws Exception {
        CpuSet before = affinity.get();
        assumeTrue(before.count() > 1, "only one CPU to run on");
        AtomicInteger id = new AtomicInteger();
        var told = new java.util.concurrent.CountDownLatch(1);
        var done = new java.util.concurrent.CountDownLatch(1);
        FutureTask<CpuSet> seen = new FutureTask<>(() -> {
            id.set(affinity.threadId());
            told.countDown();
            done.await();
            return affinity.get();
        });
        Thread.ofPlatform().start(seen);
        told.await();
        CpuSet last = CpuSet.of(before.toArray()[1]);
        affinity.set(id.get(), last);
        done.countDown();
        assertEquals(last, seen.get());
    }

    @Test
    void whatCanNotBeIsSaid() {
        CpuSet far = CpuSet.of(CpuSet.CPUS_MAX - 1);
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> affinity.set(far))
                .getMessage());
        assertTrue(said.endsWith("name some of " + affinity.get()), said);
        assertThrows(IllegalArgumentException.class, () -> affinity.set(CpuSet.of()));
        assertEquals(
                Errno.ESRCH,
                assertThrows(KernelException.class, () -> affinity.get(Integer.MAX_VALUE))
                        .errno()
                        .number());
    }

    @Test
    void theCpusThatAreUsedAreOnline() {
        assertTrue(affinity.online().containsAll(affinity.get()));
        assertTrue(affinity.online().count() >= Runtime.getRuntime().availableProcessors());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0|1",
                "0-3,5|0-3,5|5",
                "5,0-3|0-3,5|5",
                "1,0|0-1|2",
                "7-7|7|1",
                "'0-1\n'|0-1|2",
                "' '|''|0",
                "' 0-2 , 9 '|0-2,9|4"
            })
    void listsAreRead(String text, String canonical, int count) {
        assertEquals(canonical, CpuSet.parse(text).toString());
        assertEquals(count, CpuSet.parse(text).count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-", "1-", "-1", "a", "0,,1", ",", "0-", "3-1", "8192", "0-99999999999", "0x1", "1-2-3", "٣"})
    void whatIsNoListIsRefusedWithASentence(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> CpuSet.parse(text));
        assertTrue(String.valueOf(refused.getMessage()).contains(text), refused.getMessage());
    }

    @Test
    void randomSetsSurviveTheirText() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            BitSet bits = new BitSet();
            int cpus = random.nextInt(40);
            for (int i = 0; i < cpus; i++) {
                int from = random.nextInt(CpuSet.CPUS_MAX - 64);
                bits.set(from, from + 1 + random.nextInt(64));
            }
            CpuSet set = new CpuSet(bits);
            assertEquals(set, CpuSet.parse(set.toString()), "seed " + seed);
        }
    }

    @Test
    void randomTextIsReadOrRefusedAndNothingElse() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "0123456789,- \n-,x";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                CpuSet set = CpuSet.parse(text.toString());
                assertEquals(set, CpuSet.parse(set.toString()), "seed " + seed);
            } catch (IllegalArgumentException refused) {
                assertFalse(String.valueOf(refused.getMessage()).isEmpty(), "seed " + seed);
            }
        }
    }

    @Test
    void aSetIsAValue() {
        BitSet bits = new BitSet();
        bits.set(1);
        CpuSet set = new CpuSet(bits);
        bits.set(2);
        set.bits().set(3);
        assertEquals(CpuSet.of(1), set);
        assertEquals(CpuSet.of(0, 1), CpuSet.parse("0-3").minus(CpuSet.parse("2,3")));
        assertEquals(CpuSet.of(2), CpuSet.parse("0-2").intersection(CpuSet.parse("2-5")));
        assertTrue(CpuSet.of(0).isDisjointFrom(CpuSet.of(1)));
        assertFalse(CpuSet.of(0, 1).isDisjointFrom(CpuSet.of(1)));
    }
}
