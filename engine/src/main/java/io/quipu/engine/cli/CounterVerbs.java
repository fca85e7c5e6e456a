package io.quipu.engine.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.transport.client.BoundedValue;
import io.quipu.transport.client.CounterValue;
import io.quipu.transport.client.QuipuClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;

/**
 * Verbs for counters. A counter is an int64 with a name; reading one that is missing gives 0.
 */
final class CounterVerbs
{
    private CounterVerbs()
    {
    }

    @Command(name = "add", description = {
        "Add to a counter and show its new value.", "A missing counter starts at 0."})
    static final class Add extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "COUNTER", description = "Name of 1 to 128 bytes.")
        private String counter;

        @Parameters(index = "1", paramLabel = "DELTA", arity = "0..1", defaultValue = "1", description = "Default: 1.")
        private long delta;

        @Option(names = "--min", paramLabel = "VALUE", description = "Refuse a sum below it.")
        private Long min;

        @Option(names = "--max", paramLabel = "VALUE", description = "Refuse a sum above it.")
        private Long max;

        @Option(names = "--saturate", description = "Stop at the bound instead of refusing.")
        private boolean saturate;

        @Override
        protected int run() throws Exception
        {
            if (saturate && min == null && max == null)
            {
                throw VerbException.usage("--saturate needs a bound to stop at: give --min or --max");
            }
            return super.run();
        }

        @Override
        int run(final QuipuClient client)
        {
            if (min == null && max == null)
            {
                show(client.add(counter, delta), null);
                return ExitCodes.GOOD;
            }
            final BoundedValue bounded = client.addBounded(
                counter, delta, min == null ? Long.MIN_VALUE : min, max == null ? Long.MAX_VALUE : max, saturate);
            show(bounded.value(), bounded.applied());
            return ExitCodes.GOOD;
        }

        private void show(final long value, final Long applied)
        {
            if (json())
            {
                out().object(
                    (fields) ->
                    {
                        counterFields(fields, counter, value);
                        if (applied != null)
                        {
                            fields.writeNumberField("applied", applied);
                        }
                    });
            }
            else
            {
                out().line(value + (applied == null || applied == delta ? "" : " (" + applied + " of " + delta + " applied)"));
            }
        }
    }

    @Command(name = "set", description = "Set a counter.")
    static final class Set extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "COUNTER", description = "Name of 1 to 128 bytes.")
        private String counter;

        @Parameters(index = "1", paramLabel = "VALUE")
        private long value;

        @Override
        int run(final QuipuClient client)
        {
            client.set(counter, value);
            showValue(out(), counter, value);
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "get", description = "Show counters, all as of one moment; a missing one is 0.")
    static final class Get extends ClientVerb
    {
        @Parameters(paramLabel = "COUNTER", arity = "1..*")
        private String[] counters;

        @Override
        int run(final QuipuClient client)
        {
            final List<CounterValue> values = client.get(counters);
            for (final CounterValue value : values)
            {
                if (values.size() == 1)
                {
                    showValue(out(), value.counter(), value.value());
                }
                else
                {
                    showRow(out(), value);
                }
            }
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "delete", description = "Delete a counter and show its last value.")
    static final class Delete extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "COUNTER")
        private String counter;

        @Override
        int run(final QuipuClient client)
        {
            showValue(out(), counter, client.delete(counter));
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "counters", description = {
        "List counters in the order of their creation.", "The list is not one moment: it is asked for in parts."})
    static final class Counters extends ClientVerb
    {
        @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", defaultValue = "", description = "Default: all.")
        private String prefix;

        @Override
        int run(final QuipuClient client)
        {
            client.counters(prefix, value -> showRow(out(), value));
            return ExitCodes.GOOD;
        }
    }

    private static void showValue(final Output out, final String counter, final long value)
    {
        if (out.json())
        {
            out.object(fields -> counterFields(fields, counter, value));
        }
        else
        {
            out.line(Long.toString(value));
        }
    }

    private static void showRow(final Output out, final CounterValue value)
    {
        if (out.json())
        {
            out.object(fields -> counterFields(fields, value.counter(), value.value()));
        }
        else
        {
            out.line(value.value() + "\t" + Printable.of(value.counter()));
        }
    }

    private static void counterFields(final JsonGenerator fields, final String counter, final long value) throws IOException
    {
        fields.writeStringField("counter", counter);
        fields.writeNumberField("value", value);
    }
}
