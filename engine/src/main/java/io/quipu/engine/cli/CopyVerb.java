package io.quipu.engine.cli;

import io.quipu.engine.HugePages;
import io.quipu.engine.recovery.DirectoryCopy;
import io.quipu.journal.JournalException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A verb that makes a proven copy of a directory, and says what is in it.
 */
abstract class CopyVerb extends Verb
{
    /**
     * Copies.
     *
     * @param source     to read.
     * @param target     to make.
     * @param targetName option that named it.
     * @param isBackup   whether the source is a backup, or an engine's directory.
     * @return the exit code.
     */
    final int copy(final Path source, final Path target, final String targetName, final boolean isBackup)
    {
        if (!Files.isDirectory(source))
        {
            throw VerbException.refused("NO_SUCH_DIRECTORY", "there is no directory " + source);
        }
        if (!isFree(target))
        {
            throw VerbException.refused(
                "EXISTS", targetName + " " + target + " is there and not empty: name a new directory");
        }

        HugePages.install();
        try (WorkProgress progress = new WorkProgress("reading", out().notes()))
        {
            show(DirectoryCopy.copy(
                source,
                target,
                isBackup,
                (sequence, bytes, totalBytes) -> progress.bytes(bytes, totalBytes),
                (line) -> out().note(line)), target, isBackup ? "restored" : "backed up");
            return ExitCodes.GOOD;
        }
        catch (final JournalException ex)
        {
            throw new VerbException(ex.verdict().exitCode(), ex.verdict().name(), ex.getMessage());
        }
        catch (final FileAlreadyExistsException ex)
        {
            throw VerbException.refused(
                "EXISTS", ex.getFile() + " is there: another copy is being made, or one was given up; then remove it");
        }
        catch (final IOException ex)
        {
            throw VerbException.refused("IO_ERROR", "cannot write " + target + ": " + ex);
        }
    }

    private static boolean isFree(final Path target)
    {
        try (Stream<Path> content = Files.exists(target) ? Files.list(target) : Stream.empty())
        {
            return content.findAny().isEmpty();
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private void show(final DirectoryCopy.Copied copied, final Path target, final String done)
    {
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeNumberField("sequence", copied.sequence());
                    json.writeStringField("digest", copied.digest());
                    json.writeNumberField("checkpoint", copied.checkpoint());
                    json.writeNumberField("bytes", copied.bytes());
                });
        }
        else
        {
            out().line(done + " to " + target + ": sequence " + copied.sequence() + ", digest " + copied.digest() +
                ", " + copied.bytes() + " bytes" +
                (copied.checkpoint() == 0 ? "" : ", checkpoint at " + copied.checkpoint()));
        }
    }
}
