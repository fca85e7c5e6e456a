package io.quipu.perf.apply;

import org.agrona.collections.IntArrayList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long each step of a piece of work took, in rounds that do exactly the same. A machine that stands still now and
 * then hits another step in each round; what is the work's own comes again at the same step. So of each step the
 * median of the rounds is taken, and of these the longest.
 * <pre>
 *   round 1   2 2 3 2 9 2 2 7 2       a pause of the machine, and one of the work
 *   round 2   2 8 2 2 2 2 2 7 2
 *   round 3   2 2 3 2 2 2 2 8 2
 *   median    2 2 3 2 2 2 2 7 2       longest 7; of all 9
 * </pre>
 */
final class Pauses
{
    private final List<IntArrayList> rounds = new ArrayList<>();
    private IntArrayList round;
    private long longestNs;

    /** Begins a round. */
    void begin()
    {
        round = new IntArrayList();
        rounds.add(round);
    }

    /**
     * The next step of this round.
     *
     * @param tookNs how long it took.
     */
    void add(final long tookNs)
    {
        longestNs = Math.max(longestNs, tookNs);
        round.addInt((int)Math.min(Integer.MAX_VALUE, tookNs));
    }

    /**
     * @return steps of a round.
     */
    int steps()
    {
        return round.size();
    }

    /**
     * @return the longest of all steps of all rounds.
     */
    long longestNs()
    {
        return longestNs;
    }

    /**
     * @return the longest median of a step.
     * @throws IllegalStateException when the rounds did not have the same steps.
     */
    long longestMedianNs()
    {
        long longest = 0;
        final int[] step = new int[rounds.size()];
        for (int i = 0; i < steps(); i++)
        {
            for (int r = 0; r < step.length; r++)
            {
                if (rounds.get(r).size() != steps())
                {
                    throw new IllegalStateException(
                        "rounds of " + steps() + " and " + rounds.get(r).size() + " steps are not the same work");
                }
                step[r] = rounds.get(r).getInt(i);
            }
            Arrays.sort(step);
            longest = Math.max(longest, step[step.length / 2]);
        }

        return longest;
    }
}
