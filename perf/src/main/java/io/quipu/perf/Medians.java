package io.quipu.perf;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The middle of a few rounds.
 */
final class Medians
{
    private Medians()
    {
    }

    /** Median of one figure of each; of an even number, the mean of the two in the middle. */
    static <T> double of(final List<T> rounds, final ToDoubleFunction<T> figure)
    {
        final double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
