package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.quipu.codecs.egress.ResultCode;

/**
 * The whole state machine once more, as plainly as it can be said: it decodes the same storage frames by a decoder of
 * its own, keeps everything in maps and lists, and answers with the bytes that each reply should have.
 */
public final class Twin
{
    private static final class Session
    {
        final int id;
        final long hashHigh;
        final long hashLow;
        long lastRequest;
        long lastSequence;
        long lastTimeNs;
        final TreeMap<Long, byte[]> kept = new TreeMap<>();

        Session(final int id, final long hashHigh, final long hashLow)
        {
            this.id = id;
            this.hashHigh = hashHigh;
            this.hashLow = hashLow;
        }
    }

    /** What apply says: a reply's bytes, or a text. */
    public record Event(int sessionId, long requestSequence, byte[] reply, String text)
    {
    }

    /** How often each code was answered, and how often other rare things happened: a run that misses one proves little. */
    final Map<String, Integer> coverage = new TreeMap<>();
    TwinState state = new TwinState();
    /** The one whose last request is oldest first. */
    private final Map<Integer, Session> sessions = new LinkedHashMap<>();
    private int nextSessionId = 1;
    private long evictedUpTo;
    private long sequence;
    private int commandCount;

    private final ByteBuffer reply = ByteBuffer.allocate(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer in;
    private TwinBoard board;
    private boolean isByHandle;

    public List<Event> apply(final byte[] body, final long timeNs)
    {
        final List<Event> events = new ArrayList<>();
        in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining())
        {
            final int start = in.position();
            final int blockLength = in.getShort();
            final int template = in.getShort();
            in.getInt();
            final int block = in.position();
            final int entries = template == 1 ? in.getShort(block + 24) & 0xFFFF : 1;
            expire(timeNs);
            state.release(64L * entries);
            switch (template)
            {
                case 1:
                    request(block, blockLength, timeNs, events);
                    break;

                case 2:
                    open(block, timeNs, events);
                    break;

                case 3:
                    sessions.remove(in.getInt(block));
                    in.position(block + blockLength);
                    break;

                default:
                    in.position(block + blockLength);
                    break;
            }
            sequence += entries;
            in.position(start + (in.position() - start + 7) / 8 * 8);
        }
        return events;
    }

    /** Begins anew with nothing. */
    public void clear()
    {
        state = new TwinState();
        sessions.clear();
        nextSessionId = 1;
        evictedUpTo = 0;
        sequence = 0;
    }

    byte[] kept(final int sessionId, final long requestSequence)
    {
        return sessions.containsKey(sessionId) ? sessions.get(sessionId).kept.get(requestSequence) : null;
    }

    int sessionCount()
    {
        return sessions.size();
    }

    public boolean isOpen(final int sessionId)
    {
        return sessions.containsKey(sessionId);
    }

    int nextSessionId()
    {
        return nextSessionId;
    }

    long evictedUpTo()
    {
        return evictedUpTo;
    }

    /** Commands really answered: not those behind the refusal of an ATOMIC request. */
    int commandCount()
    {
        return commandCount;
    }

    public long sequence()
    {
        return sequence;
    }

    public String digest()
    {
        final TwinDigest digest = new TwinDigest();
        state.digest(digest);
        digest.add(11, nextSessionId, evictedUpTo);
        sessions.values().forEach(session ->
        {
            digest.add(
                9,
                session.id,
                session.hashHigh,
                session.hashLow,
                session.lastRequest,
                session.lastSequence,
                session.lastTimeNs);
            session.kept.forEach((request, reply) ->
                digest.add(10, session.id, request, reply.length, TwinDigest.hash(reply)));
        });
        return digest.toString();
    }

    private void cover(final String what)
    {
        coverage.merge(what, 1, Integer::sum);
    }

    // ---- sessions ----

    private void expire(final long timeNs)
    {
        for (int i = 0; i < 4 && !sessions.isEmpty(); i++)
        {
            final Session oldest = sessions.values().iterator().next();
            if (timeNs - oldest.lastTimeNs <= 7L * 24 * 3600 * 1_000_000_000L)
            {
                return;
            }
            evict(oldest);
        }
    }

