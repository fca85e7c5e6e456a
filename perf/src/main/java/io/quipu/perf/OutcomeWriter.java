package io.quipu.perf;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.engine.cli.Output;
import io.quipu.engine.cli.TextTable;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Outcomes as text for people, or one object a target for programs:
 * <pre>
 *   {"target","figure","value","unit","goal","reached", "peer","peerValue","ratio","ratioGoal",
 *    "figures":[{"figure","value","unit","goal","reached"}],
 *    and the conditions, such as "names","size","batch","ack","seconds","machine","date"}
 * </pre>
 * {@code figure} to {@code goal} repeat the first of {@code figures}; {@code reached} is true when every goal is,
 * that of the ratio included.
 */
final class OutcomeWriter
{
    private final Output out;

    OutcomeWriter(final Output out)
    {
        this.out = out;
    }

    void write(final Outcome outcome)
    {
        if (out.json())
        {
            out.object((json) -> writeJson(json, outcome));
        }
        else
        {
            writeText(outcome);
        }
    }

    /** All figures in one table. */
    void table(final List<Outcome> outcomes)
    {
        if (out.json())
        {
            return;
        }
        final TextTable table = new TextTable()
            .words("id").words("figure").numbers("measured").words("unit").words("goal").words("reached");
        for (final Outcome outcome : outcomes)
        {
            for (final Figure figure : outcome.allFigures())
            {
                table.row(cells(outcome, figure).toArray());
            }
        }
        out.line("");
        table.print(out);
    }

    /** Target, figure, value, unit, goal, whether it is reached. */
    static List<String> cells(final Outcome outcome, final Figure figure)
    {
        final Figure.Goal goal = figure.goal();
        return List.of(
            outcome.target().id(),
            figure.name(),
            number(figure.value()),
            figure.unit(),
            goal == null ? "" : (goal.isGreatest() ? "at most " : "at least ") + number(goal.value()),
            goal == null ? "" : figure.reached() ? "yes" : "no");
    }

    private void writeText(final Outcome outcome)
    {
        out.line(outcome.target().id() + "  " + outcome.target().title());
        for (final Figure figure : outcome.figures())
        {
            out.line("    " + figure.name() + ' ' + number(figure.value()) + ' ' + figure.unit() + goalText(figure));
        }
        if (outcome.peer() != null)
        {
            final Figure ratio = outcome.ratio();
            out.line("    " + outcome.peer() + ": " + number(outcome.peerValue()) + "; " +
                ratio.name() + ' ' + number(ratio.value()) + goalText(ratio));
        }
        for (final Map.Entry<String, Object> condition : outcome.conditions().entrySet())
        {
            if (BenchPlan.SHARED.contains(condition.getKey()))
            {
                continue;
            }
            final Object value = condition.getValue();
            final Object text = value instanceof Number number ? number(number.doubleValue()) : value;
            out.line("    " + condition.getKey() + ": " + text);
        }
    }

    private static String goalText(final Figure figure)
    {
        final Figure.Goal goal = figure.goal();
        return goal == null ? "" : " (" + (goal.isGreatest() ? "at most " : "at least ") + number(goal.value()) + ": " +
            (figure.reached() ? "reached)" : "not reached)");
    }

    private static void writeJson(final JsonGenerator json, final Outcome outcome) throws IOException
    {
        json.writeStringField("target", outcome.target().id());
        json.writeStringField("work", outcome.target().title());
        writeFigure(json, outcome.figures().get(0));
        json.writeBooleanField("reached", outcome.reached());
        json.writeStringField("peer", outcome.peer());
        writeNumber(json, "peerValue", outcome.peerValue());
        final Figure ratio = outcome.ratio();
        writeNumber(json, "ratio", ratio == null ? null : ratio.value());
        writeNumber(json, "ratioGoal", ratio == null || ratio.goal() == null ? null : ratio.goal().value());
        json.writeArrayFieldStart("figures");
        for (final Figure figure : outcome.figures())
        {
            json.writeStartObject();
            writeFigure(json, figure);
            json.writeBooleanField("reached", figure.reached());
            json.writeEndObject();
        }
        json.writeEndArray();
        for (final Map.Entry<String, Object> condition : outcome.conditions().entrySet())
        {
            if (condition.getValue() instanceof Number number)
            {
                writeNumber(json, condition.getKey(), number.doubleValue());
            }
            else
            {
                json.writeStringField(condition.getKey(), String.valueOf(condition.getValue()));
            }
        }
    }

    private static void writeFigure(final JsonGenerator json, final Figure figure) throws IOException
    {
        json.writeStringField("figure", figure.name());
        writeNumber(json, "value", figure.value());
        json.writeStringField("unit", figure.unit());
        writeNumber(json, "goal", figure.goal() == null ? null : figure.goal().value());
    }

    /** Whole numbers without a fraction, others to three digits behind the point. */
    private static void writeNumber(final JsonGenerator json, final String name, final Double value) throws IOException
    {
        if (value == null || value.isNaN() || value.isInfinite())
        {
            json.writeNullField(name);
        }
        else if (value == Math.rint(value) || Math.abs(value) >= 10_000)
        {
            json.writeNumberField(name, Math.round(value));
        }
        else
        {
            json.writeNumberField(name, Math.round(value * 1_000) / 1_000.0);
        }
    }

    static String number(final double value)
    {
        final boolean whole = value == Math.rint(value) || Math.abs(value) >= 1_000;
        return String.format(Locale.ROOT, whole ? "%,.0f" : "%,.2f", value);
    }
}
