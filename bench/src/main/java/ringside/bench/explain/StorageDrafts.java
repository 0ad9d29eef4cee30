package ringside.bench.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import ringside.engines.ByteSize;
import ringside.linux.TraceRecord;

/// Reads what happens below the calls: pages of the file that enter the page cache or are mapped
/// (include/trace/events/filemap.h), and requests to block devices (include/trace/events/block.h).
///
/// Who issues a block request or completes it may be any thread, or an interrupt. It is the server's when one
/// of the server's threads queued a bio for the same sectors before.
final class StorageDrafts {

    private static final int PAGE_BYTES = 4096;

    private static final Pattern PAGE =
            Pattern.compile("dev[ =]\\d+:\\d+ ino[ =]([0-9a-f]+) (?:.* )?ofs=(\\d+)(?:-(\\d+))?(?: order=(\\d+))?.*");

    /// `254,0 RA 65536 () 171227528 + 128 …`; a bio and a completion have no bytes, a bio no `()` either. A flush
    /// has a sector of 2⁶⁴ − 1, and isn't matched.
    private static final Pattern BLOCK =
            Pattern.compile("(\\d+,\\d+) (\\w+) (?:(\\d+) )?(?:\\(.*\\) )?(\\d{1,18}) \\+ (\\d+)(?: .*)?");

    private record Sectors(long from, long to) {
        boolean overlaps(Sectors other) {
            return from < other.to && other.from < to;
        }
    }

    private final long inode;
    private final List<Sectors> ours = new ArrayList<>();
    private final Map<Long, Draft> issued = new HashMap<>();

    StorageDrafts(long inode) {
        this.inode = inode;
    }

    /// @param thread of the server, on whose behalf it happens; null: somebody else's, or an interrupt's
    /// @return a step, if the record begins one
    @Nullable
    Draft take(TraceRecord record, long at, @Nullable ThreadState thread) {
        return switch (record.event()) {
            case "mm_filemap_add_to_page_cache" -> pages(record, at, thread, Step.Kind.PAGES);
            case "mm_filemap_fault", "mm_filemap_map_pages" -> pages(record, at, thread, Step.Kind.FAULT);
            default -> block(record, at, thread);
        };
    }

    private @Nullable Draft pages(TraceRecord record, long at, @Nullable ThreadState thread, Step.Kind kind) {
        Matcher page = PAGE.matcher(record.body());
        if (!page.matches() || Long.parseLong(page.group(1), 16) != inode) {
            return null;
        }
        long offset = Long.parseLong(page.group(2));
        long pages = page.group(4) != null
                ? 1L << Integer.parseInt(page.group(4))
                : page.group(3) != null ? (Long.parseLong(page.group(3)) + 1 - offset) / PAGE_BYTES : 1;
        Draft before = thread == null ? null : thread.last;
        if (before != null && before.kind == kind && before.offset + before.pages * PAGE_BYTES == offset) {
            before.pages += pages;
            describe(before);
            return null;
        }
        Draft draft = new Draft(
                kind,
                at,
                thread == null ? Timeline.DEVICE : thread.threadId,
                thread == null ? 0 : thread.depth(),
                kind == Step.Kind.PAGES ? "page cache" : faultName(record.event()));
        draft.offset = offset;
        draft.pages = pages;
        describe(draft);
        if (thread != null) {
            thread.last = draft;
            thread.touched = true;
        }
        return draft;
    }

    private static String faultName(String event) {
        return event.equals("mm_filemap_fault") ? "page fault" : "page fault, pages mapped";
    }

    private static void describe(Draft draft) {
        draft.arguments.clear();
        draft.arguments.add("+" + draft.pages + (draft.pages == 1 ? " page" : " pages") + " at "
                + (draft.offset == 0 ? "0" : ByteSize.name(draft.offset)));
        draft.meaning = draft.kind == Step.Kind.PAGES
                ? "room for " + ByteSize.name(draft.pages * PAGE_BYTES) + " of the file, to be read"
                : "";
    }

    private @Nullable Draft block(TraceRecord record, long at, @Nullable ThreadState thread) {
        Matcher block = BLOCK.matcher(record.body());
        if (!block.matches()) {
            return null;
        }
        long first = Long.parseLong(block.group(4));
        Sectors sectors = new Sectors(first, first + Long.parseLong(block.group(5)));
        return switch (record.event()) {
            case "block_bio_queue" -> queued(sectors, thread);
            case "block_rq_complete" -> completed(first, at);
            default -> ours.stream().anyMatch(sectors::overlaps) ? issue(block, sectors, at) : null;
        };
    }

    private @Nullable Draft queued(Sectors sectors, @Nullable ThreadState thread) {
        if (thread != null) {
            ours.add(sectors);
        }
        return null;
    }

    private @Nullable Draft completed(long first, long at) {
        Draft issue = issued.remove(first);
        if (issue != null) {
            issue.endMicros = at;
        }
        return null;
    }

    private Draft issue(Matcher block, Sectors sectors, long at) {
        String kind = block.group(2);
        Draft draft = new Draft(Step.Kind.BLOCK, at, Timeline.DEVICE, 0, "block request");
        long bytes = (sectors.to() - sectors.from()) * 512;
        draft.arguments.add(kind + " " + ByteSize.name(bytes));
        draft.arguments.add(String.format(
                Locale.ROOT, "sector %d of %s", sectors.from(), block.group(1).replace(',', ':')));
        draft.pages = bytes;
        if (kind.startsWith("R")) {
            draft.meaning = kind.contains("A") ? "the device reads (read-ahead)" : "the device reads";
        }
        issued.put(sectors.from(), draft);
        return draft;
    }
}
