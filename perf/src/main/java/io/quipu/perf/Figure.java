package io.quipu.perf;

/**
 * A number that was measured, and what it was to be.
 *
 * @param name  as {@code rate} or {@code p99}.
 * @param value measured.
 * @param unit  of it.
 * @param goal  null where there is none.
 */
record Figure(String name, double value, String unit, Goal goal)
{
    /** A figure that stands for itself. */
    static Figure of(final String name, final double value, final String unit)
    {
        return new Figure(name, value, unit, null);
    }

    /** A figure with a least value. */
    static Figure atLeast(final String name, final double value, final String unit, final double goal)
    {
        return new Figure(name, value, unit, new Goal(goal, false));
    }

    /** A figure with a greatest value. */
    static Figure atMost(final String name, final double value, final String unit, final double goal)
    {
        return new Figure(name, value, unit, new Goal(goal, true));
    }

    /** Whether the goal is reached; true without one. */
    boolean reached()
    {
        return goal == null || (goal.isGreatest() ? value <= goal.value() : value >= goal.value());
    }

    /**
     * What a figure was to be.
     *
     * @param value      the limit.
     * @param isGreatest at most that, else at least.
     */
    record Goal(double value, boolean isGreatest)
    {
    }
}
