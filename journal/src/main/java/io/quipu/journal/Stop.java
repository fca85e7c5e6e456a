package io.quipu.journal;

/**
 * What ended the walk through the documents of a cycle.
 */
enum Stop
{
    /** No document is written yet here, or the file ends. */
    NOTHING,
    /** The mark that Chronicle sets when it rolls. */
    END_OF_CYCLE,
    /** A document was begun. */
    INCOMPLETE,
    /** A document would end behind the end of the file, as long as it was when the scan began. */
    BEYOND,
    /** No valid record stands here. */
    DAMAGED,
    /** A valid record stands here that does not follow what was read before. */
    UNLINKED,
    /** A valid record stands here that cannot have been written here. */
    MISPLACED,
    /** A newer program wrote this. */
    TOO_NEW,
    /** The sequence that was asked for. */
    REACHED
}
