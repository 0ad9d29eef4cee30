/// What our server answers differently from nginx.
@org.jspecify.annotations.NullMarked
package ringside.bench.nginx;
