package ringside.content.webroot;

/// A webroot that can't be used: damaged, cut off, or none at all. The message names the file and what to do.
public final class WebrootException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Damage damage;

    WebrootException(Damage damage, String path, String detail) {
        super(path + ": " + damage.meaning() + ": " + detail + ". " + remedy(damage));
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }

    private static String remedy(Damage damage) {
        return switch (damage) {
            case NOT_A_WEBROOT -> "Name a file that 'ringside mkroot' of this version has made.";
            case HEADER, LENGTH, INDEX, BODY, PADDING -> "Build it anew, or copy it again; 'ringside fsck' says more.";
            case STRUCTURE -> "This may be a defect of what wrote it: build it anew, and report it if it comes back.";
        };
    }
}
