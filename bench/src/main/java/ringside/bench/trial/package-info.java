/// One trial: a server process and a generator process on CPUs of their own, and what was measured of them.
@org.jspecify.annotations.NullMarked
package ringside.bench.trial;