    private void evict(final Session session)
    {
        cover("evicted");
        sessions.remove(session.id);
        evictedUpTo = Math.max(evictedUpTo, session.lastSequence);
    }

    private void open(final int block, final long timeNs, final List<Event> events)
    {
        final Session session = new Session(in.getInt(block + 16), in.getLong(block), in.getLong(block + 8));
        session.lastSequence = sequence + 1;
        session.lastTimeNs = timeNs;
        for (final Session known : List.copyOf(sessions.values()))
        {
            if (known.hashHigh == session.hashHigh && known.hashLow == session.hashLow)
            {
                evict(known);
            }
        }
        for (final Iterator<Session> oldest = List.copyOf(sessions.values()).iterator();
            sessions.size() >= state.limits[TwinState.SESSIONS];)
        {
            evict(oldest.next());
        }
        sessions.put(session.id, session);
        nextSessionId++;
        events.add(new Event(session.id, 0, null, "opened"));
        in.position(block + 24);
    }

    private void request(final int block, final int blockLength, final long timeNs, final List<Event> events)
    {
        final long requestSequence = in.getLong(block);
        final long receivedUpTo = in.getLong(block + 8);
        final int sessionId = in.getInt(block + 16);
        final int length = in.getInt(block + 20);
        final int commands = in.getShort(block + 24) & 0xFFFF;
        final int form = in.get(block + 26);
        final boolean isAtomic = in.get(block + 27) == 1;
        final int end = block + blockLength + length;
        final Session session = sessions.get(sessionId);
        if (session == null)
        {
            in.position(end);
            events.add(new Event(sessionId, requestSequence, null, "gone"));
            cover("gone");
            return;
        }

        final TwinState before = isAtomic ? state.copy() : null;
        final List<TwinState.Answer> answers = new ArrayList<>();
        in.position(block + blockLength);
        final boolean isWide = commands(end, isAtomic, answers);
        final TwinState.Answer last = answers.get(answers.size() - 1);
        final boolean isRefused = isAtomic && last.code() != ResultCode.OK;
        if (isRefused)
        {
            state = before;
            cover("taken back");
        }
        in.position(end);

        reply.clear();
        final int template = form == 0 ? 10 : form == 2 ? 13 : isWide ? 12 : 11;
        reply.putShort((short)25).putShort((short)template).putShort((short)7402).putShort((short)0);
        reply.putLong(requestSequence).putLong(sequence + 1).putInt(sessionId).putShort((short)commands);
        reply.putShort((short)(isRefused ? answers.size() - 1 : 65535));
        reply.put((byte)(isRefused ? last.code().value() : 0));
        rows(template, isRefused ? List.of() : answers);
        final byte[] bytes = new byte[reply.position()];
        reply.flip().get(bytes);

        session.lastRequest = requestSequence;
        session.lastSequence = sequence + commands;
        session.lastTimeNs = timeNs;
        sessions.remove(sessionId);
        sessions.put(sessionId, session);
        session.kept.headMap(receivedUpTo, true).clear();
        session.kept.put(requestSequence, bytes);
        events.add(new Event(sessionId, requestSequence, bytes, null));
    }

    private void rows(final int template, final List<TwinState.Answer> answers)
    {
        final int[] lengths = { 3, 9, 34, 50 };
        final int groupAt = reply.position();
        int rows = 0;
        reply.putInt(0);
        for (int i = 0; i < answers.size(); i++)
        {
            final TwinState.Answer answer = answers.get(i);
            final long[] values = new long[4];
            System.arraycopy(answer.columns(), 0, values, 0, answer.columns().length);
            if (template == 10 && answer.code() == ResultCode.OK)
            {
                continue;
            }
            rows++;
            if (template == 10)
            {
                reply.putShort((short)i);
            }
            for (int column = 0; column < (template == 10 ? 0 : template == 11 ? 1 : 4); column++)
            {
                reply.putLong(values[column]);
            }
            if (template == 13)
            {
                reply.putLong(answer.oldRank()).putLong(answer.newRank());
            }
            if (template >= 12)
            {
                reply.put((byte)answer.columns().length);
            }
            reply.put((byte)answer.code().value());
        }
        reply.putShort(groupAt, (short)lengths[template - 10]).putShort(groupAt + 2, (short)rows);
    }

