package io.quipu.replay;

import io.quipu.engine.cli.Verb;
import io.quipu.engine.cli.VerbException;
import io.quipu.engine.cli.WorkProgress;
import io.quipu.engine.recovery.Beginning;
import io.quipu.engine.recovery.Replayer;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalRecord;
import io.quipu.journal.JournalStore;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * A verb that reads the journal of one directory, from its first record on. Damage becomes the exit code of its
 * verdict.
 */
abstract class JournalVerb extends Verb
{
    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The engine's directory.")
    private Path dir;

    @Option(
        names = "--to", paramLabel = "SEQUENCE",
        description = "Stop behind the request that holds this entry. Default: the end of the journal.")
    private Long to;

    private JournalStore store;

    /**
     * Does it.
     *
     * @return the exit code.
     */
    abstract int read();

    @Override
    protected final int run()
    {
        if (null != to && to < 0)
        {
            throw VerbException.usage("--to " + to + " is before the first entry, 1");
        }
        if (!Files.isDirectory(dir))
        {
            throw VerbException.refused("NO_SUCH_DIRECTORY", "there is no directory " + dir);
        }
        try
        {
            return read();
        }
        catch (final JournalException ex)
        {
            throw failure(ex);
        }
    }

    final Path dir()
    {
        return dir;
    }

    /** Last entry wanted, or {@link Replayer#TO_END}. */
    final long toSequence()
    {
        return null == to ? Replayer.TO_END : to;
    }

    /** Reads the records up to {@link #toSequence()}, with a progress bar. */
    final ScanResult scan(final String task, final RecordHandler handler)
    {
        try (WorkProgress progress = new WorkProgress(task, out().notes()))
        {
            return scan(progress, handler);
        }
    }

    /** Reads the records up to {@link #toSequence()}; where the first are not there any more, those behind a checkpoint. */
    final ScanResult scan(final WorkProgress progress, final RecordHandler handler)
    {
        return scan(progress, handler, Beginning.place(dir, out()::note));
    }

    /** Reads the records behind a place, up to {@link #toSequence()}. */
    final ScanResult scan(final WorkProgress progress, final RecordHandler handler, final JournalPlace start)
    {
        requireBehind(start);
        final JournalContext context = new JournalContext().directory(dir);
        final ScanResult found = Journal.scan(context, new Progressing(handler, progress), toSequence(), start);
        store = context.store();
        return found;
    }

    /** What a person finds a cycle's records in; known once the journal was scanned. */
    final String fileName(final int cycle)
    {
        return Path.of(store.name(cycle)).getFileName().toString();
    }

    /** Says that the journal begins behind a checkpoint, where that is so, and refuses a sequence before it. */
    final void requireBehind(final JournalPlace start)
    {
        if (toSequence() < start.sequence())
        {
            throw VerbException.refused(
                "NOT_FOUND",
                "--to " + to + " is before sequence " + start.sequence() + ", which the journal now begins behind");
        }
        if (!start.isStart())
        {
            out().note("the journal's first files are not there any more: it begins behind the checkpoint at sequence " +
                start.sequence());
        }
    }

    /** Refuses a directory that never had a record. */
    final void requireJournal(final ScanResult found)
    {
        if (found.isEmpty() && !found.reachedTo() && !found.verdict().isRefusal())
        {
            throw VerbException.refused(
                "NO_JOURNAL", dir + " holds no journal: name the directory that an engine was started with");
        }
    }

    /** Refuses a sequence that the journal does not have. */
    final void requireReached(final ScanResult found)
    {
        if (found.verdict().isRefusal() && !found.reachedTo())
        {
            throw new VerbException(found.verdict().exitCode(), found.verdict().name(), found.describe());
        }
        if (null != to && found.lastSequence() < to)
        {
            throw VerbException.refused(
                "NOT_FOUND", "--to " + to + " is behind the end of the journal, sequence " + found.lastSequence());
        }
    }

    static VerbException failure(final JournalException ex)
    {
        return new VerbException(ex.verdict().exitCode(), ex.verdict().name(), ex.getMessage());
    }

    /** Shows how far the scan got. */
    private static final class Progressing implements RecordHandler
    {
        private static final int RECORDS_PER_STEP = 1024;

        private final RecordHandler handler;
        private final WorkProgress progress;
        private long totalBytes;
        private long records;

        private Progressing(final RecordHandler handler, final WorkProgress progress)
        {
            this.handler = handler;
            this.progress = progress;
        }

        @Override
        public void onStart(final long bytes)
        {
            totalBytes = bytes;
            handler.onStart(bytes);
        }

        @Override
        public void onRecord(final JournalRecord record)
        {
            handler.onRecord(record);
            if (0 == ++records % RECORDS_PER_STEP)
            {
                progress.bytes(record.bytesBefore(), totalBytes);
            }
        }

        @Override
        public void onEnd(final ScanResult found)
        {
            handler.onEnd(found);
        }
    }
}
