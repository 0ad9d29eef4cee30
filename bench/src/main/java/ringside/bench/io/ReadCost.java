package ringside.bench.io;

import ringside.bench.result.Measured;
import ringside.bench.trial.CostMeter;
import ringside.linux.Reading;

/// What reads cost, metered from outside the process, for ringside and fio alike.
///
/// @param cpuMicrosPerRead CPU time of the process with all its threads, user and system
/// @param userMicrosPerRead the part of it in user space; from clock ticks
/// @param systemMicrosPerRead the rest
/// @param coreBusyMicrosPerRead time that the CPU it was pinned to worked, interrupts and kernel threads
///     included
/// @param jvmMicrosPerRead the part of the CPU time that compilers and collectors of a JVM took
/// @param switchesPerRead context switches
/// @param readsPerCpuSecond reads for a second of CPU time of the process
/// @param readsPerCoreSecond reads for a second in which the CPU worked
public record ReadCost(
        Measured cpuMicrosPerRead,
        Measured userMicrosPerRead,
        Measured systemMicrosPerRead,
        Measured coreBusyMicrosPerRead,
        Measured jvmMicrosPerRead,
        Measured switchesPerRead,
        Measured readsPerCpuSecond,
        Measured readsPerCoreSecond) {

    private static final double NANOS_PER_MICRO = 1000;

    static ReadCost of(CostMeter.Rates rates, double readsPerSecond) {
        return new ReadCost(
                per(rates.serverNanos(), readsPerSecond, NANOS_PER_MICRO),
                part(rates, readsPerSecond, false),
                part(rates, readsPerSecond, true),
                per(rates.coreBusyNanos(), readsPerSecond, NANOS_PER_MICRO),
                per(rates.jvmNanos(), readsPerSecond, NANOS_PER_MICRO),
                per(rates.switches(), readsPerSecond, 1),
                perSecond(rates.serverNanos(), readsPerSecond),
                perSecond(rates.coreBusyNanos(), readsPerSecond));
    }

    /// Where the time of the metering isn't that of the reads: what fio says of its own thread.
    ///
    /// @param why the rest isn't known
    static ReadCost toldBy(FioOutput fio, String why) {
        Measured unknown = Measured.unmeasurable(why);
        double share = fio.userShare() + fio.systemShare();
        if (!(fio.readsPerSecond() > 0) || !(share > 0)) {
            return unmeasurable(why);
        }
        double microsPerShare = 1e6 / fio.readsPerSecond();
        return new ReadCost(
                Measured.of(share * microsPerShare),
                Measured.of(fio.userShare() * microsPerShare),
                Measured.of(fio.systemShare() * microsPerShare),
                unknown,
                unknown,
                unknown,
                Measured.of(fio.readsPerSecond() / share),
                unknown);
    }

    static ReadCost unmeasurable(String why) {
        Measured unknown = Measured.unmeasurable(why);
        return new ReadCost(unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown);
    }

    private static Measured part(CostMeter.Rates rates, double readsPerSecond, boolean system) {
        Measured all = per(rates.serverNanos(), readsPerSecond, NANOS_PER_MICRO);
        if (!(all instanceof Measured.Value(double micros))) {
            return all;
        }
        return rates.userShare()
                .value()
                .map(share -> Measured.of(micros * (system ? 1 - share : share)))
                .orElseGet(() -> Measured.unmeasurable(rates.userShare().whyMissing()));
    }

    private static Measured per(Reading<Double> perSecond, double readsPerSecond, double divisor) {
        if (!(readsPerSecond > 0)) {
            return Measured.unmeasurable("no read ended");
        }
        return perSecond
                .value()
                .map(value -> value < 0
                        ? Measured.unmeasurable("threads ended within the window and took their counters along")
                        : Measured.of(value / divisor / readsPerSecond))
                .orElseGet(() -> Measured.unmeasurable(perSecond.whyMissing()));
    }

    private static Measured perSecond(Reading<Double> nanosPerSecond, double readsPerSecond) {
        return nanosPerSecond
                .value()
                .map(nanos -> nanos > 0
                        ? Measured.of(readsPerSecond / (nanos / 1e9))
                        : Measured.unmeasurable("no CPU time was used"))
                .orElseGet(() -> Measured.unmeasurable(nanosPerSecond.whyMissing()));
    }
}
