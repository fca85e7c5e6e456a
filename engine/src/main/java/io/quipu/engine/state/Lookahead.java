package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.AddByHandleDecoder;
import io.quipu.codecs.ingress.AddDecoder;
import io.quipu.codecs.ingress.DeleteDecoder;
import io.quipu.codecs.ingress.GetRanksDecoder;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ScoreByHandleDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import io.quipu.codecs.ingress.ScoreDecoder;
import io.quipu.codecs.ingress.SetDecoder;
import org.agrona.DirectBuffer;

/**
 * Reads ahead what the next commands of a run will need, so that the processor waits for many cache lines at once instead of
 * for one behind the other. Alone, an add by name follows three pointers to memory, each known only when the one before has
 * arrived; here each pass over the commands of a window takes one step for all of them:
 * <pre>
 *   command        1       2       3       4     ..   WINDOW
 *   pass 1       hash    hash    hash    hash       of the name; touches its bucket of the index
 *   pass 2      bearer  bearer  bearer  bearer      who is found there; touches the counter's or member's record
 *   pass 3       name    name    name    name       of the bearer; touches its bytes         (of a member also its leaf)
 *   apply        bytes compared, and in order, every line in the first or second level cache
 * </pre>
 * A pass changes nothing, so what is applied does not depend on it. What it found is used again only while no counter came or
 * went since ({@link CounterTable#changes()}); otherwise the command looks for itself, with the hash that it has already.
 * <p>
 * Touched values are added up in a field, so that no compiler takes the loads for useless. One thread.
 */
final class Lookahead
{
    /** Commands in a window: their lines are to stay in the first level cache until they are applied. */
    static final int WINDOW = 128;

    private final NameTable names;
    private final CounterTable counters;
    private final Boards boards;

    private final int[] nameOffsets = new int[WINDOW];
    private final int[] nameLengths = new int[WINDOW];
    private final long[] hashes = new long[WINDOW];
    /** Bearers, then ids of counters or members, then leaves. */
    private final int[] found = new int[WINDOW];
    /** Leaves of the members found. */
    private final int[] leaves = new int[WINDOW];
    private final RankLookahead targets = new RankLookahead(WINDOW);
    /** What the next pass will read. */
    private final long[] addresses = new long[WINDOW];

    private long countersChanges;
    private int count;
    private int next;
    private long touched;

    Lookahead(final NameTable names, final CounterTable counters, final Boards boards)
    {
        this.names = names;
        this.counters = counters;
        this.boards = boards;
    }

    /**
     * Looks at the commands of a window, from the one visited last on.
     *
     * @param runs  that stand on a command; they are not moved.
     * @param board that the run is on, null for none.
     * @return how many commands it has looked at, at least 1: so many may be applied before it is called again.
     */
    int look(final CommandRuns runs, final Board board)
    {
        count = Math.min(WINDOW, runs.remaining() + 1);
        next = 0;
        switch (runs.templateId())
        {
            case AddByHandleDecoder.TEMPLATE_ID:
                touchByHandle(runs, AddByHandleDecoder.AddsDecoder.handleEncodingOffset(), counters.ids());
                break;

            case AddDecoder.TEMPLATE_ID:
            case AddBoundedDecoder.TEMPLATE_ID:
            case SetDecoder.TEMPLATE_ID:
            case DeleteDecoder.TEMPLATE_ID:
                findBearers(runs);
                findCounters(runs.buffer());
                break;

            case ScoreByHandleDecoder.TEMPLATE_ID:
                touchByHandle(
                    runs, ScoreByHandleDecoder.ScoresDecoder.handleEncodingOffset(), boards.members().ids());
                findMembers(runs, ScoreByHandleDecoder.ScoresDecoder.handleEncodingOffset());
                touchLeaves();
                touchTargets(runs, null, ScoreByHandleDecoder.ScoresDecoder.valueEncodingOffset());
                break;

            case ScoreDecoder.TEMPLATE_ID:
            case ScoreColumnsDecoder.TEMPLATE_ID:
                if (touchMembers(runs, board))
                {
                    touchTargets(runs, board.ranking(), runs.templateId() == ScoreDecoder.TEMPLATE_ID ?
                        ScoreDecoder.ScoresDecoder.valueEncodingOffset() :
                        ScoreColumnsDecoder.ScoresDecoder.value0EncodingOffset());
                }
                break;

            case RemoveDecoder.TEMPLATE_ID:
            case GetRanksDecoder.TEMPLATE_ID:
                touchMembers(runs, board);
                break;

            default:
                break;
        }

        return count;
    }

    /**
     * The counter of the next command by name of the window.
     *
     * @param buffer that holds its name.
     * @return id of the counter, or {@link CounterTable#NULL_COUNTER}.
     */
    int nextCounter(final DirectBuffer buffer)
    {
        final int i = next++;

        return countersChanges == counters.changes() ?
            found[i] :
            counters.find(buffer, nameOffsets[i], nameLengths[i], hashes[i]);
    }

