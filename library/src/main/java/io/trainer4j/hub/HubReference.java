package io.trainer4j.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's name on the Hugging Face Hub.
 *
 * @param id {@code org/name} or {@code name}
 * @param revision branch, tag or commit; {@code main} unless given
 */
record HubReference(String id, String revision) {
    private static final Pattern NAME = Pattern.compile("(?:[\\w.-]+/)?[\\w.-]{1,96}");
    private static final Pattern REVISION = Pattern.compile("[\\w.+-]+(?:/[\\w.+-]+)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern WRITTEN = Pattern.compile("([^@]+)(?:@(.+))?");

    /** Reads {@code org/name@revision}; empty where the text cannot be a name on the Hub. */
    static Optional<HubReference> parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return Optional.empty();
        }
        String id = written.group(1);
        String revision = written.group(2) == null ? "main" : written.group(2);
        boolean valid = NAME.matcher(id).matches()
                && !id.contains("..")
                && !id.contains("--")
                && !id.matches("(?:.*/)?[.-].*|[.-].*|.*[.-](?:/.*)?")
                && REVISION.matcher(revision).matches()
                && !revision.contains("..");
        return valid ? Optional.of(new HubReference(id, revision)) : Optional.empty();
    }

    /** Whether the revision is a commit, which never changes. */
    boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    @Override
    public String toString() {
        return revision.equals("main") ? id : id + "@" + revision;
    }
}
