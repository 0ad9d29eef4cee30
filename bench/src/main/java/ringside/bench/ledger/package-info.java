/// What the kernel does for a process, counted from outside: system calls by name, context switches, faults, I/O.
@org.jspecify.annotations.NullMarked
package ringside.bench.ledger;
