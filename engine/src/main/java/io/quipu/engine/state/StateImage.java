package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * All logical state as a run of entries, for checkpoints. It knows no sizes of tables and no layout of memory: who bears a name
 * brings it along, and members stand in the order of their board. Entries never lie across two chunks. Little-endian:
 * <pre>
 *   entry      kind u8 | fields
 *   name       length u8 | bytes
 *
 *   1 begin    sequence i64 | time ns i64 | next session id i32 | evicted up to i64               first
 *   2 ids      kind of handle u8 | highest id i32 | free ids i32                                  three
 *   3 limit    which u8 | value i64                                                               all
 *   4 counter  id i32 | generation i32 | value i64 | name                                         by id
 *   5 board    id i32 | generation i32 | begun at i64 | members i32 | operator u8 | ties u8       by id
 *              columns u8 | ascending u8 | feed rows i32 | capacity i64 | column names | name
 *   6 release  begun at i64 | given up at i64 | members i32 | ties u8 | columns u8 | ascending u8 the next to go first
 *   7 member   id i32 | generation i32 | changed at i64 | a value i64 for each column | name      of the board or release
 *                                                                                                 before it, in its order
 *   8 free     kind of handle u8 | id i32 | generation i32                                        from the top of the stack
 *   9 session  id i32 | token hash 2 x i64 | last request i64 | its sequence i64 | its time i64   oldest request first
 *  10 reply    request sequence i64 | length i32 | bytes                                          of the session before it
 *  11 end      entries before it i64                                                              last
 * </pre>
 * A release stands with the members that are left: that is how far it has come. The image has no
 * names for themselves, for how often one is referred to follows from those who bear it.
 */
public final class StateImage
{
    /** Of this layout. */
    public static final int VERSION = 1;

    /** No chunk is longer. */
    public static final int MAX_CHUNK_LENGTH = 256 * 1024;

    /** Entries that a handler hears of ahead at once. */
    static final int MAX_AHEAD = 128;

    /** No entry that brings an id is shorter. */
    static final int MIN_ID_ENTRY_LENGTH = 10;

    static final int BEGIN = 1;
    static final int IDS = 2;
    static final int LIMIT = 3;
    static final int COUNTER = 4;
    static final int BOARD = 5;
    static final int RELEASE = 6;
    static final int MEMBER = 7;
    static final int FREE = 8;
    static final int SESSION = 9;
    static final int REPLY = 10;
    static final int END = 11;

    private StateImage()
    {
    }

    /**
     * Hears the chunks of an image in their order.
     */
    @FunctionalInterface
    public interface ChunkHandler
    {
        /**
         * @param buffer off-heap, holding the chunk; good until the handler returns.
         * @param offset of the chunk.
         * @param length of it, at most {@link #MAX_CHUNK_LENGTH}.
         */
        void onChunk(DirectBuffer buffer, int offset, int length);
    }

    /**
     * Hears the entries of an image in their order. Buffers are good until the handler returns. An entry that no state can have
     * is an {@link IllegalStateException}.
     */
    interface EntryHandler
    {
        /** How many names there will be, before all else; not called where that is not known. */
        void onNames(long count);

        /**
         * What the next counters or members will be, which {@link #onCounter} or {@link #onMember} then hears of one by one, so
         * that memory can be read ahead for all of them at once.
         *
         * @param kind  of these entries.
         * @param chunk that holds them.
         * @param ids   of them; any numbers in a damaged image.
         * @param names where in the chunk each name's length stands, with its bytes behind it.
         * @param count of entries, at most {@link StateImage#MAX_AHEAD}.
         */
        void onAhead(int kind, DirectBuffer chunk, int[] ids, int[] names, int count);

        void onBegin(long sequence, long timeNs, int nextSessionId, long evictedUpTo);

        void onIds(int kind, int highest, int free);

        void onLimit(int which, long value);

        void onCounter(int id, int generation, long value, DirectBuffer name);

        void onBoard(int id, int generation, long startedAt, BoardDefinition definition, DirectBuffer name);

        /** Of the definition only ties, columns and which of them are ascending are given. */
        void onRelease(long startedAt, long endedAt, BoardDefinition definition);

        void onMember(int id, int generation, long changedAt, long[] values, DirectBuffer name);

        void onFree(int kind, int id, int generation);

        void onSession(
            int id, long hashHigh, long hashLow, long lastRequest, long lastSequence, long lastTimeNs);

        void onReply(long requestSequence, DirectBuffer buffer, int offset, int length);

        void onEnd();
    }
}
