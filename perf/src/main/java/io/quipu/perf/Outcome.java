package io.quipu.perf;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the measurement of one target brought; everything was verified before it was made. Filled by one thread.
 */
final class Outcome
{
    private final BenchTarget target;
    private final List<Figure> figures = new ArrayList<>();
    private final Map<String, Object> conditions = new LinkedHashMap<>();
    private final Map<String, Histogram> histogramsNs = new LinkedHashMap<>();
    private final List<Cost> costs = new ArrayList<>();
    private String peer;
    private Double peerValue;
    private Figure ratio;

    Outcome(final BenchTarget target)
    {
        this.target = target;
    }

    /** Adds a figure; the first is the one by which the target is known. */
    Outcome figure(final Figure figure)
    {
        figures.add(figure);
        return this;
    }

    /** Adds a circumstance; a number, a truth or text. */
    Outcome condition(final String name, final Object value)
    {
        conditions.put(name, value);
        return this;
    }

    /** Adds a latency distribution, for the report. */
    Outcome histogram(final String name, final Histogram latencyNs)
    {
        histogramsNs.put(name, latencyNs);
        return this;
    }

    /** Adds a point of a curve: cost against size, for the report. */
    Outcome cost(final String curve, final long names, final double nsPerCommand)
    {
        costs.add(new Cost(curve, names, nsPerCommand));
        return this;
    }

    /** Sets beside whom it was measured, in the same run. */
    Outcome beside(final String newPeer, final double newPeerValue, final Figure newRatio)
    {
        peer = newPeer;
        peerValue = newPeerValue;
        ratio = newRatio;
        return this;
    }

    BenchTarget target()
    {
        return target;
    }

    List<Figure> figures()
    {
        return figures;
    }

    Map<String, Object> conditions()
    {
        return conditions;
    }

    Map<String, Histogram> histogramsNs()
    {
        return histogramsNs;
    }

    List<Cost> costs()
    {
        return costs;
    }

    /** Null where there is none. */
    String peer()
    {
        return peer;
    }

    Double peerValue()
    {
        return peerValue;
    }

    Figure ratio()
    {
        return ratio;
    }

    /** The figures, and the ratio behind them where there is one. */
    List<Figure> allFigures()
    {
        final List<Figure> all = new ArrayList<>(figures);
        if (ratio != null)
        {
            all.add(ratio);
        }
        return all;
    }

    /** Whether every goal of it is reached. */
    boolean reached()
    {
        return allFigures().stream().allMatch(Figure::reached);
    }

    /**
     * A point of a curve.
     *
     * @param curve        its name.
     * @param names        the size.
     * @param nsPerCommand the cost.
     */
    record Cost(String curve, long names, double nsPerCommand)
    {
    }
}
