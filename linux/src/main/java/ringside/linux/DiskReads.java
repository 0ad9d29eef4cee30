package ringside.linux;

import java.io.File;

/// What all processes together have read from the machine's disks since boot: `/proc/diskstats`
/// (`Documentation/admin-guide/iostats.rst`), whole disks only, without those that are made of others. Any thread.
///
/// @param requests completed reads, after merging
/// @param bytes of them
public record DiskReads(long requests, long bytes) {

    private static final int SECTOR_BYTES = 512;
    private static final int NAME = 2;
    private static final int READS = 3;
    private static final int SECTORS_READ = 5;

    public static Reading<DiskReads> read(Kernel kernel) {
        return new PseudoFiles(kernel).read("/proc/diskstats").map(DiskReads::parse);
    }

    public DiskReads minus(DiskReads earlier) {
        return new DiskReads(requests - earlier.requests, bytes - earlier.bytes);
    }

    static DiskReads parse(String text) {
        long requests = 0;
        long sectors = 0;
        for (String line : text.lines().toList()) {
            String[] fields = line.strip().split(" +", -1);
            if (fields.length <= SECTORS_READ) {
                throw new IllegalArgumentException("/proc/diskstats has a line that is cut short: '" + line + "'");
            }
            if (isDisk(fields[NAME])) {
                requests += KeyedLines.parseNumber("/proc/diskstats, reads", fields[READS]);
                sectors += KeyedLines.parseNumber("/proc/diskstats, sectors read", fields[SECTORS_READ]);
            }
        }
        return new DiskReads(requests, sectors * SECTOR_BYTES);
    }

    /// Partitions have no directory of their own there; what is made of other devices has slaves.
    private static boolean isDisk(String name) {
        String directory = "/sys/block/" + name.replace('/', '!');
        String[] slaves = new File(directory, "slaves").list();
        return new File(directory).isDirectory()
                && (slaves == null || slaves.length == 0)
                && !name.startsWith("loop")
                && !name.startsWith("ram")
                && !name.startsWith("zram");
    }
}
