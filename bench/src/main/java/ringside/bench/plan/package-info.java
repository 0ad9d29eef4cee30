/// What an experiment is asked to be: from flags or from a file, both the same plan.
@org.jspecify.annotations.NullMarked
package ringside.bench.plan;
