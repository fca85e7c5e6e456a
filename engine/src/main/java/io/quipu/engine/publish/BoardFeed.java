package io.quipu.engine.publish;

import org.agrona.DirectBuffer;

/**
 * What the feed remembers of one board with a published view. Stands in two lists of {@link FeedViews}: of all
 * boards, in the order in which they were cut last; and of those that changed since, in the order in which that was
 * noticed.
 */
final class BoardFeed
{
    private static final int MAX_NAME_LENGTH = 128;

    final byte[] name = new byte[MAX_NAME_LENGTH];
    int nameLength;
    long handle;
    long cutNs;
    /** When it was found to be gone; 0 while it exists. */
    long droppedNs;
    boolean isChanged;

    BoardFeed previousCut;
    BoardFeed nextCut;
    BoardFeed nextChanged;

    void init(final long handle, final DirectBuffer name)
    {
        this.handle = handle;
        nameLength = name.capacity();
        name.getBytes(0, this.name, 0, nameLength);
        cutNs = 0;
        droppedNs = 0;
        isChanged = false;
    }
}
