package io.quipu.engine.cli;

import io.quipu.engine.HugePages;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.checkpoint.Shadow;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes checkpoints of a directory from outside of the engine, running or not, in this process' memory.
 */
@Command(
    name = "checkpoint",
    description = {
        "Make checkpoints of a directory, beside a running engine or without one.",
        "The next start begins with the newest one and reads only the journal behind it. An engine does this itself unless it " +
            "is started with --shadow off; two processes never do it at once."})
final class CheckpointVerb extends Verb
{
    private static final long FOLLOW_NS = TimeUnit.SECONDS.toNanos(1);
    /** Far from an overflow. */
    private static final long NEVER_BYTES = Long.MAX_VALUE / 2;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The engine's directory.")
    private Path dir;

    @ArgGroup(multiplicity = "1")
    private How how;

    /** One of the two. */
    private static final class How
    {
        @Option(names = "--once", required = true, description = "Make one of all that the journal holds now, and end.")
        private boolean once;

        @Option(
            names = "--follow", required = true,
            description = "Follow the journal until a signal, and make one for each GiB that it grows by.")
        private boolean follow;
    }

    private JournalPlace end = JournalPlace.START;

    @Override
    protected int run()
    {
        if (!Files.isDirectory(dir))
        {
            throw VerbException.refused("NO_SUCH_DIRECTORY", "there is no directory " + dir);
        }

        HugePages.install();
        try (FileCheckpointStore store = new FileCheckpointStore(dir, CrashPoint.NONE))
        {
            final Checkpoints checkpoints = new Checkpoints(store, out()::note);
            try (Shadow shadow = new Shadow(
                checkpoints,
                new JournalContext().directory(dir).conclude().store(),
                () -> end.sequence(),
                how.follow ? Shadow.DEFAULT_EVERY_BYTES : NEVER_BYTES,
                (bytes) -> dir.toFile().getUsableSpace() > bytes,
                how.follow ? out()::line : out()::note))
            {
                return how.follow ? follow(shadow) : once(shadow, checkpoints);
            }
        }
        catch (final JournalException ex)
        {
            throw new VerbException(ex.verdict().exitCode(), ex.verdict().name(), ex.getMessage());
        }
    }

    private int once(final Shadow shadow, final Checkpoints checkpoints)
    {
        moveEnd();
        turn(shadow);
        if (shadow.sequence() == 0)
        {
            throw VerbException.refused("NO_JOURNAL", dir + " holds no journal: name the directory of an engine");
        }

        final boolean isNew = shadow.sequence() > checkpoints.proven();
        if (isNew)
        {
            shadow.checkpointNow();
        }
        show(shadow, isNew);
        return ExitCodes.GOOD;
    }

    private void show(final Shadow shadow, final boolean isNew)
    {
        if (json())
        {
            out().object(
                (fields) ->
                {
                    fields.writeNumberField("sequence", shadow.sequence());
                    fields.writeBooleanField("new", isNew);
                    fields.writeNumberField("bytes", shadow.checkpointBytes());
                });
        }
        else
        {
            out().line(
                isNew ?
                "checkpoint sequence=" + shadow.sequence() + " bytes=" + shadow.checkpointBytes() +
                " ms=" + TimeUnit.NANOSECONDS.toMillis(shadow.checkpointNs()) :
                "nothing new since the checkpoint at sequence " + shadow.sequence());
        }
    }

    private int follow(final Shadow shadow)
    {
        while (!Thread.currentThread().isInterrupted())
        {
            moveEnd();
            turn(shadow);
            LockSupport.parkNanos(this, FOLLOW_NS);
        }
        return ExitCodes.GOOD;
    }

    /** What stands in the journal now is made durable by this process: then it may be relied on. */
    private void moveEnd()
    {
        final ScanResult found = Journal.scan(
            new JournalContext().directory(dir), RecordHandler.NONE, JournalScanner.TO_END, end);
        if (found.verdict().isRefusal())
        {
            throw new JournalException(found.verdict(), found.describe());
        }
        if (found.lastSequence() > end.sequence())
        {
            Journal.force(dir);
            end = found.place();
        }
    }

    private static void turn(final Shadow shadow)
    {
        while (shadow.turn() > 0)
        {
            continue;
        }
        if (shadow.failure() != null)
        {
            throw shadow.failure();
        }
    }
}
