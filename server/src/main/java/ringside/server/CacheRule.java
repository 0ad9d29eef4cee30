package ringside.server;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is said about the caching of the files that a pattern names: a value for `Cache-Control` (RFC 9111 §5.2), and
/// `Expires` for clients of HTTP/1.0, worked out from its `max-age`.
///
/// A pattern is compared with the decoded path that was asked for, `/` for an index. `*` stands for any characters but
/// a slash, `**` for any, `?` for one but a slash; `{a,b}` for a or b. One without a slash is compared with the last
/// segment: `*.css`.
///
/// Any thread.
public final class CacheRule {

    /// Says nothing about anything.
    static final CacheRule NONE = new CacheRule(Pattern.compile(".*", Pattern.DOTALL), "", OptionalLong.empty());

    // RFC 9111 §5.2: token, or token "=" ( token / quoted-string ); RFC 9110 §5.6.2, §5.6.4.
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern DIRECTIVE =
            Pattern.compile("(" + TOKEN + ")(?:=(" + TOKEN + "|\"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*\"))?");
    private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t]*");
    private static final Set<String> WITH_SECONDS =
            Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");
    /// RFC 9111 §1.2.2: the most that a cache has to know.
    private static final long SECONDS_MAX = Integer.MAX_VALUE;

    private final Pattern pattern;
    private final String value;
    private final OptionalLong maxAgeSeconds;

    private CacheRule(Pattern pattern, String value, OptionalLong maxAgeSeconds) {
        this.pattern = pattern;
        this.value = value;
        this.maxAgeSeconds = maxAgeSeconds;
    }

    /// Reads a rule as the command line has it, `/assets/**=public, max-age=31536000, immutable`.
    ///
    /// @throws IllegalArgumentException with a message for a person
    public static CacheRule parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals + 1 == text.length()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no rule for Cache-Control: write GLOB=VALUE, such as '/assets/**=public, max-age=3600'");
        }
        String value = text.substring(equals + 1).strip();
        return new CacheRule(compile(text.substring(0, equals)), value, maxAge(value));
    }

    /// The first of the rules that is about a path, or [#NONE].
    static CacheRule of(List<CacheRule> rules, String path) {
        for (CacheRule rule : rules) {
            if (rule.pattern.matcher(path).matches()) {
                return rule;
            }
        }
        return NONE;
    }

    /// Checks a value and finds its `max-age`.
    private static OptionalLong maxAge(String value) {
        Set<String> seen = new HashSet<>();
        OptionalLong maxAge = OptionalLong.empty();
        Matcher directive = DIRECTIVE.matcher(value);
        Matcher comma = COMMA.matcher(value);
        int at = 0;
        while (true) {
            if (!directive.region(at, value.length()).lookingAt()) {
                throw wrong(
                        value,
                        "at '" + value.substring(at)
                                + "' a directive such as 'no-cache' or 'max-age=3600' is expected");
            }
            String name = directive.group(1).toLowerCase(Locale.ROOT);
            if (!seen.add(name)) {
                throw wrong(value, "'" + name + "' stands there twice");
            }
            if (WITH_SECONDS.contains(name)) {
                long seconds = seconds(value, directive);
                maxAge = name.equals("max-age") ? OptionalLong.of(seconds) : maxAge;
            }
            at = directive.end();
            if (at == value.length()) {
                break;
            }
            if (!comma.region(at, value.length()).lookingAt()) {
                throw wrong(value, "'" + value.substring(at) + "' stands where a comma is expected");
            }
            at = comma.end();
        }
        if (seen.contains("public") && seen.contains("private")) {
            throw wrong(value, "public and private exclude each other");
        }
        return maxAge;
    }

    private static long seconds(String value, Matcher directive) {
        String argument = directive.group(2);
        if (argument != null && SECONDS.matcher(argument).matches()) {
            long seconds = Long.parseLong(argument);
            if (seconds <= SECONDS_MAX) {
                return seconds;
            }
        }
        throw wrong(value, "'" + directive.group() + "' needs seconds, 0 to " + SECONDS_MAX);
    }

    private static IllegalArgumentException wrong(String value, String why) {
        return new IllegalArgumentException("'" + value + "' is no value for Cache-Control: " + why);
    }

    private static Pattern compile(String glob) {
        if (glob.indexOf('/') > 0) {
            throw new IllegalArgumentException("the pattern '" + glob
                    + "' matches no path: start it with '/', or leave all slashes out to match the last segment");
        }
        StringBuilder regex = new StringBuilder(glob.startsWith("/") ? "" : ".*/");
        boolean alternatives = false;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> {
                    boolean any = i + 1 < glob.length() && glob.charAt(i + 1) == '*';
                    regex.append(any ? ".*" : "[^/]*");
                    i += any ? 1 : 0;
                }
                case '?' -> regex.append("[^/]");
                case '{' -> {
                    if (alternatives) {
                        throw new IllegalArgumentException("the pattern '" + glob + "' has braces within braces");
                    }
                    alternatives = true;
                    regex.append("(?:");
                }
                case '}' -> {
                    regex.append(alternatives ? ")" : "\\}");
                    alternatives = false;
                }
                case ',' -> regex.append(alternatives ? "|" : ",");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        if (alternatives) {
            throw new IllegalArgumentException("the pattern '" + glob + "' has a brace that isn't closed");
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    boolean isNone() {
        return value.isEmpty();
    }

    /// For `Cache-Control`.
    String value() {
        return value;
    }

    /// Whether there is a `max-age`, and so an `Expires`.
    boolean expires() {
        return maxAgeSeconds.isPresent();
    }

    /// From the answer on; 0 if there is no `max-age`.
    long maxAgeSeconds() {
        return maxAgeSeconds.orElse(0);
    }
}
