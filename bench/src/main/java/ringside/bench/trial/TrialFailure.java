package ringside.bench.trial;

/// A trial that came to nothing: the message is the reason that its record carries. The run goes on.
public final class TrialFailure extends Exception {

    private static final long serialVersionUID = 1L;

    TrialFailure(String reason) {
        super(reason);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
