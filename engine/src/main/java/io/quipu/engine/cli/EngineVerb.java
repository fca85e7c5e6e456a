package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.engine.Idle;
import io.quipu.engine.Threads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs an engine in this process until a signal or a fault stops it.
 */
@Command(
    name = "engine",
    description = {
        "Run an engine on a directory.",
        "Once it accepts commands it prints one line:",
        "  ready ingress=HOST:PORT feed=CHANNEL dir=DIR sequence=N digest=D",
        "SIGTERM and SIGINT stop it in order: what is journaled is answered and synced. After anything else, kill -9 included, " +
            "start it again on the same directory."})
final class EngineVerb extends Verb
{
    /** What an engine says when it accepts commands. */
    static final Pattern READY = Pattern.compile(
        "ready ingress=(?<ingress>\\S+) feed=(?<feed>\\S+) dir=(?<dir>.*) sequence=(?<sequence>\\d+) digest=(?<digest>\\w{32})");

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "Holds the journal; created when missing.")
    private Path dir;

    @Option(
        names = "--ingress", paramLabel = "HOST:PORT", defaultValue = EngineContext.DEFAULT_INGRESS,
        description = "Where clients send; port 0 picks a free one. Default: localhost:7400.")
    private String ingress;

    @Option(
        names = "--ack", paramLabel = "LEVEL", defaultValue = "journaled",
        description = "Of a request that names none: journaled (survives a killed process) or durable (survives power loss). " +
            "Default: journaled.")
    private AckLevel ack;

    @Option(
        names = "--sync-interval", paramLabel = "TIME", defaultValue = "100ms",
        description = "Longest time that journaled data stays unsynced, as 100ms or 1s. Default: 100ms.")
    private String syncInterval;

    @Option(
        names = "--threads", paramLabel = "HOW", defaultValue = "compact",
        description = "compact (one thread works) or split (the network on a second one, where there are cores to spare). " +
            "Default: compact.")
    private Threads threads;

    @Option(
        names = "--idle", paramLabel = "HOW", defaultValue = "backoff",
        description = "With nothing to do: backoff (under 3 %% of a core) or spin (lowest latency). Default: backoff.")
    private Idle idle;

    @Option(
        names = "--shadow", paramLabel = "on|off", defaultValue = "on", fallbackValue = "on",
        description = "A second state that follows the journal, proves its digests and makes checkpoints; takes as much memory " +
            "again. Default: on.")
    private String shadow;

    @Option(
        names = "--retain", paramLabel = "BYTES",
        description = "Remove files of the journal that the last three checkpoints cover, but keep the last BYTES of " +
            "it. A look back is possible only to where the journal begins then. Default: keep all.")
    private Long retainBytes;

    @Option(
        names = "--feed", paramLabel = "CHANNEL",
        description = "Aeron channel of the feed, or off. Default: multicast on loopback, port of the ingress + 2.")
    private String feed;

    @Option(
        names = "--feed-counters", paramLabel = "PREFIX", split = ",",
        description = "Publish the counters whose names begin so; several are separated by commas.")
    private List<String> feedCounters = List.of();

    @Option(
        names = "--allow-unauthenticated",
        description = "Allow addresses other than loopback, where anybody may read and write everything.")
    private boolean allowUnauthenticated;

    @Option(names = "--accept-clock", description = "Start although the clock is more than 30 days ahead of the journal.")
    private boolean acceptClock;

    @Override
    protected int run()
    {
        final WorkProgress recovery = new WorkProgress("recovering", out().notes());
        final EngineContext context = new EngineContext()
            .dir(dir)
            .ingress(ingress)
            .defaultAck(ack.ack())
            .syncIntervalNs(Durations.parseNs("--sync-interval", syncInterval))
            .threads(threads)
            .idle(idle)
            .feed(feed)
            .feedCounters(feedCounters)
            .shadow(isOn("--shadow", shadow))
            .retainBytes(retainBytes == null ? EngineContext.RETAIN_ALL : retainBytes)
            .allowUnauthenticated(allowUnauthenticated)
            .acceptClock(acceptClock)
            .recoveryProgress((sequence, bytes, totalBytes) -> recovery.bytes(bytes, totalBytes));

        try (EngineNode node = launch(context))
        {
            recovery.close();
            node.stopOnSignals();
            showReady(node.readyLine());
            return node.awaitShutdown();
        }
        finally
        {
            recovery.close();
        }
    }

    private void showReady(final String line)
    {
        final Matcher ready = READY.matcher(line);
        if (!json() || !ready.matches())
        {
            out().line(line);
            return;
        }
        out().object(
            (fields) ->
            {
                fields.writeStringField("ingress", ready.group("ingress"));
                fields.writeStringField("feed", ready.group("feed"));
                fields.writeStringField("dir", ready.group("dir"));
                fields.writeNumberField("sequence", Long.parseLong(ready.group("sequence")));
                fields.writeStringField("digest", ready.group("digest"));
            });
    }

    private static boolean isOn(final String option, final String value)
    {
        if (!"on".equals(value) && !"off".equals(value))
        {
            throw VerbException.usage(option + " " + value + ": write on or off");
        }
        return "on".equals(value);
    }

    private static EngineNode launch(final EngineContext context)
    {
        try
        {
            return EngineNode.launch(context);
        }
        catch (final IllegalArgumentException ex)
        {
            throw VerbException.usage(ex.getMessage());
        }
    }
}
