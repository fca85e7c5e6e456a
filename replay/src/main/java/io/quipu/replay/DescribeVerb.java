package io.quipu.replay;

import io.quipu.engine.cli.TextTable;
import io.quipu.journal.ScanResult;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * Says what is in a journal, without applying it.
 */
@Command(
    name = "describe",
    description = {
        "Say what a journal holds: its id, files, epochs, entries by kind, first and last times.",
        "Reads every record, applies none."})
final class DescribeVerb extends JournalVerb
{
    @Override
    int read()
    {
        final JournalSummary summary = new JournalSummary();
        final ScanResult found = scan("reading", summary);
        requireJournal(found);
        if (json())
        {
            showObject(found, summary);
        }
        else
        {
            showText(found, summary);
        }
        if (null != found.damage() && !found.reachedTo())
        {
            out().note("quipu replay describe: " + found.describe());
        }
        return found.reachedTo() ? 0 : found.verdict().exitCode();
    }

    private void showText(final ScanResult found, final JournalSummary summary)
    {
        final TextTable whole = new TextTable().words("journal").words(summary.journalId(found));
        whole.row("verdict", found.verdict());
        whole.row("format version", summary.version());
        whole.row("records", found.records());
        whole.row("bytes of records", found.bytes());
        whole.row("sequence", summary.firstSequence() + ".." + found.lastSequence());
        whole.row("known durable to", found.durableSequence());
        whole.row("first entry", Times.of(summary.firstTimeNs()));
        whole.row("last record", Times.of(found.timestampNs()));
        whole.print(out());

        final TextTable files = new TextTable()
            .words("file").numbers("records").numbers("bytes").numbers("first").numbers("last");
        summary.files().forEach(
            (file) -> files.row(
                fileName(file.cycle()), file.records(), file.bytes(), file.firstSequence(), file.lastSequence()));
        out().line("");
        files.print(out());

        final TextTable epochs = new TextTable()
            .numbers("epoch").numbers("continues").words("started").words("engine").numbers("logic");
        summary.epochs().forEach(
            (epoch) -> epochs.row(
                epoch.epoch(), epoch.continuesSequence(), Times.of(epoch.timeNs()), epoch.engineVersion(),
                epoch.logicVersion()));
        out().line("");
        epochs.print(out());

        final TextTable entries = new TextTable().words("entries").numbers("count");
        summary.entries().forEach(entries::row);
        out().line("");
        entries.print(out());
    }

    private void showObject(final ScanResult found, final JournalSummary summary)
    {
        out().object(
            (json) ->
            {
                json.writeStringField("journal", summary.journalId(found));
                json.writeStringField("verdict", found.verdict().name());
                json.writeNumberField("formatVersion", summary.version());
                json.writeNumberField("records", found.records());
                json.writeNumberField("bytes", found.bytes());
                json.writeNumberField("firstSequence", summary.firstSequence());
                json.writeNumberField("sequence", found.lastSequence());
                json.writeNumberField("durableSequence", found.durableSequence());
                json.writeNumberField("epoch", found.epoch());
                json.writeNumberField("firstTimeNs", summary.firstTimeNs());
                json.writeNumberField("timeNs", found.timestampNs());
                json.writeArrayFieldStart("files");
                for (final JournalSummary.File file : summary.files())
                {
                    json.writeStartObject();
                    json.writeStringField("file", fileName(file.cycle()));
                    json.writeNumberField("records", file.records());
                    json.writeNumberField("bytes", file.bytes());
                    json.writeNumberField("firstSequence", file.firstSequence());
                    json.writeNumberField("lastSequence", file.lastSequence());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeArrayFieldStart("epochs");
                for (final JournalSummary.Epoch epoch : summary.epochs())
                {
                    json.writeStartObject();
                    json.writeNumberField("epoch", epoch.epoch());
                    json.writeNumberField("continuesSequence", epoch.continuesSequence());
                    json.writeNumberField("timeNs", epoch.timeNs());
                    json.writeStringField("engineVersion", epoch.engineVersion());
                    json.writeNumberField("logicVersion", epoch.logicVersion());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeObjectFieldStart("entries");
                for (final Map.Entry<String, Long> entries : summary.entries().entrySet())
                {
                    json.writeNumberField(entries.getKey(), entries.getValue());
                }
                json.writeEndObject();
            });
    }
}
