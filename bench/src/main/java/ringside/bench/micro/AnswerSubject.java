package ringside.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// One kind of answer of one server, and what it has cost. One thread uses it.
final class AnswerSubject {

    private final String name;
    private final ServedForBenchmark server;
    private final ByteBuffer request;
    private final int answerBytes;
    private final List<Double> cpuMicros = new ArrayList<>();
    private final List<Double> allocatedBytes = new ArrayList<>();

    /// @param answerBytes of each answer, head and body
    AnswerSubject(String name, ServedForBenchmark server, ByteBuffer request, int answerBytes) {
        this.name = name;
        this.server = server;
        this.request = request;
        this.answerBytes = answerBytes;
    }

    String name() {
        return name;
    }

    /// Asks on every connection, so many times, and notes what it cost.
    ///
    /// @return bytes received
    long ask(int sweeps) throws IOException {
        long nanos = server.cpuNanos();
        long bytes = server.allocatedBytes();
        for (int i = 0; i < sweeps; i++) {
            server.sweep(request, answerBytes);
        }
        double requests = (double) sweeps * server.connections();
        allocatedBytes.add((server.allocatedBytes() - bytes) / requests);
        cpuMicros.add((server.cpuNanos() - nanos) / 1e3 / requests);
        return (long) (requests * answerBytes);
    }

    void forget() {
        cpuMicros.clear();
        allocatedBytes.clear();
    }

    int rounds() {
        return cpuMicros.size();
    }

    /// Of the event loop per request, the median of the rounds.
    double cpuMicros() {
        return median(cpuMicros);
    }

    /// By the event loop per request, the median of the rounds.
    double allocatedBytes() {
        return median(allocatedBytes);
    }

    /// Of CPU, round by round.
    double[] ratios(AnswerSubject base) {
        double[] ratios = new double[rounds()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = cpuMicros.get(i) / base.cpuMicros.get(i);
        }
        return ratios;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
