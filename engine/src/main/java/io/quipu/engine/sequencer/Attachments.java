package io.quipu.engine.sequencer;

import io.quipu.transport.ConnectionId;
import org.agrona.collections.Long2ObjectHashMap;

import java.util.Arrays;

/**
 * Which session speaks through which connection: an attachment is a small number that a client names in each Submit.
 * Volatile: no part of the state, lost with the connection. For the sequencer thread; allocates only when more
 * sessions are attached at once than ever before.
 * <pre>
 *   number   31        16 15         0
 *            +-----------+-----------+
 *            |generation |   slot    |      a detached number names nobody, also when its slot is used again
 *            +-----------+-----------+
 *
 *   slot ->  connection id, AttachedSession, next slot of the same connection (or next free slot)
 * </pre>
 */
final class Attachments
{
    /** No attachment: slot 0 is never used. */
    static final int NONE = 0;
    /** Most attachments at once. */
    static final int MAX_ATTACHMENTS = 32 * 1024;

    private static final int SLOT_BITS = 16;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int MAX_GENERATION = 0x7FFF;
    private static final int END = 0;
    private static final int INITIAL_SLOTS = 64;

    private final int maxAttachments;
    private final Long2ObjectHashMap<AttachedSession> sessionByHash = new Long2ObjectHashMap<>();
    private final int[] firstOfConnection = new int[ConnectionId.MAX_SLOTS];

    private int[] connectionIds = new int[INITIAL_SLOTS];
    private int[] generations = new int[INITIAL_SLOTS];
    private int[] nextSlots = new int[INITIAL_SLOTS];
    private AttachedSession[] sessions = new AttachedSession[INITIAL_SLOTS];
    private AttachedSession[] spares = new AttachedSession[INITIAL_SLOTS];
    private int spareCount;
    private int usedSlots = 1;
    private int freeSlot = END;
    private int size;

    /**
     * @param maxAttachments at once.
     */
    Attachments(final int maxAttachments)
    {
        this.maxAttachments = Math.min(maxAttachments, MAX_ATTACHMENTS);
    }

    /**
     * Attaches a session to a connection; the same again gives the same number. A session speaks through one connection: it is
     * taken off any other, so that nothing which is still on its way there can mix with what the client sends from now on.
     * Nothing of the session may be staged.
     *
     * @param connectionId  that it speaks through.
     * @param tokenHashHigh of the session's token.
     * @param tokenHashLow  of the session's token.
     * @param sessionId     in the state, or 0 for a session that is not journaled yet.
     * @return the attachment, or {@link #NONE} when there are too many.
     */
    int attach(final int connectionId, final long tokenHashHigh, final long tokenHashLow, final int sessionId)
    {
        AttachedSession session = sessionByHash.get(tokenHashLow);
        if (null != session && session.tokenHashHigh != tokenHashHigh)
        {
            return NONE;
        }

        if (null != session)
        {
            if (connectionIds[session.slot] == connectionId)
            {
                session.sessionId = sessionId;
                return number(session.slot);
            }
            detach(connectionIds[session.slot], number(session.slot));
        }

        if (size == maxAttachments)
        {
            return NONE;
        }

        session = newSession();
        session.init(tokenHashHigh, tokenHashLow, sessionId);
        sessionByHash.put(tokenHashLow, session);
        return number(link(connectionId, session));
    }

    /**
     * The session behind a number, if it was given to this very connection.
     *
     * @return the session, or null.
     */
    AttachedSession find(final int connectionId, final int attachment)
    {
        final int slot = attachment & SLOT_MASK;
        return slot > 0 && slot < usedSlots && number(slot) == attachment && connectionIds[slot] == connectionId ?
            sessions[slot] :
            null;
    }

    /** Takes a session off its connection; unknown numbers are ignored. */
    void detach(final int connectionId, final int attachment)
    {
        if (null == find(connectionId, attachment))
        {
            return;
        }

        final int slot = attachment & SLOT_MASK;
        final int head = ConnectionId.slot(connectionId);
        if (firstOfConnection[head] == slot)
        {
            firstOfConnection[head] = nextSlots[slot];
        }
        else
        {
            int before = firstOfConnection[head];
            while (nextSlots[before] != slot)
            {
                before = nextSlots[before];
            }

            nextSlots[before] = nextSlots[slot];
        }

        release(slot);
    }

    /** Takes all sessions off a connection that is gone. */
    void detachAll(final int connectionId)
    {
        int slot = head(connectionId);
        if (slot != END)
        {
            firstOfConnection[ConnectionId.slot(connectionId)] = END;
        }

        while (slot != END)
        {
            final int next = nextSlots[slot];
            release(slot);
            slot = next;
        }
    }

    /** Attachments now. */
    int size()
    {
        return size;
    }

    /** First slot of a connection; END also where the chain belongs to another generation of its slot. */
    private int head(final int connectionId)
    {
        final int slot = firstOfConnection[ConnectionId.slot(connectionId)];
        return slot != END && connectionIds[slot] == connectionId ? slot : END;
    }

    private int number(final int slot)
    {
        return generations[slot] << SLOT_BITS | slot;
    }

    private int link(final int connectionId, final AttachedSession session)
    {
        final int slot;
        if (freeSlot != END)
        {
            slot = freeSlot;
            freeSlot = nextSlots[slot];
        }
        else
        {
            slot = usedSlots++;
            if (slot == sessions.length)
            {
                grow();
            }
        }

        final int head = ConnectionId.slot(connectionId);
        connectionIds[slot] = connectionId;
        sessions[slot] = session;
        nextSlots[slot] = firstOfConnection[head];
        firstOfConnection[head] = slot;
        session.slot = slot;
        size++;
        return slot;
    }

    private void release(final int slot)
    {
        final AttachedSession session = sessions[slot];
        sessions[slot] = null;
        connectionIds[slot] = ConnectionId.NULL_VALUE;
        generations[slot] = generations[slot] == MAX_GENERATION ? 0 : generations[slot] + 1;
        nextSlots[slot] = freeSlot;
        freeSlot = slot;
        size--;

        sessionByHash.remove(session.tokenHashLow);
        keepSpare(session);
    }

    private AttachedSession newSession()
    {
        return spareCount > 0 ? spares[--spareCount] : new AttachedSession();
    }

    private void keepSpare(final AttachedSession session)
    {
        if (spareCount < spares.length)
        {
            spares[spareCount++] = session;
        }
    }

    private void grow()
    {
        final int length = sessions.length * 2;
        connectionIds = Arrays.copyOf(connectionIds, length);
        generations = Arrays.copyOf(generations, length);
        nextSlots = Arrays.copyOf(nextSlots, length);
        sessions = Arrays.copyOf(sessions, length);
        spares = Arrays.copyOf(spares, length);
    }
}
