package ringside.linux;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/// What a path is mounted on: a line of `/proc/self/mountinfo`, proc_pid_mountinfo(5).
///
/// @param mountId as statx(2) has it
/// @param deviceNumber `major:minor`
/// @param mountPoint where
/// @param options of the mount: `rw,noatime`
/// @param fileSystem `ext4`
/// @param source the device or what stands for it: `/dev/vda`
/// @param superOptions of the file system
public record Mount(
        long mountId,
        String deviceNumber,
        String mountPoint,
        String options,
        String fileSystem,
        String source,
        String superOptions) {

    /// The mount that the file at `path` is on; the file must exist.
    public static Reading<Mount> of(Kernel kernel, String path) {
        long mountId;
        try (Arena arena = Arena.ofConfined()) {
            Statx statx = new Statx(kernel, arena);
            long result = statx.tryPath(OpenFiles.AT_FDCWD, path, 0);
            if (result < 0) {
                return new Reading.Unmeasurable<>(KernelException.describe(Syscall.STATX, path, result));
            }
            mountId = statx.mountId();
        }
        if (mountId < 0) {
            return new Reading.Unmeasurable<>("statx(2) tells the mount of a file since Linux 5.8 only");
        }
        return new PseudoFiles(kernel).read("/proc/self/mountinfo").map(text -> {
            String prefix = mountId + " ";
            for (String line : text.split("\n", -1)) {
                if (line.startsWith(prefix)) {
                    return parse(line);
                }
            }
            throw new IllegalArgumentException("/proc/self/mountinfo doesn't have the mount " + mountId + " of " + path
                    + ": it is in another mount namespace");
        });
    }

    /// ```
    ///   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    ///   id parent  root  point options   optional…  - type source    super options
    /// ```
    ///
    /// @throws IllegalArgumentException with a sentence, if the line isn't one
    static Mount parse(String line) {
        String[] fields = line.split(" ", -1);
        int dash = 6;
        while (dash < fields.length && !fields[dash].equals("-")) {
            dash++;
        }
        if (dash + 3 >= fields.length) {
            throw new IllegalArgumentException("the mountinfo line '" + line + "' is cut short");
        }
        return new Mount(
                KeyedLines.parseNumber("mount id", fields[0]),
                fields[2],
                unescape(fields[4]),
                fields[5],
                unescape(fields[dash + 1]),
                unescape(fields[dash + 2]),
                fields[dash + 3]);
    }

    /// Blank, tab, newline and backslash come as `\040`, `\011`, `\012`, `\134`.
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        byte[] in = field.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '\\' && i + 3 < in.length && isOctal(in[i + 1]) && isOctal(in[i + 2]) && isOctal(in[i + 3])) {
                out[length++] = (byte) ((in[i + 1] - '0') * 64 + (in[i + 2] - '0') * 8 + (in[i + 3] - '0'));
                i += 3;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isOctal(byte b) {
        return b >= '0' && b <= '7';
    }
}
