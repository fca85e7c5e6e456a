package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.StartRefusedException;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.engine.state.RecordBodies;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.RecordHandler;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A journal that ends with a record in whose midst a request stands that cannot be applied. */
@Timeout(120)
class ExcludeTest
{
    private static final int COMMANDS = 5;
    private static final long TIME_NS = 1_700_000_000_000_000_000L;

    @TempDir
    private Path dir;

    private final Captured captured = new Captured();
    private final MutableDirectBuffer body = new ExpandableArrayBuffer();
    private int length;
    private long firstFailing;
    private long last;

    /** A session is opened; then its first, third and second request, in one record, which is durable. */
    @BeforeEach
    void write()
    {
        final RecordBodies bodies = new RecordBodies(1, 1, 8);
        try (StateMachine state = new StateMachine();
            Journal journal = Journal.open(new JournalContext().directory(dir)))
        {
            journal.recover(RecordHandler.NONE);
            final JournalAppender appender =
                journal.startEpoch(TIME_NS, state.digest().high(), state.digest().low());
            append(bodies, 1);
            append(appender, state, 1);
            state.apply(body, 0, length, 1, TIME_NS, ReplyHandler.NONE);

            length = 0;
            final int first = append(bodies, COMMANDS);
            final int start = length;
            final int second = append(bodies, COMMANDS);
            final byte[] moved = new byte[length - start];
            body.getBytes(start, moved);
            length = start;
            final int third = append(bodies, COMMANDS);
            body.putBytes(length, moved);
            length += moved.length;
            firstFailing = 2 + first;
            last = appender.nextSequence() + first + second + third - 1;
            append(appender, state, first + second + third);
            journal.sync();
        }
    }

    private int append(final RecordBodies bodies, final int commands)
    {
        body.putBytes(length, bodies.next(commands), 0, bodies.length());
        length += bodies.length();
        return bodies.entryCount();
    }

    private void append(final JournalAppender appender, final StateMachine state, final int entries)
    {
        appender.buffer().putBytes(appender.bodyOffset(), body, 0, length);
        appender.append(length, entries, TIME_NS, 0, state.digest().high(), state.digest().low());
    }

    private EngineNode launch()
    {
        return EngineNode.launch(new EngineContext()
            .dir(dir)
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .acceptClock(true)
            .log(line -> {}));
    }

    private int exclude(final long sequence)
    {
        return captured.run("repair", "--dir", dir.toString(), "--exclude", Long.toString(sequence));
    }

    @Test
    void shouldTakeOutTheRequestThatFailsAndNothingElse() throws IOException
    {
        final StartRefusedException refusal = catchThrowableOfType(StartRefusedException.class, this::launch);
        assertThat(refusal.exitCode()).isEqualTo(71);
        assertThat(refusal).hasMessageContaining("quipu repair --exclude " + firstFailing + " ");

        assertThat(exclude(firstFailing + COMMANDS - 1)).as(captured.err()).isZero();
        final String place = "sequence " + last + ", digest ";
        assertThat(captured.out())
            .startsWith("excluded " + firstFailing + " to " + (firstFailing + COMMANDS - 1) + ": " + place);
        final String digest = captured.out().replaceAll("(?s).*digest (\\w+);.*", "$1");
        try (Stream<Path> quarantined = Files.list(dir.resolve("quarantine").resolve("1")))
        {
            assertThat(quarantined.filter(path -> path.toString().endsWith(".cq4"))).hasSize(1);
        }

        try (Replay replay = Replay.of(dir, Replayer.TO_END, RecoveryProgress.NONE))
        {
            assertThat(replay.digest()).isEqualTo(digest);
            assertThat(replay.state().sessions().isOpen(1)).isFalse();
            assertThat(replay.state().sessions().evictedUpTo()).isEqualTo(firstFailing + COMMANDS - 1);
        }
        for (int start = 0; start < 2; start++)
        {
            // The end of the first one makes a checkpoint, whose digest is taken from scratch.
            try (EngineNode engine = launch())
            {
                assertThat(engine.readyLine()).endsWith(" sequence=" + last + " digest=" + digest);
            }
        }
        assertThat(exclude(firstFailing)).isEqualTo(71);
        assertThat(captured.err()).contains("there is nothing to exclude");
    }

    @Test
    void shouldChangeNothingWhereAnotherRequestFails() throws IOException
    {
        final Map<Path, Long> before = contents();
        for (final long sequence : new long[]{ 1, firstFailing - 1, firstFailing + COMMANDS, last + 1 })
        {
            assertThat(exclude(sequence)).isEqualTo(71);
            assertThat(captured.err()).contains("it is not sequence " + sequence + " that fails");
        }
        assertThat(contents()).isEqualTo(before);
    }

    private Map<Path, Long> contents() throws IOException
    {
        final Map<Path, Long> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(dir))
        {
            for (final Path path : paths.filter(Files::isRegularFile).toList())
            {
                contents.put(path, Files.getLastModifiedTime(path).toMillis());
            }
        }
        return contents;
    }
}
