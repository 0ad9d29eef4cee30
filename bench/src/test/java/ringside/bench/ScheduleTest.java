package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void everyBlockRunsEveryPointOnce() {
        List<Schedule.Slot> slots = Schedule.of(7, 5, 42);
        assertEquals(35, slots.size());
        for (int block = 0; block < 5; block++) {
            assertEquals(
                    IntStream.range(0, 7).boxed().toList(),
                    order(slots, block).stream().sorted().toList());
        }
    }

    @Test
    void oddBlockMirrorsTheOneBefore() {
        List<Schedule.Slot> slots = Schedule.of(9, 4, 7);
        assertEquals(order(slots, 0).reversed(), order(slots, 1));
        assertEquals(order(slots, 2).reversed(), order(slots, 3));
    }

    /// The mean position of each point is the same over a pair of blocks: a linear drift cancels.
    @Test
    void linearDriftCancelsOverTwoBlocks() {
        List<Schedule.Slot> slots = Schedule.of(6, 2, 99);
        for (int point = 0; point < 6; point++) {
            int sum = 0;
            for (int i = 0; i < slots.size(); i++) {
                sum += slots.get(i).point() == point ? i : 0;
            }
            assertEquals(11, sum);
        }
    }

    @Test
    void orderFollowsFromTheSeedAlone() {
        assertEquals(Schedule.of(20, 3, 1), Schedule.of(20, 3, 1));
        assertNotEquals(Schedule.of(20, 3, 1), Schedule.of(20, 3, 2));
    }

    @Test
    void theLedgersBlockStandsInTheMiddleAndLeavesTheOthersAsTheyWere() {
        for (int repeats = 1; repeats <= 5; repeats++) {
            List<Schedule.Slot> slots = Schedule.withLedger(6, repeats, 7);
            List<Schedule.Slot> timed =
                    slots.stream().filter(slot -> !slot.counted()).toList();
            assertEquals(Schedule.of(6, repeats, 7), timed);
            List<Schedule.Slot> counted =
                    slots.stream().filter(Schedule.Slot::counted).toList();
            int before = 6 * ((repeats + 1) / 2);
            assertEquals(counted, slots.subList(before, before + 6));
            assertEquals(
                    IntStream.range(0, 6).boxed().toList(),
                    order(counted, repeats).stream().sorted().toList());
        }
    }

    private static List<Integer> order(List<Schedule.Slot> slots, int block) {
        return slots.stream()
                .filter(slot -> slot.block() == block)
                .map(Schedule.Slot::point)
                .toList();
    }
}
