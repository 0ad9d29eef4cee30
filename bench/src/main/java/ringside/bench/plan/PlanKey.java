package ringside.bench.plan;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.bench.peer.Peer;
import ringside.bench.result.Load;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// What a plan file may say, in the order in which it is written. Each key is called as the flag of `bench` is that
/// says the same, and has the same values: the two can't mean different things.
enum PlanKey {
    NAME("name", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.name(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(plan.name());
        }
    },
    ENGINES("engines", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.engineList(String.join(",", values));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.engines().isEmpty()
                    ? List.of(BenchPlanBuilder.NO_ENGINES)
                    : plan.engines().stream().map(PlanKey::text).toList();
        }
    },
    TRANSPORTS("transports", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.transports(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.transports().stream().map(Transport::id).toList();
        }
    },
    PEERS("peers", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.peers(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.peers().stream().map(Peer::name).toList();
        }
    },
    BASELINE("baseline", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.baseline(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.baseline().stream().toList();
        }
    },
    SIZES("sizes", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.sizes(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.sizeBytes().stream().map(ByteSize::text).toList();
        }
    },
    ROOT("root", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.root(Path.of(values.getFirst()));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.root().stream().map(Path::toString).toList();
        }
    },
    CONNECTIONS("connections", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.connectionCounts(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.connections().stream().map(String::valueOf).toList();
        }
    },
    RATES("rates", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.rates(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.loads().stream()
                    .filter(Load.Open.class::isInstance)
                    .map(load -> number(((Load.Open) load).ratePerSecond()))
                    .toList();
        }
    },
    CACHE("cache", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.caches(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.caches().stream()
                    .map(cache -> cache == Cache.HOT ? "hot" : "cold")
                    .toList();
        }
    },
    FIND_KNEE("find-knee", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.findKnee(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.knee().stream().map(Objective::text).toList();
        }
    },
    MAP("map", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.map(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.map().stream().map(Axis::text).toList();
        }
    },
    WARMUP("warmup", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.warmUp(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            Optional<String> span = plan.warmUp().map(Spans::text);
            return List.of(
                    plan.untilSteady()
                            ? span.map(most -> BenchPlanBuilder.AUTO_OF + most).orElse(BenchPlanBuilder.AUTO)
                            : span.orElse(BenchPlanBuilder.AUTO));
        }
    },
    DURATION("duration", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.duration(Spans.parse(values.getFirst()));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.duration().stream().map(Spans::text).toList();
        }
    },
    REPEATS("repeats", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.repeats(wholeNumber(values.getFirst()));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(Integer.toString(plan.repeats()));
        }
    },
    UNTIL("until", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.until(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(plan.until().text());
        }
    },
    RESOLVE("resolve", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.resolve(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(number(plan.resolve() * 100) + "%");
        }
    },
    BUDGET("budget", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.budget(Spans.parse(values.getFirst()));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(Spans.text(plan.budget()));
        }
    },
    GENERATORS("generators", true) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.generators(values);
        }

        @Override
        List<String> of(BenchPlan plan) {
            return plan.askers().stream().map(Asker::argument).toList();
        }
    },
    LEDGER("ledger", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.ledger(yesOrNo(values.getFirst()));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(Boolean.toString(plan.ledger()));
        }
    },
    GUARD("guard", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.guard(values.getFirst());
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(plan.guard().name().toLowerCase(Locale.ROOT));
        }
    },
    SEED("seed", false) {
        @Override
        void apply(BenchPlanBuilder plan, List<String> values) {
            plan.seed(seed(values.getFirst()));
        }

        @Override
        List<String> of(BenchPlan plan) {
            return List.of(Long.toString(plan.seed()));
        }
    };

    /// The key whose value is a list of sides, each with keys of its own.
    static final String SIDES = "sides";

    private final String text;
    private final boolean list;

    PlanKey(String text, boolean list) {
        this.text = text;
        this.list = list;
    }

    String text() {
        return text;
    }

    /// Whether it may have several values.
    boolean isList() {
        return list;
    }

    /// @param values at least one; exactly one unless it is a list
    /// @throws IllegalArgumentException a sentence for a person
    abstract void apply(BenchPlanBuilder plan, List<String> values);

    /// What `apply` takes to get this plan's; empty: nothing is to be said.
    abstract List<String> of(BenchPlan plan);

    static Optional<PlanKey> byText(String text) {
        return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
    }

    /// With the list of sides.
    static List<String> texts() {
        return Stream.concat(Arrays.stream(values()).map(PlanKey::text), Stream.of(SIDES))
                .toList();
    }

    private static String text(ChosenEngine engine) {
        StringBuilder text = new StringBuilder(engine.name());
        char before = ':';
        for (var entry : engine.options().values().entrySet()) {
            if (entry.getValue() != entry.getKey().defaultValue()) {
                text.append(before)
                        .append(entry.getKey().name())
                        .append('=')
                        .append(entry.getKey().text(entry.getValue()));
                before = ',';
            }
        }
        return text.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no whole number", e);
        }
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no seed: a seed is a whole number of 64 bits", e);
        }
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }
}
