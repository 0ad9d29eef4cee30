package ringside.cli;

import ringside.content.hosts.HostObserver;

/// Says what becomes of virtual hosts: a line on standard error for each change.
final class HostReports implements HostObserver {

    @Override
    public void opened(String entry, String what) {
        say(entry + ": serving a " + what);
    }

    @Override
    public void removed(String entry) {
        say(entry + ": not served any more, it is gone");
    }

    @Override
    public void refused(String entry, String reason, boolean before) {
        say(entry + ": " + (before ? "what it was before is served still; " : "not served; ") + reason);
    }

    @Override
    public void blind(String reason) {
        say(reason);
    }

    private void say(String line) {
        // Names of files are anybody's: nothing in them is to move the cursor or to begin a line.
        StringBuilder text = new StringBuilder("ringside serve: ");
        line.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        System.err.println(text);
    }
}
