package dev.claimant.kafka;

import java.util.HexFormat;

/**
 * Tells in a commit's metadata which topic of that name the offset is of. A commit may come after the topic was deleted, and the group would go on
 * with it in a new topic of the same name, past messages that nobody has seen.
 */
final class TopicTag {

    private static final char MARK = '#';

    /** In the metadata of each commit. */
    static final int LENGTH = 9;

    private TopicTag() {}

    /** Empty where the topic's id is not known. */
    static String of(Assignment assignment) {
        String name = assignment.topicName();
        return name.equals(assignment.partition().topic())
                ? ""
                : MARK + HexFormat.of().toHexDigits(name.hashCode());
    }

    /** Whether the metadata is of another topic than the one with this tag. */
    static boolean isOfAnother(String metadata, String tag) {
        return isTagged(metadata) && !tag.isEmpty() && !metadata.startsWith(tag);
    }

    /** What the metadata says besides. */
    static String strip(String metadata) {
        return isTagged(metadata) ? metadata.substring(LENGTH) : metadata;
    }

    private static boolean isTagged(String metadata) {
        return metadata.length() >= LENGTH && metadata.charAt(0) == MARK;
    }
}
