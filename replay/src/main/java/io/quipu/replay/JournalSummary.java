package io.quipu.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.StorageFrames;
import io.quipu.codecs.storage.EpochStartDecoder;
import io.quipu.codecs.storage.MessageHeaderDecoder;
import io.quipu.codecs.storage.ExcludedFrameDecoder;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.codecs.storage.SessionOpenFrameDecoder;
import io.quipu.engine.recovery.DigestText;
import io.quipu.journal.JournalRecord;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what passes by in a scan: files, epochs, entries by kind.
 */
final class JournalSummary implements RecordHandler
{
    /** What stands in one file of the queue. */
    static final class File
    {
        private final int cycle;
        private long records;
        private long bytes;
        private long firstSequence;
        private long lastSequence;

        private File(final int cycle)
        {
            this.cycle = cycle;
        }

        int cycle()
        {
            return cycle;
        }

        long records()
        {
            return records;
        }

        long bytes()
        {
            return bytes;
        }

        long firstSequence()
        {
            return firstSequence;
        }

        long lastSequence()
        {
            return lastSequence;
        }
    }

    /** A start that might write. */
    record Epoch(int epoch, long continuesSequence, long timeNs, String engineVersion, int logicVersion)
    {
    }

    private final StorageFrames frames = new StorageFrames();
    private final CommandRuns runs = new CommandRuns();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final EpochStartDecoder epochStart = new EpochStartDecoder();

    private final List<File> files = new ArrayList<>();
    private final List<Epoch> epochs = new ArrayList<>();
    private final Map<String, Long> entries = new TreeMap<>();
    private int version;
    private long firstSequence;
    private long firstTimeNs;

    @Override
    public void onRecord(final JournalRecord record)
    {
        version = Math.max(version, record.version());
        final File file = fileOf(record);
        file.records++;
        file.bytes += record.length();
        if (record.isEpoch())
        {
            epoch(record);
            return;
        }

        if (0 == firstSequence)
        {
            firstSequence = record.firstSequence();
            firstTimeNs = record.timestampNs();
        }
        file.firstSequence = 0 == file.firstSequence ? record.firstSequence() : file.firstSequence;
        file.lastSequence = record.lastSequence();
        count(record);
    }

    private File fileOf(final JournalRecord record)
    {
        if (files.isEmpty() || files.get(files.size() - 1).cycle != record.cycle())
        {
            files.add(new File(record.cycle()));
        }
        return files.get(files.size() - 1);
    }

    private void epoch(final JournalRecord record)
    {
        epochStart.wrapAndApplyHeader(record.buffer(), record.bodyOffset(), header);
        final byte[] engineVersion = new byte[epochStart.engineVersionLength()];
        final long continuesSequence = epochStart.continuesSequence();
        final int logicVersion = epochStart.logicVersion();
        epochStart.getEngineVersion(engineVersion, 0, engineVersion.length);
        epochs.add(new Epoch(
            record.epoch(), continuesSequence, record.timestampNs(),
            new String(engineVersion, UTF_8), logicVersion));
    }

    private void count(final JournalRecord record)
    {
        frames.wrap(record.buffer(), record.bodyOffset(), record.bodyLength());
        while (frames.next())
        {
            if (RequestFrameDecoder.TEMPLATE_ID == frames.templateId())
            {
                runs.wrap(frames.buffer(), frames.commandsOffset(), frames.commandsLength());
                while (runs.next())
                {
                    entries.merge(CommandText.verb(runs.templateId()), (long)runs.count(), Long::sum);
                }
            }
            else
            {
                entries.merge(name(frames.templateId()), (long)frames.entryCount(), Long::sum);
            }
        }
    }

    /** What an entry is called that is no command. */
    static String name(final int templateId)
    {
        switch (templateId)
        {
            case SessionOpenFrameDecoder.TEMPLATE_ID:
                return "session-open";

            case ExcludedFrameDecoder.TEMPLATE_ID:
                return "excluded";

            default:
                return "session-close";
        }
    }

    /** The journal's id as hex digits. */
    String journalId(final ScanResult found)
    {
        return DigestText.of(found.journalIdHigh(), found.journalIdLow());
    }

    /** Highest format version of any record; 0 when there is none. */
    int version()
    {
        return version;
    }

    /** Of the first entry; 0 when there is none. */
    long firstSequence()
    {
        return firstSequence;
    }

    /** Of the first entry; 0 when there is none. */
    long firstTimeNs()
    {
        return firstTimeNs;
    }

    List<File> files()
    {
        return files;
    }

    List<Epoch> epochs()
    {
        return epochs;
    }

    /** Entries by verb. */
    Map<String, Long> entries()
    {
        return entries;
    }
}
