package io.quipu.replay;

import io.quipu.engine.HugePages;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.cli.WorkProgress;
import io.quipu.engine.recovery.Beginning;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.recovery.Replayer;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.DamagedRanges;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/**
 * Proves a journal: every length, CRC, chain value and sequence, and the digest in every record's header against the
 * state that replay has reached.
 */
@Command(
    name = "verify",
    description = {
        "Prove a journal: lengths, checksums, chain and sequences, and the digest in each record against the state.",
        "Where it is damaged, every damaged range is listed, with the entries that are lost in it.",
        "The verdict is the exit code: 0 for CLEAN and TORN_TAIL, 65 CORRUPT, 66 GAP, 68 FORMAT_TOO_NEW, 70 DIVERGED, " +
            "71 APPLY_FAILED, 74 IO_FAULT."})
final class VerifyVerb extends JournalVerb
{
    @Override
    int read()
    {
        HugePages.install();
        final Checkpoints.Restored restored = Beginning.oldestState(dir(), RecoveryProgress.NONE, out()::note);
        try (StateMachine state = restored.state())
        {
            final Replayer replayer = new Replayer(
                state, restored.place().timestampNs(), toSequence(), RecoveryProgress.NONE, ReplyHandler.NONE);
            final ScanResult found;
            try (WorkProgress progress = new WorkProgress("verifying", out().notes()))
            {
                found = scan(progress, replayer, restored.place());
            }
            catch (final JournalException ex)
            {
                out().note("quipu replay verify: " + ex.verdict() + ": " + ex.getMessage());
                return conclude(ex.verdict(), state, "");
            }
            requireJournal(found);
            return conclude(found, state, replayer);
        }
    }

    private int conclude(final ScanResult found, final StateMachine state, final Replayer replayer)
    {
        if (null == found.damage() || found.reachedTo())
        {
            requireReached(found);
            return conclude(
                found.reachedTo() ? Verdict.CLEAN : found.verdict(), state,
                ": " + replayer.records() + " records, " + found.bytes() + " bytes in " + found.cycles() +
                " files, to epoch " + found.epoch());
        }
        out().note("quipu replay verify: " + found.describe());
        DamagedRanges.of(new JournalContext().directory(dir())).forEach(this::show);
        return conclude(found.verdict(), state, "");
    }

    private void show(final DamagedRanges.Range range)
    {
        final String file = Path.of(range.file()).getFileName().toString();
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeStringField("damaged", file);
                    json.writeNumberField("from", range.from());
                    json.writeNumberField("to", range.to());
                    json.writeNumberField("firstSequence", range.firstSequence());
                    json.writeNumberField("lastSequence", range.lastSequence());
                });
            return;
        }

        final long first = range.firstSequence();
        final long last = range.lastSequence();
        out().line("damaged: " + file + " " + range.from() + ".." + range.to() +
            (first == 0 ? ", no entry is lost" : ", entries from " + first + (last == 0 ? " on" : " to " + last)));
    }

    private int conclude(final Verdict verdict, final StateMachine state, final String detail)
    {
        final String digest = DigestText.of(state.digest().high(), state.digest().low());
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeStringField("verdict", verdict.name());
                    json.writeNumberField("sequence", state.sequence());
                    json.writeStringField("digest", digest);
                });
        }
        else
        {
            out().line(verdict + detail);
            out().line(
                "valid up to sequence " + state.sequence() + " of " + Times.of(state.timeNs()) + ", digest " + digest);
        }
        return verdict.exitCode();
    }
}
