/// Other web servers that are measured in the same way as ours: their programs, configurations and versions.
@org.jspecify.annotations.NullMarked
package ringside.bench.peer;
