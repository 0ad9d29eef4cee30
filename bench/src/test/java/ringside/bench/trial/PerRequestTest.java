package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements.ServerCost;
import ringside.linux.Reading;

class PerRequestTest {

    @Test
    void whatASecondCostIsSharedOutAmongItsRequests() {
        ServerCost cost = PerRequest.serverCost(rates(1.7), 50_000, 1.7);
        assertEquals(10, cost.cpuMicrosPerRequest().orElse(0), 1e-9);
        assertEquals(4, cost.userMicrosPerRequest().orElse(0), 1e-9);
    }

    /// The thread that reads them shares the generator's CPU and may get to it late.
    @Test
    void clocksThatWereReadLateSayNothingOfTheWindow() {
        ServerCost cost = PerRequest.serverCost(rates(0.01), 50_000, 1.7);
        assertTrue(
                cost.cpuMicrosPerRequest() instanceof Measured.Unmeasurable(String why)
                        && why.startsWith("the server's clocks were read over 0.01 s of a window of 1.70 s"),
                cost::toString);
    }

    private static CostMeter.Rates rates(double seconds) {
        Reading<Double> half = new Reading.Measured<>(0.5e9);
        Reading<Double> none = new Reading.Measured<>(0.0);
        return new CostMeter.Rates(
                seconds, half, new Reading.Measured<>(0.4), none, half, none, none, none, none, half, 0);
    }
}
