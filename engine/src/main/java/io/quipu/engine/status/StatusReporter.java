package io.quipu.engine.status;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.engine.Clock;
import io.quipu.engine.publish.DiskRoom;
import io.quipu.engine.publish.FeedViews;
import io.quipu.engine.publish.Syncer;
import io.quipu.engine.sequencer.Sequencer;
import io.quipu.engine.sequencer.SequencerCounts;
import io.quipu.engine.sequencer.StatusQuery;
import io.quipu.engine.state.Digest;
import io.quipu.engine.state.QueryHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.transport.GaugeHandler;
import org.agrona.concurrent.Agent;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Answers GetStatus: where the engine stands, the parts of its digest, and figures about everything that runs.
 * Figures that are rates are those of the last complete second. For the sequencer thread; allocates nothing per
 * answer.
 */
public final class StatusReporter implements StatusQuery, Agent
{
    /** Hears the figures of another part of the engine. */
    @FunctionalInterface
    public interface GaugeSink extends GaugeHandler
    {
        @Override
        void onGauge(String label, long value);
    }

    /** Gives the figures of another part of the engine. */
    @FunctionalInterface
    public interface GaugeSource
    {
        void gauges(GaugeSink sink);
    }

    /** Boards that are parts of their own; the others cost an answer nothing, however many there are. */
    private static final int MAX_BOARDS = 240;
    private static final long SAMPLE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final ResultCode[] REJECTS =
    {
        ResultCode.UNKNOWN_ATTACHMENT,
        ResultCode.OUT_OF_ORDER,
        ResultCode.RETRY_TOO_OLD,
        ResultCode.WINDOW_FULL,
        ResultCode.REPLY_TOO_LARGE,
        ResultCode.REQUEST_TOO_LARGE,
        ResultCode.SESSION_EVICTED,
        ResultCode.REJECT_DISK,
        ResultCode.ACK_UNAVAILABLE,
        ResultCode.SHUTTING_DOWN,
        ResultCode.TOO_MANY_ATTACHMENTS,
    };

    private final Clock clock;
    private final StateMachine state;
    private final long startedNs;
    private final StatusReport report = new StatusReport();
    private final String[] rejectLabels = new String[REJECTS.length];
    private final Digest.PartHandler partHandler = report::addPart;
    private final StateMachine.GaugeHandler stateHandler = report::addGauge;
    private final GaugeSink sink = report::addGauge;
    private final Rate commandRate = new Rate();
    private final Rate requestRate = new Rate();
    private final Rate recordRate = new Rate();
    private final Rate queryRate = new Rate();

    private Sequencer sequencer;
    private Syncer syncer;
    private DiskRoom diskRoom;
    private FeedViews views;
    private GaugeSource publishing = sink -> {};
    private LongSupplier journalBytes = () -> 0;
    private long sampledNs;

    /**
     * @param clock of the engine.
     * @param state that the digest and most figures are read from.
     */
    public StatusReporter(final Clock clock, final StateMachine state)
    {
        this.clock = clock;
        this.state = state;
        startedNs = clock.monotonicNs();
        sampledNs = startedNs;
        for (int i = 0; i < REJECTS.length; i++)
        {
            rejectLabels[i] = "rejects." + REJECTS[i].name().toLowerCase(Locale.ROOT);
        }
    }

    /** Joins the parts that the figures come from; before the first answer. */
    public void observe(
        final Sequencer sequencer,
        final Syncer syncer,
        final DiskRoom diskRoom,
        final FeedViews views,
        final GaugeSource publishing,
        final LongSupplier journalBytes)
    {
        this.sequencer = sequencer;
        this.syncer = syncer;
        this.diskRoom = diskRoom;
        this.views = views;
        this.publishing = publishing;
        this.journalBytes = journalBytes;
    }

    /** Takes a sample once a second. */
    @Override
    public int doWork()
    {
        final long nowNs = clock.monotonicNs();
        final long elapsedNs = nowNs - sampledNs;
        if (elapsedNs >= SAMPLE_NS)
        {
            final SequencerCounts counts = sequencer.counts();
            commandRate.update(counts.commands(), elapsedNs);
            requestRate.update(counts.requests(), elapsedNs);
            recordRate.update(counts.records(), elapsedNs);
            queryRate.update(counts.queries(), elapsedNs);
            sampledNs = nowNs;
        }

        return 0;
    }

    @Override
    public String roleName()
    {
        return "status";
    }

    @Override
    public void answer(final QueryHandler handler)
    {
        report.clear();
        state.digest().forEachPart(partHandler, MAX_BOARDS);

        report.addGauge("uptimeSeconds", TimeUnit.NANOSECONDS.toSeconds(clock.monotonicNs() - startedNs));
        addCounts(sequencer.counts());
        report.addGauge("attachments", sequencer.attachmentCount());
        report.addGauge("longestCutNs", views.longestCutNs());
        report.addGauge("syncs", syncer.syncCount());
        report.addGauge("longestSyncNs", syncer.longestSyncNs());
        report.addGauge("journalBytes", journalBytes.getAsLong());
        report.addGauge("freeBytes", diskRoom.freeBytes());
        state.forEachGauge(stateHandler);
        publishing.gauges(sink);

        report.encode(syncer.durableSequence(), state.timeNs(), state.digest(), handler);
    }

    private void addCounts(final SequencerCounts counts)
    {
        report.addGauge("commandsPerSecond", commandRate.perSecond());
        report.addGauge("requestsPerSecond", requestRate.perSecond());
        report.addGauge("recordsPerSecond", recordRate.perSecond());
        report.addGauge("queriesPerSecond", queryRate.perSecond());
        report.addGauge("commands", counts.commands());
        report.addGauge("requests", counts.requests());
        report.addGauge("records", counts.records());
        report.addGauge("queries", counts.queries());
        report.addGauge("retriesAnswered", counts.retries());
        for (int i = 0; i < REJECTS.length; i++)
        {
            report.addGauge(rejectLabels[i], counts.rejects(REJECTS[i]));
        }
    }
}
