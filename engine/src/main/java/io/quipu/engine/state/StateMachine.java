package io.quipu.engine.state;

import io.quipu.codecs.StorageFrames;
import io.quipu.codecs.storage.ExcludedFrameDecoder;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.codecs.storage.SessionCloseFrameDecoder;
import io.quipu.codecs.storage.SessionOpenFrameDecoder;
import io.quipu.codecs.storage.TickFrameDecoder;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * All that the engine knows: names, counters, boards, sessions, limits. One {@link #apply} serves live running,
 * recovery and replay, and the same bytes always lead to the same state, the same replies and the same digest: it reads
 * no clock, no chance and nothing outside its arguments. State is off-heap; nothing is allocated on the heap in steady
 * state. One thread calls it.
 * <p>
 * Before each frame, sessions that are too old are removed, and members of dropped and reset boards are released, some
 * steps for each entry of the frame. So an ATOMIC request never takes these back.
 */
public final class StateMachine implements AutoCloseable
{
    /**
     * Hears figures about the state, for people.
     */
    @FunctionalInterface
    public interface GaugeHandler
    {
        /**
         * @param label such as {@code counters} or {@code stateBytes}.
         * @param value of the gauge.
         */
        void onGauge(String label, long value);
    }

    private final Limits limits = new Limits();
    private final UndoLog undo = new UndoLog();
    private final NameTable names = new NameTable();
    private final CounterTable counters = new CounterTable(names, undo);
    private final Boards boards = new Boards(names, limits, undo);
    private final SessionTable sessions = new SessionTable();
    private final Usage usage = new Usage(names, counters, boards, sessions);
    private final RequestProcessor requests = new RequestProcessor(names, counters, boards, limits, usage, undo);
    private final Queries queries = new Queries(names, counters, boards, limits, usage);
    private final ViewReader viewReader = new ViewReader(names, counters);
    private final Digest digest = new Digest(names, counters, boards, sessions, limits);
    private final StorageFrames frames = new StorageFrames();

    private long sequence;
    private long timeNs;

    /**
     * An empty state at sequence 0.
     */
    public StateMachine()
    {
    }

    /**
     * Sets who hears of the off-heap segments of all states of this process, from now on; nobody does at first.
     *
     * @param handler such as one that asks for large pages.
     */
    public static void onSegments(final SegmentHandler handler)
    {
        OffHeap.segmentHandler(handler);
    }

    /**
     * Applies all frames of one record body. Never throws for a body that admission let pass; an exception means that
     * the state can not be trusted any more.
     *
     * @param body          holds storage frames.
     * @param offset        of the first frame.
     * @param length        of all frames, padding included.
     * @param firstSequence of the record's first entry; continues {@link #sequence()}.
     * @param timestampNs   journaled time of its entries, not before {@link #timeNs()}.
     * @param handler       hears replies and opened sessions.
     * @return sequence of the last entry.
     */
    public long apply(
        final DirectBuffer body,
        final int offset,
        final int length,
        final long firstSequence,
        final long timestampNs,
        final ReplyHandler handler)
    {
        if (firstSequence != sequence + 1 || timestampNs < timeNs)
        {
            throw new IllegalStateException(
                "firstSequence=" + firstSequence + " timestampNs=" + timestampNs +
                " on top of sequence=" + sequence + " timeNs=" + timeNs);
        }

        timeNs = timestampNs;
        frames.wrap(body, offset, length);
        while (frames.next())
        {
            final int entries = frames.entryCount();
            sessions.expire(timestampNs);
            boards.release((long)entries * Boards.RELEASE_STEPS);
            applyFrame(sequence + 1, sequence + entries, handler);
        }

        return sequence;
    }

    /**
     * @return sequence of the last entry applied; 0 before the first.
     */
    public long sequence()
    {
        return sequence;
    }

    /**
     * @return journaled time of the last entry applied, in ns since 1970; 0 before the first.
     */
    public long timeNs()
    {
        return timeNs;
    }

    /**
     * @return the digest, a view that follows the state.
     */
    public Digest digest()
    {
        return digest;
    }

    /**
     * @return sessions and kept replies, for admission.
     */
    public SessionTable sessions()
    {
        return sessions;
    }

    /**
     * @return the logical limits.
     */
    public Limits limits()
    {
        return limits;
    }

    /**
     * @return the answers to queries.
     */
    public Queries queries()
    {
        return queries;
    }

    /**
     * @return the boards, for views of those that changed.
     */
    public Boards boards()
    {
        return boards;
    }

    /**
     * @return names of boards and single counters, for published views.
     */
    public ViewReader viewReader()
    {
        return viewReader;
    }

    /**
     * Writes all logical state down, between two calls of {@link #apply}. Changes nothing.
     *
     * @param handler that hears the chunks of the image.
     */
    public void writeImage(final StateImage.ChunkHandler handler)
    {
        new StateImageWriter(names, counters, boards, sessions, limits, handler).write(sequence, timeNs);
    }

    /**
     * Fills an empty state from an image. Behind the reader's {@link StateImageReader#finish()} sequence, time and all
     * logical state are those of the image, and the digest is one computed from scratch; where it fails the state is only
     * good to be closed.
     *
     * @param imageLength bytes of all chunks, or more.
     * @return what takes the chunks.
     */
    public StateImageReader newImageReader(final long imageLength)
    {
        if (sequence != 0)
        {
            throw new IllegalStateException("not empty: sequence=" + sequence);
        }

        return new StateImageReader(new StateImageLoader(this, names, counters, boards, sessions, limits), imageLength);
    }

    void restore(final long sequence, final long timeNs)
    {
        this.sequence = sequence;
        this.timeNs = timeNs;
    }

    /**
     * @return names in use, each counted once however many bear it.
     */
    public long nameCount()
    {
        return names.size();
    }

    /**
     * Hands over the gauges of the state: how many there are of everything, and memory: {@code stateBytes} of its records,
     * {@code segmentBytes} of all segments of this process, those reserved and touched ahead among them.
     *
     * @param handler that hears them.
     */
    public void forEachGauge(final GaugeHandler handler)
    {
        handler.onGauge("names", nameCount());
        handler.onGauge("namesRehashed", names.rehashed());
        handler.onGauge("counters", counters.size());
        handler.onGauge("boards", boards.boardCount());
        handler.onGauge("members", boards.memberCount());
        handler.onGauge("unreleasedMembers", boards.unreleasedCount());
        handler.onGauge("sessions", sessions.size());
        handler.onGauge("keptReplyBytes", sessions.keptBytes());
        handler.onGauge("stateBytes", bytes());
        handler.onGauge("segmentBytes", Segment.reservedBytes());
    }

    /**
     * @return off-heap memory of all records.
     */
    public long bytes()
    {
        return names.bytes() + counters.bytes() + boards.bytes() + sessions.bytes();
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(boards, counters, names, sessions, undo);
    }

    private void applyFrame(final long firstSequence, final long lastSequence, final ReplyHandler handler)
    {
        sequence = lastSequence;
        switch (frames.templateId())
        {
            case RequestFrameDecoder.TEMPLATE_ID:
                applyRequest(firstSequence, lastSequence, handler);
                break;

            case SessionOpenFrameDecoder.TEMPLATE_ID:
                sessions.open(
                    frames.sessionId(),
                    frames.tokenHashHigh(),
                    frames.tokenHashLow(),
                    lastSequence,
                    timeNs,
                    limits.sessions());
                handler.onSessionOpened(frames.sessionId());
                break;

            case SessionCloseFrameDecoder.TEMPLATE_ID:
                sessions.close(frames.sessionId());
                break;

            case ExcludedFrameDecoder.TEMPLATE_ID:
                sessions.exclude(frames.sessionId(), lastSequence);
                break;

            case TickFrameDecoder.TEMPLATE_ID:
                break;

            default:
                throw new IllegalStateException("storage templateId=" + frames.templateId());
        }
    }

    private void applyRequest(final long firstSequence, final long lastSequence, final ReplyHandler handler)
    {
        final int sessionId = frames.sessionId();
        final long requestSequence = frames.requestSequence();
        if (!sessions.accepts(sessionId, requestSequence))
        {
            handler.onSessionGone(sessionId, requestSequence);
            return;
        }

        final int length = requests.apply(frames, firstSequence);
        sessions.keep(
            sessionId,
            requestSequence,
            frames.repliesReceivedUpTo(),
            lastSequence,
            timeNs,
            requests.result().addressOffset(),
            length);
        handler.onReply(sessionId, requestSequence, lastSequence, requests.result(), 0, length);
    }
}
