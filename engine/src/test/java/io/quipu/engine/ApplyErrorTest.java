package io.quipu.engine;

import io.quipu.engine.sim.EditedClasses;
import io.quipu.engine.sim.PlantedBug;
import io.quipu.journal.JournalException;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A bug planted in apply, an Error and no mere exception: the engine stops at that entry, each start says where, and when
 * the bug is gone nothing is lost.
 */
class ApplyErrorTest
{
    private static final Path ROOT = Path.of(System.getProperty("quipu.root", ".."));
    /** The bug is there while this is true. */
    private static final String IS_PLANTED = "quipu.test.planted";
    private static final String ADD = "    private void add(final int id, final long delta)\n    {\n";
    private static final PlantedBug BUG = new PlantedBug(
        "an error in apply",
        "engine",
        "io.quipu.engine.state.CounterCommands",
        ADD,
        ADD + "        if (13 == delta && Boolean.getBoolean(\"" + IS_PLANTED + "\"))\n" +
            "        {\n            throw new StackOverflowError(\"planted\");\n        }\n");

    @Test
    void shouldStopAtTheEntryAndSayWhereAtEachStart() throws Exception
    {
        System.setProperty(IS_PLANTED, "true");
        try
        {
            @SuppressWarnings("unchecked")
            final Callable<List<String>> run = (Callable<List<String>>)EditedClasses.with(ROOT, BUG)
                .loadClass(Run.class.getName()).getDeclaredConstructor().newInstance();
            assertThat(run.call()).containsExactly(
                "live: APPLY_FAILED applying the entries that end with sequence 4, in the record 3..4, failed: " +
                    "java.lang.StackOverflowError: planted; nothing is lost: keep the directory and report this",
                "replies: 1",
                "start: APPLY_FAILED at sequence 3..4 true",
                "start: APPLY_FAILED at sequence 3..4 true",
                "without the bug: 15 more");
        }
        finally
        {
            System.clearProperty(IS_PLANTED);
        }
    }

    /** With the bug in it; talks to the test in classes of the JDK alone. */
    public static final class Run implements Callable<List<String>>
    {
        private final List<String> events = new ArrayList<>();
        private final FailingDisk disk = new FailingDisk();

        @Override
        public List<String> call() throws Exception
        {
            live();
            refused();
            refused();
            System.clearProperty(IS_PLANTED);
            try (SteppedEngine engine = engine().start())
            {
                final var attached = engine.attach(1);
                engine.submit(attached.attachment(), new Frames.Body(attached.lastRequestSequence() + 1).add("a", 0));
                engine.turn();
                events.add("without the bug: " + RawClient.value(engine.replies().get(0)) + " more");
            }
            return events;
        }

        private SteppedEngine engine()
        {
            return disk.engine(new EngineContext().log((line) -> { }));
        }

        private void live() throws Exception
        {
            try (SteppedEngine engine = engine().start())
            {
                final long attachment = engine.attach(1).attachment();
                engine.submit(attachment, new Frames.Body(1).add("a", 1));
                engine.turn();
                engine.submit(attachment, new Frames.Body(2).add("a", 1).add("a", 13));
                try
                {
                    engine.turn();
                }
                catch (final EngineFailedException ex)
                {
                    events.add("live: " + ex.verdict() + ' ' + ex.getMessage());
                }
                events.add("replies: " + engine.replies().size());
            }
        }

        private void refused()
        {
            try (SteppedEngine engine = engine())
            {
                engine.start();
            }
            catch (final JournalException ex)
            {
                final String where = "sequence 3..4";
                events.add("start: " + ex.verdict() + " at " + where + ' ' + ex.getMessage().contains(where));
            }
        }
    }
}