    private void touchByHandle(final CommandRuns runs, final int handleOffset, final IdTable ids)
    {
        final DirectBuffer buffer = runs.buffer();
        final int blockLength = runs.entryBlockLength();
        int offset = runs.entryOffset() + handleOffset;
        for (int i = 0; i < count; i++)
        {
            addresses[i] = ids.addressNear(buffer.getLong(offset, LITTLE_ENDIAN));
            offset += blockLength;
        }
        touch();
    }

    /** Passes 1 to 3: who bears the commands' names, as far as their hashes tell. */
    private void findBearers(final CommandRuns runs)
    {
        final DirectBuffer buffer = runs.buffer();
        final int blockLength = runs.entryBlockLength();
        int offset = runs.entryOffset();
        for (int i = 0; i < count; i++)
        {
            final int length = buffer.getByte(offset + blockLength) & 0xFF;
            final int nameOffset = offset + blockLength + 1;
            final long hash = names.hash(buffer, nameOffset, length);
            nameOffsets[i] = nameOffset;
            nameLengths[i] = length;
            hashes[i] = hash;
            addresses[i] = names.bucket(hash);
            offset = nameOffset + length;
        }
        touch();

        for (int i = 0; i < count; i++)
        {
            final int bearer = names.candidate(hashes[i]);
            found[i] = bearer;
            if (bearer != Bearer.NONE)
            {
                addresses[i] = names.bearerAddress(bearer);
            }
        }
        touch();

        for (int i = 0; i < count; i++)
        {
            if (found[i] != Bearer.NONE)
            {
                addresses[i] = names.address(names.nameId(found[i]));
            }
        }
        touch();
    }

    /** Compares the names, and reads the counters of those that are shared. */
    private void findCounters(final DirectBuffer buffer)
    {
        countersChanges = counters.changes();
        for (int i = 0; i < count; i++)
        {
            final int id = found[i] == Bearer.NONE ?
                CounterTable.NULL_COUNTER :
                counters.find(buffer, nameOffsets[i], nameLengths[i], hashes[i]);
            found[i] = id;
            addresses[i] = counters.ids().address(id);
        }
        touch();
    }

    /** From bearers to members, with two passes more for those whose names are shared. */
    private void findMembers(final Ranking ranking)
    {
        final MemberTable members = boards.members();
        boolean anyShared = false;
        for (int i = 0; i < count; i++)
        {
            if (Bearer.isShared(found[i]))
            {
                anyShared = true;
                addresses[i] = members.bucket(ranking.id, found[i]);
            }
        }
        if (anyShared)
        {
            touch();
        }

        for (int i = 0; i < count; i++)
        {
            found[i] = members.candidate(ranking.id, found[i]);
            addresses[i] = members.address(found[i]);
        }
        if (anyShared)
        {
            touch();
        }
    }

    private void findMembers(final CommandRuns runs, final int handleOffset)
    {
        final IdTable ids = boards.members().ids();
        int offset = runs.entryOffset() + handleOffset;
        for (int i = 0; i < count; i++)
        {
            found[i] = ids.byHandle(runs.buffer().getLong(offset, LITTLE_ENDIAN));
            offset += runs.entryBlockLength();
        }
    }

    /** All passes for members by name. A single command has nothing to overlap with. */
    private boolean touchMembers(final CommandRuns runs, final Board board)
    {
        final boolean isWorthIt = board != null && count > 1;
        if (isWorthIt)
        {
            findBearers(runs);
            findMembers(board.ranking());
            touchLeaves();
        }

        return isWorthIt;
    }

    /** The last pass, for members: the whole leaf of each, since a change may shift what stands behind it. */
    private void touchLeaves()
    {
        final MemberTable members = boards.members();
        final Rankings rankings = boards.rankings();
        for (int i = 0; i < count; i++)
        {
            leaves[i] = found[i] == MemberTable.NULL_MEMBER ? 0 : members.leaf(found[i]);
        }

        long sum = touched;
        for (int i = 0; i < count; i++)
        {
            sum += leaves[i] == 0 ? 0 : rankings.touch(leaves[i]);
        }
        touched = sum;
    }

    /** The leaves where the members will stand, of one ranking or, by handle, of each member's own. */
    private void touchTargets(final CommandRuns runs, final Ranking ranking, final int valueOffset)
    {
        final MemberTable members = boards.members();
        final Rankings rankings = boards.rankings();
        targets.clear();
        int offset = runs.entryOffset() + valueOffset;
        for (int i = 0; i < count; i++)
        {
            final int member = found[i];
            final long value = runs.buffer().getLong(offset, LITTLE_ENDIAN);
            if (member != MemberTable.NULL_MEMBER && members.ids().isLive(member))
            {
                targets.add(rankings.byId(members.ranking(member)), member, value);
            }
            else if (ranking != null)
            {
                targets.add(ranking, member, value);
            }
            offset += ranking == null ? runs.entryBlockLength() : runs.entryBlockLength() + 1 + nameLengths[i];
        }
        touched += targets.touch();
    }

    /**
     * Reads all addresses. Nothing else is in this loop, since the processor looks only so many instructions ahead: the
     * shorter the loop, the more misses are under way at once.
     */
    private void touch()
    {
        long sum = touched;
        for (int i = 0; i < count; i++)
        {
            sum += OffHeap.getInt(addresses[i]);
        }
        touched = sum;
    }
}
