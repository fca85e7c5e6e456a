package io.quipu.engine;

import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.RecordHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Starts that are refused: each with its exit code and one line, and with nothing changed.
 */
@Timeout(120)
class EngineStartTest
{
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);

    @TempDir
    private Path dir;

    private Path data()
    {
        return dir.resolve("engine");
    }

    private EngineContext context()
    {
        return new EngineContext()
            .dir(data())
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .log(line -> {});
    }

    private static StartRefusedException refusal(final EngineContext context)
    {
        return catchThrowableOfType(StartRefusedException.class, () -> EngineNode.launch(context).close());
    }

    @Test
    void shouldRefuseADirectoryInUseByAnotherProcess() throws Exception
    {
        try (EngineProcess engine = new EngineProcess(data().toString(), "localhost:0"))
        {
            engine.awaitReady();
            final StartRefusedException here = refusal(context());
            assertThat(here.exitCode()).isEqualTo(69);
            assertThat(here.verdict()).isEqualTo("LOCKED");
            assertThat(here.getMessage()).contains(data().toString());

            try (EngineProcess second = new EngineProcess(data().toString(), "localhost:0"))
            {
                assertThat(second.awaitExit()).isEqualTo(69);
            }

            assertThat(engine.terminate()).isZero();
        }
    }

    @Test
    void shouldRefuseAPortInUseBeforeAnythingIsJournaled() throws Exception
    {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("localhost")))
        {
            final StartRefusedException refusal = refusal(context().ingress("localhost:" + socket.getLocalPort()));
            assertThat(refusal.exitCode()).isEqualTo(1);
            assertThat(refusal.getMessage()).contains(Integer.toString(socket.getLocalPort()));
        }

        try (EngineNode engine = EngineNode.launch(context()))
        {
            assertThat(engine.readyLine()).contains("sequence=0");
        }
    }

    @Test
    @Timeout(30)
    void shouldTellWhoWaitsThatAStartFailedAlsoWhenClosingFailsToo()
    {
        final FaultyStore store = new FaultyStore(data());
        store.failsStartAndClose = true;
        final StartRefusedException refusal = refusal(context().journalStore(store));

        assertThat(refusal.exitCode()).isEqualTo(74);
        assertThat(refusal.getMessage()).contains("recover failed by order of the test");
        assertThat(refusal.getSuppressed()).hasSize(1);
    }

    @Test
    void shouldRefuseADirectoryThatIsAFile() throws IOException
    {
        Files.writeString(data(), "not a directory");
        final StartRefusedException refusal = refusal(context());

        assertThat(refusal.exitCode()).isEqualTo(1);
        assertThat(refusal.getMessage()).contains("dir=" + data());
        assertThat(Files.readString(data())).isEqualTo("not a directory");
    }

    @Test
    void shouldRefuseAnAddressThatOthersCanReach()
    {
        final StartRefusedException refusal = refusal(context().ingress("0.0.0.0:0"));

        assertThat(refusal.exitCode()).isEqualTo(1);
        assertThat(refusal.getMessage()).contains("--allow-unauthenticated");
    }

    @Test
    void shouldRefuseWhatTheContextCannotBe()
    {
        assertThatThrownBy(() -> EngineNode.launch(context().threads(null)))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("threads=null");
        assertThatThrownBy(() -> EngineNode.launch(context().syncIntervalNs(0)))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sync-interval=0");
    }

    @Test
    void shouldRefuseAClockFarAheadUntilItIsAccepted() throws IOException
    {
        write(null, true);
        final Map<String, Long> before = files();
        final TestClock clock = new TestClock(System.currentTimeMillis() * 1_000_000 + 31 * DAY_NS);
        final StartRefusedException refusal = refusal(context().clock(clock));

        assertThat(refusal.exitCode()).isEqualTo(72);
        assertThat(refusal.getMessage()).contains("--accept-clock");
        assertThat(files()).isEqualTo(before);
        try (EngineNode engine = EngineNode.launch(context().clock(clock).acceptClock(true)))
        {
            assertThat(engine.readyLine()).contains("sequence=1");
        }
    }

    @Test
    void shouldStartOnAClockFarBehind() throws IOException
    {
        write(null, true);
        try (EngineNode engine = EngineNode.launch(context().clock(new TestClock(DAY_NS))))
        {
            assertThat(engine.readyLine()).contains("sequence=1");
        }
    }

    @Test
    void shouldRefuseAJournalWhoseDigestIsNotTheState() throws IOException
    {
        write(77L, true);
        final Map<String, Long> before = files();
        final StartRefusedException refusal = refusal(context());

        assertThat(refusal.exitCode()).isEqualTo(70);
        assertThat(refusal.verdict()).isEqualTo("DIVERGED");
        assertThat(refusal.getMessage()).contains("sequence 1");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void shouldRefuseAJournalThatCannotBeApplied() throws IOException
    {
        write(null, false);
        final Map<String, Long> before = files();
        final StartRefusedException refusal = refusal(context());

        assertThat(refusal.exitCode()).isEqualTo(71);
        assertThat(refusal.verdict()).isEqualTo("APPLY_FAILED");
        assertThat(refusal.getMessage()).contains("sequence 1");
        assertThat(files()).isEqualTo(before);
    }

    /** A journal of one record, an opened session: on a digest that is not the state's, or under a wrong id. */
    private void write(final Long digest, final boolean applies)
    {
        final JournalContext context = new JournalContext().directory(data());
        try (StateMachine state = new StateMachine(); Journal journal = Journal.open(context))
        {
            journal.recover(RecordHandler.NONE);
            final long timeNs = System.currentTimeMillis() * 1_000_000;
            final long high = state.digest().high();
            final long low = state.digest().low();
            final JournalAppender appender = journal.startEpoch(timeNs, high, low);
            final SessionOpenFrameEncoder open = new SessionOpenFrameEncoder();
            open.wrapAndApplyHeader(appender.buffer(), appender.bodyOffset(), new MessageHeaderEncoder())
                .tokenHashHigh(1).tokenHashLow(2).sessionId(applies ? 1 : 99).reserved(0);
            appender.append(
                open.limit() - appender.bodyOffset(), 1, timeNs, 0, null == digest ? high : digest, low);
            journal.sync();
        }
    }

    /** Names and a hash of the contents of all files of the journal, but the lock. */
    private Map<String, Long> files() throws IOException
    {
        final Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(data().resolve("journal")))
        {
            for (final Path path : (Iterable<Path>)paths.filter(Files::isRegularFile)::iterator)
            {
                files.put(path.toString(), (long)new UnsafeBuffer(Files.readAllBytes(path)).hashCode());
            }
        }

        return files;
    }

    private static final class TestClock implements Clock
    {
        private final long wallNs;

        TestClock(final long wallNs)
        {
            this.wallNs = wallNs;
        }

        @Override
        public long monotonicNs()
        {
            return System.nanoTime();
        }

        @Override
        public long wallNs()
        {
            return wallNs;
        }
    }
}
