package ringside.bench.io;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ringside.linux.CpuSet;

/// The job of fio that is the equal of one of ours, or why there is none.
///
/// Equal means: same file, block, order, depth, cache, CPU; a thread of the process, as ours; the latency of
/// each read from two readings of the clock, as ours: fio's "lat", from when it takes the read up. (Its
/// "slat" and "clat" cost a third reading; and its io_uring engine, told to submit in batches, begins "clat"
/// only when the system call that submits has returned, and with it the read.) As much is submitted and
/// reaped by one system call as is there (`iodepth_batch_submit`, `iodepth_batch_complete_max`; fio's default
/// of one by one costs it a fifth), since our engines do that. So it is fio at its best.
sealed interface FioJob {

    /// @param ioengine of fio
    /// @param options that go with it
    record Equal(String ioengine, List<String> options) implements FioJob {
        public Equal {
            options = List.copyOf(options);
        }
    }

    /// @param reason a sentence
    record None(String reason) implements FioJob {}

    /// Options of ours that leave the reads as they are, or that are translated.
    Set<String> NEUTRAL = Set.of("queue-depth", "chunk-bytes", "threads", "registered");

    /// fio's `fixedbufs`.
    String REGISTERED = "registered";

    static FioJob of(ReadJob job) {
        Map<String, String> changed = new LinkedHashMap<>();
        // By its value and not by its change: one engine registers by default, another doesn't.
        boolean registered = job.engine().options().values().entrySet().stream()
                .anyMatch(option -> option.getKey().name().equals(REGISTERED)
                        && option.getKey().text(option.getValue()).equals("on"));
        job.engine().options().values().forEach((option, value) -> {
            if (value != option.defaultValue() && !NEUTRAL.contains(option.name())) {
                changed.put(option.name(), option.text(value));
            }
        });
        if (!changed.isEmpty()) {
            return new None("fio has no job that is the equal of " + job.engineText() + ": option "
                    + String.join(", ", changed.keySet()) + " isn't translated. "
                    + job.engine().name()
                    + " runs alone");
        }
        List<String> fixed = registered ? List.of("--fixedbufs=1") : List.of();
        return switch (job.engine().name()) {
            case "blocking" -> new Equal("psync", List.of());
            case "mmap" -> new Equal("mmap", List.of());
            case "aio" -> new Equal("posixaio", depth(job));
            case "linux-aio", "direct" -> new Equal("libaio", plus(depth(job), List.of("--userspace_reap")));
            case "uring", "uring-direct" -> new Equal("io_uring", plus(depth(job), fixed));
            default ->
                new None("fio has no ioengine that is the equal of "
                        + job.engine().name() + ", which runs alone");
        };
    }

    /// @param runtime how long fio measures, after the ramp
    /// @param output where fio writes its JSON
    static List<String> command(Path fio, Equal equal, ReadJob job, Duration runtime, CpuSet cpus, Path output) {
        ReadJob.Area area = job.area();
        List<String> command = new ArrayList<>(List.of(
                fio.toString(),
                "--name=ringside",
                "--output-format=json",
                "--output=" + output,
                "--percentile_list=50:90:99:99.9",
                "--filename=" + job.file().toString().replace(":", "\\:"),
                "--readonly",
                "--ioengine=" + equal.ioengine(),
                "--rw=" + (area.pattern() == ReadPattern.RANDOM ? "randread" : "read"),
                "--bs=" + area.blockBytes(),
                "--size=" + area.sizeBytes(),
                "--direct=" + (job.direct() ? 1 : 0),
                "--randseed=" + (job.seed() & Long.MAX_VALUE),
                "--ramp_time=" + job.times().ramp().toMillis() + "ms",
                "--runtime=" + runtime.toMillis() + "ms",
                "--thread",
                // The page cache is as ringside has made it, and stays so; no engine of ours gives advice.
                "--invalidate=0",
                "--fadvise_hint=0",
                "--disable_slat=1",
                "--disable_clat=1",
                "--lat_percentiles=1"));
        // Cold blocks are read once: fio's own map of blocks, one pass. Otherwise drawn with replacement, as
        // ours.
        command.addAll(job.once() ? List.of() : List.of("--time_based", "--norandommap"));
        if (!cpus.isEmpty()) {
            command.add("--cpus_allowed=" + cpus);
        }
        job.ratePerSecond().ifPresent(rate -> command.add("--rate_iops=" + Math.round(rate)));
        command.addAll(equal.options());
        return command;
    }

    private static List<String> depth(ReadJob job) {
        return List.of(
                "--iodepth=" + job.depth(),
                "--iodepth_batch_submit=" + job.depth(),
                "--iodepth_batch_complete_min=1",
                "--iodepth_batch_complete_max=" + job.depth());
    }

    private static List<String> plus(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
