/// Which rate a server holds, and which trial would tell next.
@org.jspecify.annotations.NullMarked
package ringside.bench.sweep;
