package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;

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
 *   names        passes of {@link NameLookahead}: who bears the name; touches the counter's or member's record
 *   member       leaf    leaf    leaf    leaf       where it stands; touches all of the leaf
 *   member      target  target  target  target      passes of {@link RankLookahead}: where it will stand
 *   apply        in order, every line in the first or second level cache
 * </pre>
 * A pass changes nothing, so what is applied does not depend on it. What was found is handed on to the command that needs it
 * ({@link #nextCounter}, {@link #nextMember}), which looks no second time: a name that has a counter or member keeps it while
 * none goes ({@link CounterTable#departures()}, {@link MemberTable#departures()}). A name that had none is looked for again,
 * since a command of the window may have created it; its lines are there.
 * <p>
 * Touched values are added up in a field, so that no compiler takes the loads for useless. One thread.
 */
final class Lookahead
{
    /** Commands in a window: their lines are to stay in the first level cache until they are applied. */
    static final int WINDOW = 128;

    private final CounterTable counters;
    private final Boards boards;
    private final NameLookahead byName;

    /** Ids of the counters or members found. */
    private final int[] found = new int[WINDOW];
    private final RankLookahead ranks;
    private final Sighting sighting = new Sighting();
    /** What the next pass will read. */
    private final long[] addresses = new long[WINDOW];

    /** Departures when the window was looked at. */
    private long departures;
    private int count;
    private int next;
    private long touched;

    Lookahead(final NameTable names, final CounterTable counters, final Boards boards)
    {
        this.counters = counters;
        this.boards = boards;
        byName = new NameLookahead(names, WINDOW);
        ranks = new RankLookahead(boards.members(), boards.rankings(), WINDOW);
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
                findCounters(runs);
                break;

            case ScoreByHandleDecoder.TEMPLATE_ID:
                touchByHandle(
                    runs, ScoreByHandleDecoder.ScoresDecoder.handleEncodingOffset(), boards.members().ids());
                findMembers(runs, ScoreByHandleDecoder.ScoresDecoder.handleEncodingOffset());
                ranks.touchLeaves(found, count);
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

            case GetRanksDecoder.TEMPLATE_ID:
                if (touchMembers(runs, board))
                {
                    ranks.findPlaces(found, count);
                }
                break;

            case RemoveDecoder.TEMPLATE_ID:
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
        final int id = found[i];

        return id != CounterTable.NULL_COUNTER && departures == counters.departures() ?
            id :
            counters.find(buffer, byName.offset(i), byName.length(i), byName.hash(i));
    }

    /**
     * What was seen of the member of the next score, or of the next rank, of the window.
     *
     * @return it, good until the next call; by name without a member where that is to be looked for.
     */
    Sighting nextMember()
    {
        final int i = next++;
        final int member = departures == boards.members().departures() ? found[i] : MemberTable.NULL_MEMBER;

        return sighting.set(member, ranks.place(i), ranks.target(i));
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

    private void findCounters(final CommandRuns runs)
    {
        byName.look(runs, count);
        departures = counters.departures();
        for (int i = 0; i < count; i++)
        {
            found[i] = counters.ofBearer(byName.bearer(i));
        }
    }

    /** From bearers to members, as far as their names tell; with two passes more for those whose names are shared. */
    private void findMembers(final Ranking ranking)
    {
        final MemberTable members = boards.members();
        boolean anyShared = false;
        for (int i = 0; i < count; i++)
        {
            addresses[i] = members.address(MemberTable.NULL_MEMBER);
            if (Bearer.isShared(byName.bearer(i)))
            {
                anyShared = true;
                addresses[i] = members.bucket(ranking.id, byName.bearer(i));
            }
        }
        if (anyShared)
        {
            touch();
        }

        for (int i = 0; i < count; i++)
        {
            found[i] = members.candidate(ranking.id, byName.bearer(i));
            addresses[i] = members.address(found[i]);
        }
        if (anyShared)
        {
            touch();
        }
    }

    /** Leaves out members of other rankings: their leaves, which say so, are there. */
    private void settleMembers(final Ranking ranking)
    {
        final MemberTable members = boards.members();
        departures = members.departures();
        for (int i = 0; i < count; i++)
        {
            found[i] = members.find(ranking.id, byName.bearer(i));
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
            byName.look(runs, count);
            findMembers(board.ranking());
            ranks.touchLeaves(found, count);
            settleMembers(board.ranking());
        }
        else
        {
            Arrays.fill(found, 0, count, MemberTable.NULL_MEMBER);
            ranks.clear(count);
        }

        return isWorthIt;
    }

    /** The leaves where the members will stand, of one ranking or, by handle, of each member's own. */
    private void touchTargets(final CommandRuns runs, final Ranking ranking, final int valueOffset)
    {
        int offset = runs.entryOffset() + valueOffset;
        for (int i = 0; i < count; i++)
        {
            ranks.add(i, found[i], ranking, runs.buffer().getLong(offset, LITTLE_ENDIAN));
            offset += ranking == null ? runs.entryBlockLength() : runs.entryBlockLength() + 1 + byName.length(i);
        }
        ranks.touchTargets();
    }

    private void touch()
    {
        touched += OffHeap.readAll(addresses, count);
    }
}
