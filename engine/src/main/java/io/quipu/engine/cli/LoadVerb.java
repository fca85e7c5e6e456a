package io.quipu.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Loads a file of commands, each line exactly once, also over restarts of the engine and, with {@code --resume}, of
 * itself.
 */
@Command(
    name = "load",
    description = {
        "Load a file of commands, each line exactly once.",
        "One command a line; # begins a comment; \"...\" holds a name with blanks; begin and end enclose an ATOMIC request:",
        "  add COUNTER [DELTA] [min=V] [max=V] [saturate]     set COUNTER VALUE     delete COUNTER",
        "  board NAME [OPTION=VALUE]...     score BOARD MEMBER V[,V...]     remove BOARD MEMBER",
        "  drop BOARD     reset BOARD     begin     end",
        "A line that is bad or refused is reported with its number; the rest is loaded."})
final class LoadVerb extends RemoteVerb
{
    private static final String STDIN = "-";
    private static final double MS_PER_S = 1_000.0;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file; - for standard input.")
    private String file;

    @Option(
        names = "--resume", paramLabel = "FILE",
        description = "Keep session and position here: after a kill the same command goes on, each line counted once.")
    private Path resume;

    @Option(
        names = "--retry", paramLabel = "TIME", defaultValue = "60s",
        description = "How long to wait for an engine that has gone once it was there. Default: 60s.")
    private String retry;

    @Option(
        names = "--strict",
        description = "Stop at the first line that is bad or refused; of a file with a bad line send nothing.")
    private boolean strict;

    @Override
    protected int run() throws IOException
    {
        final long retryNs = Durations.parseNs("--retry", retry);
        engine();
        final boolean stream = STDIN.equals(file) || !Files.isRegularFile(Path.of(file));
        if (strict && !stream)
        {
            checkAll();
        }
        if (resume == null)
        {
            return load(null, new LoadState(), stream, retryNs);
        }
        try (ResumeFile resumeFile = ResumeFile.open(resume))
        {
            return load(resumeFile, stateOf(resumeFile, stream), stream, retryNs);
        }
    }

    private int load(final ResumeFile resumeFile, final LoadState state, final boolean stream, final long retryNs)
        throws IOException
    {
        if (state.isDone())
        {
            out().note("quipu load: --resume=" + resume + " says that all of it is loaded; nothing was sent");
            return show(state, state.rejected(), false);
        }
        try (WorkProgress progress = new WorkProgress("loading", out().notes());
            LoadRun run = new LoadRun(
                open(), stream, resumeFile, state, clientContext(), strict, retryNs, progress))
        {
            run.run(stream ? -1 : Files.size(Path.of(file)));
            progress.close();
            return show(state, run.reasons(), run.isStopped());
        }
    }

    private LoadState stateOf(final ResumeFile resumeFile, final boolean stream) throws IOException
    {
        final long length = stream ? -1 : Files.size(Path.of(file));
        final Optional<String> text = resumeFile.read();
        if (text.isEmpty())
        {
            final LoadState fresh = new LoadState();
            fresh.fileLength(length);
            return fresh;
        }
        final LoadState state;
        try
        {
            state = LoadState.of(text.get());
        }
        catch (final IllegalArgumentException ex)
        {
            throw VerbException.refused("BAD_FILE", "--resume=" + resume + ": " + ex.getMessage() + "; name another file");
        }
        if (state.fileLength() != length)
        {
            throw VerbException.refused("OTHER_FILE",
                "'" + file + "' is not the file that was being loaded: it has " + length + " bytes, that one had " +
                    state.fileLength() + "; give the same file, or name another --resume file to load this one as new");
        }
        return state;
    }

    private LineReader open() throws IOException
    {
        if (STDIN.equals(file))
        {
            return new LineReader(tool().in(), true);
        }
        final Path path = Path.of(file);
        if (Files.isDirectory(path))
        {
            throw VerbException.refused("NO_SUCH_FILE", "'" + file + "' is a directory: name a file of commands");
        }
        return new LineReader(Files.newInputStream(path), !Files.isRegularFile(path));
    }

    /** With {@code --strict} a file is read once before anything of it is sent. */
    private void checkAll() throws IOException
    {
        final CommandFile.Handler refuse = (line, offset, reason, message) ->
        {
            throw VerbException.refused(reason.name(), file + ", line " + line + ": " + message + "; nothing was sent");
        };
        final LoadBatch batch = new LoadBatch();
        try (CommandFile all = new CommandFile(open(), CommandFile.LINES_PER_REQUEST, false, refuse))
        {
            while (all.next(batch) != CommandFile.END)
            {
                batch.clear();
            }
        }
    }

    private int show(final LoadState state, final Map<String, Long> reasons, final boolean isStopped)
    {
        final long rejected = reasons.values().stream().mapToLong(Long::longValue).sum();
        final double seconds = state.elapsedMs() / MS_PER_S;
        if (json())
        {
            out().object(
                (fields) ->
                {
                    fields.writeNumberField("applied", state.applied());
                    fields.writeNumberField("rejected", rejected);
                    fields.writeObjectFieldStart("reasons");
                    for (final Map.Entry<String, Long> reason : reasons.entrySet())
                    {
                        fields.writeNumberField(reason.getKey(), reason.getValue());
                    }
                    fields.writeEndObject();
                    fields.writeNumberField("seconds", seconds);
                });
        }
        else
        {
            final String why = reasons.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey()).collect(Collectors.joining(", "));
            out().line(String.format(Locale.ROOT, "%,d lines applied, %,d rejected%s in %.1f s%s", state.applied(), rejected,
                rejected == 0 ? "" : " (" + why + ")", seconds, isStopped ? "; stopped by --strict" : ""));
        }
        return rejected == 0 && !isStopped ? ExitCodes.GOOD : ExitCodes.REFUSED;
    }
}
