package ringside.linux;

import java.util.Set;

/// Whether io_uring can be used here, and what of it. Asked with [IoUring#probe(Kernel)].
public sealed interface IoUringSupport {

    /// @param features `IORING_FEAT_…`, as io_uring_setup(2) reports them
    /// @param opcodes the `IORING_OP_…` that `IORING_REGISTER_PROBE` (5.6) says are supported
    record Available(int features, Set<Integer> opcodes) implements IoUringSupport {
        public Available {
            opcodes = Set.copyOf(opcodes);
        }

        public boolean supports(int opcode) {
            return opcodes.contains(opcode);
        }

        public boolean hasFeature(int feature) {
            return (features & feature) == feature;
        }
    }

    /// @param errno what the kernel answered
    /// @param reason why, a sentence for a person
    /// @param remedy what to do about it, a sentence for a person
    record Unavailable(Errno errno, String reason, String remedy) implements IoUringSupport {}
}
