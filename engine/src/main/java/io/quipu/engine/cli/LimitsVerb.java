package io.quipu.engine.cli;

import io.quipu.codecs.ingress.Limit;
import io.quipu.transport.client.LimitValue;
import io.quipu.transport.client.QuipuClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Logical limits of the engine; a change is a journaled command, so that every replay decides alike.
 */
@Command(
    name = "limits", description = "Show or set the engine's logical limits.",
    subcommands = {LimitsVerb.Show.class, LimitsVerb.Set.class}, sortOptions = false, usageHelpWidth = 100)
final class LimitsVerb implements Runnable
{
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "show", description = "Show the limits, and what is used of them.")
    static final class Show extends ClientVerb
    {
        @Override
        int run(final QuipuClient client)
        {
            final TextTable table = new TextTable().words("limit").numbers("value").numbers("used");
            for (final LimitValue limit : client.limits())
            {
                if (json())
                {
                    out().object(
                        (fields) ->
                        {
                            fields.writeStringField("limit", name(limit.which()));
                            fields.writeNumberField("value", limit.value());
                            fields.writeNumberField("used", limit.used());
                        });
                }
                else
                {
                    table.row(name(limit.which()), limit.value(), limit.used());
                }
            }
            if (!json())
            {
                table.print(out());
            }
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "set", description = "Set a limit; one below what is used is refused.")
    static final class Set extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "LIMIT", description = "As limits show names them.")
        private String limit;

        @Parameters(index = "1", paramLabel = "VALUE")
        private long value;

        @Override
        protected int run() throws Exception
        {
            which(limit);
            return super.run();
        }

        @Override
        int run(final QuipuClient client)
        {
            client.setLimit(which(limit), value);
            if (json())
            {
                out().object(
                    (fields) ->
                    {
                        fields.writeStringField("limit", limit);
                        fields.writeNumberField("value", value);
                    });
            }
            else
            {
                out().line(limit + " " + value);
            }
            return ExitCodes.GOOD;
        }
    }

    private static String name(final Limit limit)
    {
        return limit.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Limit which(final String name)
    {
        final List<String> names = new ArrayList<>();
        for (final Limit limit : Limit.values())
        {
            if (limit != Limit.NULL_VAL && limit != Limit.SBE_UNKNOWN)
            {
                if (name(limit).equals(name))
                {
                    return limit;
                }
                names.add(name(limit));
            }
        }
        throw VerbException.usage("there is no limit '" + name + "': choose one of " + String.join(", ", names));
    }
}