    // ---- commands ----

    /** Applies commands up to the first refusal of an ATOMIC request; tells whether any run may answer several values. */
    private boolean commands(final int end, final boolean isAtomic, final List<TwinState.Answer> answers)
    {
        boolean isWide = false;
        boolean isOver = false;
        board = null;
        byte[] boardName = null;
        long boardHandle = 0;
        while (in.position() < end)
        {
            final int blockLength = in.getShort();
            final int template = in.getShort();
            in.getInt();
            final int block = in.position();
            isWide |= template == 22 || template == 34 || template == 36;
            in.position(block + blockLength);
            if (template == 12)
            {
                boardHandle = in.getLong(block);
                boardName = nameBytes();
                continue;
            }

            selectBoard(boardName, boardHandle);
            final boolean isRun = template != 30 && template != 31 && template != 32 && template != 40;
            final int entryLength = isRun ? in.getShort() : blockLength;
            final int count = isRun ? in.getShort() & 0xFFFF : 1;
            if (!isRun)
            {
                in.position(block);
            }
            for (int i = 0; i < count; i++)
            {
                final int entry = in.position();
                in.position(entry + entryLength);
                final String name = template == 20 || template == 31 || template == 32 || template == 35 ||
                    template == 40 ? null : name();
                final String columns = template == 30 ? name() : null;
                if (!isOver)
                {
                    final TwinState.Answer answer =
                        command(template, entry, name, columns, sequence + 1 + answers.size());
                    answers.add(answer);
                    commandCount++;
                    cover(answer.code().name());
                    isOver = isAtomic && answer.code() != ResultCode.OK;
                }
            }
        }
        return isWide;
    }

    private void selectBoard(final byte[] boardName, final long boardHandle)
    {
        isByHandle = boardName == null || boardName.length == 0;
        board = isByHandle ? state.board(boardHandle) : state.boards.get(new String(boardName, ISO_8859_1));
    }

    private TwinState.Answer command(
        final int template, final int entry, final String name, final String columnNames, final long at)
    {
        switch (template)
        {
            case 20:
                return state.addByHandle(in.getLong(entry), in.getLong(entry + 8));

            case 21:
                return state.add(name, in.getLong(entry));

            case 22:
                return state.addBounded(
                    name,
                    in.getLong(entry),
                    in.getLong(entry + 8),
                    in.getLong(entry + 16),
                    in.get(entry + 24) == 1);

            case 23:
                return state.put(name, in.getLong(entry));

            case 24:
                return state.delete(name);

            case 30:
                return state.create(at, name, new BoardSpec(
                    in.get(entry) & 0xFF,
                    in.get(entry + 1) & 0xFF,
                    in.get(entry + 2) & 0xFF,
                    in.get(entry + 3) & 0xFF,
                    in.getShort(entry + 4) & 0xFFFF,
                    in.getLong(entry + 8),
                    columnNames));

            case 35:
                return state.scoreByHandle(at, in.getLong(entry), in.getLong(entry + 8));

            case 40:
                return state.limit(in.get(entry + 8) & 0xFF, in.getLong(entry), sessions.size());

            default:
                return board == null ?
                    TwinState.Answer.of(isByHandle ? ResultCode.STALE_HANDLE : ResultCode.NO_SUCH_BOARD) :
                    boardCommand(template, entry, name, at);
        }
    }

    private TwinState.Answer boardCommand(final int template, final int entry, final String name, final long at)
    {
        switch (template)
        {
            case 31:
                return state.drop(at, board);

            case 32:
                return state.reset(at, board);

            case 33:
                return state.score(at, board, name, in.getLong(entry));

            case 34:
                final long[] values = new long[in.get(entry + 32) & 0xFF];
                for (int i = 0; i < values.length; i++)
                {
                    values[i] = i < 4 ? in.getLong(entry + 8 * i) : 0;
                }
                return state.score(at, board, name, values);

            default:
                return state.remove(board, name);
        }
    }

    private byte[] nameBytes()
    {
        final byte[] bytes = new byte[in.get() & 0xFF];
        in.get(bytes);
        return bytes;
    }

    private String name()
    {
        return new String(nameBytes(), ISO_8859_1);
    }
}
