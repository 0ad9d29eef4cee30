package ringside.content;

/// A root that stands in another at a prefix.
///
/// @param prefix a normalised path of at least one segment, without a slash at its end, decoded: `/docs`
/// @param root closed by who closes the root around it
public record MountPoint(String prefix, ContentRoot root) {

    public MountPoint {
        requirePrefix(prefix);
    }

    /// @throws IllegalArgumentException if nothing can be mounted there
    public static void requirePrefix(String prefix) {
        boolean plain = prefix.length() > 1 && prefix.startsWith("/") && !prefix.endsWith("/");
        for (String segment : prefix.substring(plain ? 1 : 0).split("/", -1)) {
            plain &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        }
        if (!plain || prefix.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("nothing can be mounted at '" + prefix
                    + "': write a path of names, as /docs or /docs/manual, without a slash at its end");
        }
    }
}
