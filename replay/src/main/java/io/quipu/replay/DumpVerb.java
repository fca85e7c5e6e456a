package io.quipu.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.StorageFrames;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.engine.cli.ExitCodes;
import io.quipu.engine.cli.Output;
import io.quipu.engine.cli.VerbException;
import io.quipu.engine.cli.WorkProgress;
import io.quipu.journal.JournalRecord;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Prints every entry of a journal, one a line, refused commands too.
 */
@Command(
    name = "dump",
    description = {
        "Print every journaled entry, one a line: its sequence, time, session and request, and the command.",
        "Refused commands are entries too: what they answered is not journaled, replay works it out anew."})
final class DumpVerb extends JournalVerb
{
    @Option(
        names = "--from", paramLabel = "SEQUENCE", defaultValue = "1",
        description = "Start at this entry. Default: 1.")
    private long from;

    @Override
    int read()
    {
        if (from < 1)
        {
            throw VerbException.usage("--from " + from + " is before the first entry, 1");
        }
        if (from > toSequence())
        {
            throw VerbException.usage("--from " + from + " is behind --to " + toSequence());
        }
        try (WorkProgress progress = new WorkProgress("reading", out().notes()))
        {
            final Entries entries = new Entries(out(), from, toSequence(), progress);
            final ScanResult found = scan(progress, entries);
            requireJournal(found);
            requireReached(found);
            if (from > found.lastSequence())
            {
                throw VerbException.refused(
                    "NOT_FOUND",
                    "--from " + from + " is behind the end of the journal, sequence " + found.lastSequence());
            }
            return ExitCodes.GOOD;
        }
    }

    /** Prints the entries of the records between two sequences. */
    private static final class Entries implements RecordHandler
    {
        private final StorageFrames frames = new StorageFrames();
        private final CommandRuns runs = new CommandRuns();
        private final CommandText command = new CommandText(runs);
        private final Output out;
        private final long from;
        private final long to;
        private final WorkProgress progress;
        private JournalRecord record;
        private long sequence;

        private Entries(final Output out, final long from, final long to, final WorkProgress progress)
        {
            this.out = out;
            this.from = from;
            this.to = to;
            this.progress = progress;
        }

        @Override
        public void onRecord(final JournalRecord record)
        {
            if (record.isEpoch() || record.lastSequence() < from)
            {
                return;
            }
            progress.close();
            this.record = record;
            sequence = record.firstSequence();
            frames.wrap(record.buffer(), record.bodyOffset(), record.bodyLength());
            while (frames.next())
            {
                if (RequestFrameDecoder.TEMPLATE_ID == frames.templateId())
                {
                    request();
                }
                else
                {
                    for (int i = 0; i < frames.entryCount(); i++)
                    {
                        other();
                    }
                }
            }
        }

        private void request()
        {
            runs.wrap(frames.buffer(), frames.commandsOffset(), frames.commandsLength());
            while (runs.next())
            {
                while (runs.nextEntry())
                {
                    if (isWanted())
                    {
                        command();
                    }
                    sequence++;
                }
            }
        }

        private boolean isWanted()
        {
            return sequence >= from && sequence <= to;
        }

        private void command()
        {
            final boolean atomic = Mode.ATOMIC.value() == frames.mode();
            if (out.json())
            {
                out.object(
                    (json) ->
                    {
                        place(json);
                        json.writeNumberField("request", frames.requestSequence());
                        json.writeNumberField("index", runs.entryIndex());
                        json.writeBooleanField("atomic", atomic);
                        command.fields(json);
                    });
            }
            else
            {
                final String request = " request " + frames.requestSequence() + (atomic ? " atomic: " : ": ");
                out.line(place() + request + command.line());
            }
        }

        private void other()
        {
            final String what = JournalSummary.name(frames.templateId());
            if (isWanted() && out.json())
            {
                out.object(
                    (json) ->
                    {
                        place(json);
                        json.writeStringField("command", what);
                    });
            }
            else if (isWanted())
            {
                out.line(place() + ": " + what);
            }
            sequence++;
        }

        private void place(final JsonGenerator json) throws IOException
        {
            json.writeNumberField("sequence", sequence);
            json.writeNumberField("timeNs", record.timestampNs());
            json.writeNumberField("epoch", record.epoch());
            json.writeNumberField("session", session32());
        }

        private String place()
        {
            return sequence + " " + Times.of(record.timestampNs()) + " session " + session32();
        }

        private long session32()
        {
            return frames.sessionId() & 0xFFFF_FFFFL;
        }
    }
}
