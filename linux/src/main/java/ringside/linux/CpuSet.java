package ringside.linux;

import java.util.BitSet;

/// A set of CPUs by their numbers, written as Linux writes cpulists: `0-3,5` (cpuset(7), "List format").
///
/// @param bits the set bits are the CPUs; copied in and out
public record CpuSet(BitSet bits) {

    /// More than any kernel is built for (`NR_CPUS` is at most 8192 on x86-64).
    public static final int CPUS_MAX = 8192;

    public CpuSet {
        if (bits.length() > CPUS_MAX) {
            throw new IllegalArgumentException(
                    "CPU " + (bits.length() - 1) + " is beyond " + (CPUS_MAX - 1) + ", the last that Linux numbers");
        }
        bits = (BitSet) bits.clone();
    }

    @Override
    public BitSet bits() {
        return (BitSet) bits.clone();
    }

    public static CpuSet of(int... cpus) {
        BitSet bits = new BitSet();
        for (int cpu : cpus) {
            if (cpu < 0 || cpu >= CPUS_MAX) {
                throw new IllegalArgumentException("no CPU number: " + cpu);
            }
            bits.set(cpu);
        }
        return new CpuSet(bits);
    }

    /// Reads `0-3,5`; blanks around the parts and a newline at the end are allowed, the empty text is the empty
    /// set.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong with the text
    public static CpuSet parse(String text) {
        BitSet bits = new BitSet();
        String list = text.strip();
        if (list.isEmpty()) {
            return new CpuSet(bits);
        }
        for (String part : list.split(",", -1)) {
            String range = part.strip();
            int dash = range.indexOf('-');
            int first = number(dash < 0 ? range : range.substring(0, dash), text);
            int last = dash < 0 ? first : number(range.substring(dash + 1), text);
            if (last < first) {
                throw new IllegalArgumentException(
                        "the CPU range " + range + " in '" + text + "' runs backwards: write " + last + "-" + first);
            }
            bits.set(first, last + 1);
        }
        return new CpuSet(bits);
    }

    private static int number(String digits, String text) {
        boolean plain = !digits.isEmpty() && digits.length() <= 5;
        int value = 0;
        for (int i = 0; plain && i < digits.length(); i++) {
            char c = digits.charAt(i);
            plain = c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        if (!plain || value >= CPUS_MAX) {
            throw new IllegalArgumentException("'" + digits + "' in the CPU list '" + text
                    + "' is no CPU number from 0 to " + (CPUS_MAX - 1) + ": write a list such as 0-3,5");
        }
        return value;
    }

    public int count() {
        return bits.cardinality();
    }

    public boolean isEmpty() {
        return bits.isEmpty();
    }

    public boolean contains(int cpu) {
        return cpu >= 0 && bits.get(cpu);
    }

    public boolean containsAll(CpuSet other) {
        BitSet rest = other.bits();
        rest.andNot(bits);
        return rest.isEmpty();
    }

    public boolean isDisjointFrom(CpuSet other) {
        return !bits.intersects(other.bits);
    }

    public CpuSet intersection(CpuSet other) {
        BitSet both = bits();
        both.and(other.bits);
        return new CpuSet(both);
    }

    public CpuSet minus(CpuSet other) {
        BitSet rest = bits();
        rest.andNot(other.bits);
        return new CpuSet(rest);
    }

    public CpuSet plus(CpuSet other) {
        BitSet both = bits();
        both.or(other.bits);
        return new CpuSet(both);
    }

    /// The CPUs in ascending order.
    public int[] toArray() {
        return bits.stream().toArray();
    }

    /// The list as the kernel writes it: `0-3,5`; the empty text for the empty set.
    @Override
    public String toString() {
        StringBuilder list = new StringBuilder();
        for (int first = bits.nextSetBit(0); first >= 0; ) {
            int end = bits.nextClearBit(first);
            if (!list.isEmpty()) {
                list.append(',');
            }
            list.append(first);
            if (end - first > 1) {
                list.append('-').append(end - 1);
            }
            first = bits.nextSetBit(end);
        }
        return list.toString();
    }
}
