package ringside.loadtest;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// What one loop counted in one interval, or all loops in the window. Belongs to one thread at a time; handed over.
final class Tally {

    /// Longer times are recorded as this: 4 hours is four times the longest timeout that a plan may have.
    static final long NANOS_MAX = TimeUnit.HOURS.toNanos(4);

    static final int SIGNIFICANT_DIGITS = 3;

    final Histogram service = new Histogram(NANOS_MAX, SIGNIFICANT_DIGITS);
    final Histogram response;
    final Histogram sendLag;
    /// Right answers to requests that belong to the window.
    long requests;
    long bodyBytes;
    /// Right answers that came within the window, whenever their requests were intended.
    long completed;
    long completedBytes;
    long bodiesChecked;
    long reconnects;
    long resends;
    long connect;
    long timeout;
    long reset;
    long shortBody;
    final long[] statusClass = new long[6];
    long wrongLength;
    long wrongChecksum;
    long malformed;
    long queueOverflow;

    /// @param open whether there are response times and send lags
    Tally(boolean open) {
        response = new Histogram(open ? NANOS_MAX : 2, SIGNIFICANT_DIGITS);
        sendLag = new Histogram(open ? NANOS_MAX : 2, SIGNIFICANT_DIGITS);
        service.setTag("service");
        response.setTag("response");
        sendLag.setTag("sendlag");
    }

    void add(Tally other) {
        service.add(other.service);
        response.add(other.response);
        sendLag.add(other.sendLag);
        requests += other.requests;
        bodyBytes += other.bodyBytes;
        completed += other.completed;
        completedBytes += other.completedBytes;
        bodiesChecked += other.bodiesChecked;
        reconnects += other.reconnects;
        resends += other.resends;
        connect += other.connect;
        timeout += other.timeout;
        reset += other.reset;
        shortBody += other.shortBody;
        for (int i = 0; i < statusClass.length; i++) {
            statusClass[i] += other.statusClass[i];
        }
        wrongLength += other.wrongLength;
        wrongChecksum += other.wrongChecksum;
        malformed += other.malformed;
        queueOverflow += other.queueOverflow;
    }

    void clear() {
        service.reset();
        response.reset();
        sendLag.reset();
        service.setTag("service");
        response.setTag("response");
        sendLag.setTag("sendlag");
        requests = 0;
        bodyBytes = 0;
        completed = 0;
        completedBytes = 0;
        bodiesChecked = 0;
        reconnects = 0;
        resends = 0;
        connect = 0;
        timeout = 0;
        reset = 0;
        shortBody = 0;
        Arrays.fill(statusClass, 0);
        wrongLength = 0;
        wrongChecksum = 0;
        malformed = 0;
        queueOverflow = 0;
    }

    LoadErrors errors() {
        return new LoadErrors(
                connect,
                timeout,
                reset,
                shortBody,
                statusClass[1],
                statusClass[3],
                statusClass[4],
                statusClass[5],
                wrongLength,
                wrongChecksum,
                malformed,
                queueOverflow);
    }
}
