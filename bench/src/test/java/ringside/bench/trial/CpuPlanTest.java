package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.linux.CpuSet;

class CpuPlanTest {

    @Test
    void serverAndGeneratorGetDisjointCpus() {
        CpuPlan plan = CpuPlan.of(CpuSet.of(0, 1), CpuSet::of);
        assertEquals(CpuSet.of(1), plan.server());
        assertEquals(CpuSet.of(0), plan.generator());
        assertEquals(List.of(), plan.warnings());
    }

    @Test
    void threadsOfOneCoreAreKeptApartWherePossible() {
        CpuPlan plan = CpuPlan.of(CpuSet.of(0, 1, 2, 3), cpu -> CpuSet.of(cpu & ~1, cpu | 1));
        assertEquals(CpuSet.of(3), plan.server());
        assertEquals(CpuSet.of(0), plan.generator());
        assertEquals(
                CpuSet.of(4),
                CpuPlan.of(CpuSet.of(4, 5, 6), cpu -> CpuSet.of(5, 6)).generator());
        assertEquals(
                1,
                CpuPlan.of(CpuSet.of(4, 5), cpu -> CpuSet.of(4, 5)).warnings().size());
    }

    @Test
    void oneCpuIsSharedUnpinnedWithAWarning() {
        CpuPlan plan = CpuPlan.of(CpuSet.of(3), CpuSet::of);
        assertFalse(plan.isPinned());
        assertEquals(1, plan.warnings().size());
    }
}
