package io.quipu.engine.exhaustive;

import io.quipu.engine.exhaustive.WrittenJournal.Place;
import io.quipu.journal.Verdict;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Knows what was written, and what of it was durable, and so what a start on damaged files must conclude:
 * <ul>
 * <li>it serves exactly the state behind the last record of those that can be read from the first on;</li>
 * <li>nothing that an intact record names as durable is missing from it, else it is refused;</li>
 * <li>damage behind the durable sequence does not refuse it;</li>
 * <li>refused, it left every byte as it was, and says where the damage is.</li>
 * </ul>
 * Bytes are those of the cycles by number, in any map; a cycle may be longer than was written.
 */
final class Oracle
{
    private final WrittenJournal journal;
    private final SortedMap<Integer, byte[]> written;
    private final long knownDurable;
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private int starts;

    /**
     * @param journal that was written.
     * @param written its bytes.
     */
    Oracle(final WrittenJournal journal, final SortedMap<Integer, byte[]> written)
    {
        this(journal, written, 0);
    }

    /**
     * @param journal      that was written.
     * @param written      its bytes.
     * @param knownDurable what the superblock says.
     */
    Oracle(final WrittenJournal journal, final SortedMap<Integer, byte[]> written, final long knownDurable)
    {
        this.journal = journal;
        this.knownDurable = knownDurable;
        this.written = copy(written);
    }

    static SortedMap<Integer, byte[]> copy(final SortedMap<Integer, byte[]> cycles)
    {
        final SortedMap<Integer, byte[]> copy = new TreeMap<>();
        cycles.forEach((cycle, bytes) -> copy.put(cycle, bytes.clone()));
        return copy;
    }

    WrittenJournal journal()
    {
        return journal;
    }

    /** A copy of all bytes, to be damaged. */
    SortedMap<Integer, byte[]> bytes()
    {
        return copy(written);
    }

    byte[] bytes(final int cycle)
    {
        return written.get(cycle);
    }

    int firstCycle()
    {
        return written.firstKey();
    }

    int lastCycle()
    {
        return written.lastKey();
    }

    /** End of the last document of a cycle. */
    int end(final int cycle)
    {
        return journal.places().stream()
            .filter(place -> place.cycle() == cycle).mapToInt(place -> (int)place.end()).max().orElseThrow();
    }

    /**
     * @param what   was done.
     * @param before damaged bytes as the start found them.
     * @param start  on these.
     * @param after  bytes as the start left them.
     * @param isTail whether what cannot be read is refused only when it was durable: no crash puts whole cycles in
     *               other places, that is refused always.
     */
    void judge(
        final String what,
        final SortedMap<Integer, byte[]> before,
        final Start start,
        final SortedMap<Integer, byte[]> after,
        final boolean isTail)
    {
        starts++;
        verdicts.merge(start.verdict(), 1, Integer::sum);
        final int readable = readable(before);
        final long durable = durable(before);
        if (start.isRefused())
        {
            final boolean isTorn = isTail && readable < journal.places().size();
            judgeRefusal(what, start, isTorn, journal.sequence(readable), durable);
            assertUntouched(what, before, after);
            return;
        }

        final int records = (int)start.records();
        if (records > readable ||
            start.sequence() != journal.sequence(records) ||
            !start.digest().equals(journal.digest(records)))
        {
            fail("%s: %s, of %d readable records", what, start, readable);
        }
        if (start.sequence() < durable)
        {
            fail("%s: %s, but %d is durable", what, start, durable);
        }
    }

    private static void judgeRefusal(
        final String what, final Start start, final boolean isTail, final long readable, final long durable)
    {
        assertThat(start.verdict()).as(what + " " + start).isIn(Verdict.CORRUPT, Verdict.GAP);
        assertThat(start.line()).as(what).contains("offset").contains("sequence");
        if (isTail && readable >= durable)
        {
            fail("%s: refused, %s, though only what is behind sequence %d is damaged", what, start, durable);
        }
    }

    private static void assertUntouched(
        final String what, final SortedMap<Integer, byte[]> before, final SortedMap<Integer, byte[]> after)
    {
        assertThat(after.keySet()).as(what).isEqualTo(before.keySet());
        before.forEach((cycle, bytes) ->
        {
            if (!Arrays.equals(bytes, after.get(cycle)))
            {
                fail("%s: a refused start changed cycle %d", what, cycle);
            }
        });
    }

    /** How many records from the first on stand where they were written. */
    int readable(final SortedMap<Integer, byte[]> damaged)
    {
        int count = 0;
        while (count < journal.places().size() && isIntact(journal.places().get(count), damaged))
        {
            count++;
        }
        return count;
    }

    private long durable(final SortedMap<Integer, byte[]> damaged)
    {
        long durable = knownDurable;
        for (final Place place : journal.places())
        {
            if (place.durableSequence() > durable && isIntact(place, damaged))
            {
                durable = place.durableSequence();
            }
        }
        return durable;
    }

    private boolean isIntact(final Place place, final SortedMap<Integer, byte[]> damaged)
    {
        final byte[] bytes = damaged.get(place.cycle());
        final int from = (int)place.position();
        final int to = (int)place.end();
        return bytes != null && bytes.length >= to &&
            Arrays.equals(written.get(place.cycle()), from, to, bytes, from, to);
    }

    int starts()
    {
        return starts;
    }

    int count(final Verdict verdict)
    {
        return verdicts.getOrDefault(verdict, 0);
    }

    /** One line of figures. */
    void print(final String what)
    {
        System.out.println(what + ": " + starts + " starts " + verdicts);
    }
}
