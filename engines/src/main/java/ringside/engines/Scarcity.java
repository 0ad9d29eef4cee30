package ringside.engines;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Who waits for something that a loop has only a few of, a pipe or a buffer, and who has one that it can't use since
/// its client doesn't take the bytes.
///
/// First come, first served. When somebody has to wait, those whose clients are slow give back what they have, the one
/// that has stalled longest first: the bytes in there are still in the file, and are fetched again. So slow clients,
/// however many, don't keep the others from being served.
///
/// All on the loop. Allocates nothing.
final class Scarcity {

    /// A transfer, as seen from here.
    interface Party {
        /// Gives back what it holds. Called while it is [#stalled], which it then isn't any more.
        ///
        /// @return false if it has to keep it
        boolean surrender();

        /// Something is there: it may take it.
        void served();
    }

    /// A party's place in one of the two lines, or in none.
    static final class Place {
        private final Party party;
        private @Nullable Line line;
        private @Nullable Place before;
        private @Nullable Place behind;

        Place(Party party) {
            this.party = party;
        }
    }

    private static final class Line {
        private @Nullable Place first;
        private @Nullable Place last;

        void add(Place place) {
            if (place.line != null) {
                throw new IllegalStateException("in a line already");
            }
            place.line = this;
            place.before = last;
            if (last == null) {
                first = place;
            } else {
                last.behind = place;
            }
            last = place;
        }

        void remove(Place place) {
            Place before = place.before;
            Place behind = place.behind;
            if (before == null) {
                first = behind;
            } else {
                before.behind = behind;
            }
            if (behind == null) {
                last = before;
            } else {
                behind.before = before;
            }
            place.line = null;
            place.before = null;
            place.behind = null;
        }
    }

    private final BooleanSupplier available;
    private final Line waiting = new Line();
    private final Line stalled = new Line();
    private boolean serving;
    private int waitingCount;

    /// @param available whether there is something to take
    Scarcity(BooleanSupplier available) {
        this.available = available;
    }

    /// How many wait.
    int waiting() {
        return waitingCount;
    }

    /// Takes a place at the end of the line: [Party#served] comes when there is something.
    void await(Place place) {
        waiting.add(place);
        waitingCount++;
    }

    /// Its client doesn't take the bytes now. If others wait, it is asked to surrender at once.
    void stalled(Place place) {
        stalled.add(place);
        if (waiting.first != null && reclaim()) {
            freed();
        }
    }

    /// Neither waits nor stalls any more.
    void leave(Place place) {
        if (place.line == waiting) {
            waitingCount--;
        }
        if (place.line != null) {
            place.line.remove(place);
        }
    }

    /// Has one of those that stall surrender.
    ///
    /// @return false if none could
    boolean reclaim() {
        Place place = stalled.first;
        while (place != null) {
            Place next = place.behind;
            stalled.remove(place);
            if (place.party.surrender()) {
                return true;
            }
            place = next;
        }
        return false;
    }

    /// Something has come back: who waits may go on, one after the other while there is something to take.
    void freed() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            Place place = waiting.first;
            while (place != null && available.getAsBoolean()) {
                leave(place);
                place.party.served();
                place = waiting.first;
            }
        } finally {
            serving = false;
        }
    }
}
