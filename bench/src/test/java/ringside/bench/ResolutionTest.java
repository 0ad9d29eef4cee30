package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ringside.bench.judge.Power;

class ResolutionTest {

    private static final Resolution RESOLUTION = new Resolution(new Power(0.05, Power.METRICS_USUAL), "a pilot");

    @Test
    void manyPairsTellASmallDifference() {
        String said = RESOLUTION.sentence(40);
        assertTrue(
                said.matches("40 pairs of launches can tell [1-9]\\.\\d % apart.* \\(by the spread of a pilot\\)\\."),
                said);
    }

    @Test
    void twoPairsAreToldToBeTooFew() {
        String said = RESOLUTION.sentence(2);
        assertTrue(said.startsWith("2 pairs of launches are too few to tell even a factor of 10 apart"), said);
        assertTrue(said.contains("1 % needs about "), said);
        assertFalse(said.contains("can tell"), said);
    }

    @Test
    void onePairShowsNoSpread() {
        assertTrue(RESOLUTION.sentence(1).startsWith("One pair of launches shows no spread"));
    }
}
