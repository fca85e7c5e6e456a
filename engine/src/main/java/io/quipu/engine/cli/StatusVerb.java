package io.quipu.engine.cli;

import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Status;
import picocli.CommandLine.Command;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows the engine at one sequence: where it stands, its digest whole and in parts, its figures.
 */
@Command(name = "status", description = "Show where the engine stands: sequence, digest, figures.")
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
                for (final Map.Entry<String, Map<String, Long>> group : groups(status).entrySet())
                {
                    if (!group.getKey().isEmpty())
                    {
                        fields.writeObjectFieldStart(group.getKey());
                    }
                    for (final Map.Entry<String, Long> gauge : group.getValue().entrySet())
                    {
                        fields.writeNumberField(gauge.getKey(), gauge.getValue());
                    }
                    if (!group.getKey().isEmpty())
                    {
                        fields.writeEndObject();
                    }
                }
            });
    }

    private void showText(final Status status)
    {
        final TextTable engine = new TextTable().words("engine").numbers("")
            .row("sequence", status.sequence())
            .row("durable sequence", status.durableSequence())
            .row("epoch", status.epoch())
            .row("time of the last entry", status.timeNs() == 0 ? "none" :
                Instant.ofEpochSecond(status.timeNs() / NS_PER_S, status.timeNs() % NS_PER_S));
        groups(status).forEach(
            (title, gauges) ->
            {
                final TextTable table = title.isEmpty() ? engine : new TextTable().words(title).numbers("");
                gauges.forEach(table::row);
                table.print(out());
                out().line("");
            });

        final TextTable parts = new TextTable().words("digest of").words("");
        parts.row("everything", status.digest());
        status.parts().forEach(parts::row);
        parts.print(out());
    }

    /** The figures by what stands before the first dot of their labels; the ones without a dot first. */
    private static Map<String, Map<String, Long>> groups(final Status status)
    {
        final Map<String, Map<String, Long>> groups = new LinkedHashMap<>();
        groups.put("", new LinkedHashMap<>());
        status.gauges().forEach(
            (label, value) ->
            {
                final int dot = label.indexOf('.');
                groups.computeIfAbsent(label.substring(0, Math.max(0, dot)), title -> new LinkedHashMap<>())
                    .put(label.substring(dot + 1), value);
            });
        // It stands at the top already.
        groups.get("").remove("epoch");
        return groups;
    }
}
