/// Whether engines send the right bytes while clients do what clients do: abort, stall, pipeline, trickle.
@org.jspecify.annotations.NullMarked
package ringside.bench.verify;
