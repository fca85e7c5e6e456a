package io.quipu.engine.cli;

import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Status;
import picocli.CommandLine.Command;

import java.time.Instant;
import java.util.Map;

/**
 * Shows the engine at one sequence: where it stands, its digest whole and in parts, its figures.
 */
@Command(name = "status", description = "Show where the engine stands: sequence, digest and its parts, figures.")
final class StatusVerb extends ClientVerb
{
    private static final long NS_PER_S = 1_000_000_000L;

    @Override
    int run(final QuipuClient client)
    {
        final Status status = client.status();
        if (json())
        {
            showObject(status);
        }
        else
        {
            showText(status);
        }
        return ExitCodes.GOOD;
    }

    private void showObject(final Status status)
    {
        out().object(
            (fields) ->
            {
                fields.writeNumberField("sequence", status.sequence());
                fields.writeNumberField("durableSequence", status.durableSequence());
                fields.writeNumberField("epoch", status.epoch());
                fields.writeStringField("digest", status.digest());
                fields.writeNumberField("timeNs", status.timeNs());
                fields.writeObjectFieldStart("parts");
                for (final Map.Entry<String, String> part : status.parts().entrySet())
                {
                    fields.writeStringField(part.getKey(), part.getValue());
                }
                fields.writeEndObject();
                for (final Map.Entry<String, Long> gauge : status.gauges().entrySet())
                {
                    fields.writeNumberField(gauge.getKey(), gauge.getValue());
                }
            });
    }

    private void showText(final Status status)
    {
        final TextTable figures = new TextTable().words("figure").numbers("value")
            .row("sequence", status.sequence())
            .row("durable sequence", status.durableSequence())
            .row("epoch", status.epoch())
            .row("time of the last entry", status.timeNs() == 0 ? "none" :
                Instant.ofEpochSecond(status.timeNs() / NS_PER_S, status.timeNs() % NS_PER_S));
        status.gauges().forEach(figures::row);
        figures.print(out());

        final TextTable parts = new TextTable().words("digest of").words("");
        parts.row("everything", status.digest());
        status.parts().forEach(parts::row);
        out().line("");
        parts.print(out());
    }
}
