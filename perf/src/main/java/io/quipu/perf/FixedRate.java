package io.quipu.perf;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.AsyncClient;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;
import io.quipu.transport.client.Request;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Target h: adds by name at a fixed rate, each a request of its own, over four sessions of the client library in
 * turn; the library puts requests into frames as it sees fit. Each command is timed from the moment at which it was
 * due, so that a stall of either side is charged to all that it delayed. Sessions add to counters of their own, so
 * that every value is known. One thread.
 */
final class FixedRate
{
    private static final int SESSIONS = 4;
    private static final int COMMANDS_A_SECOND = 200_000;
    private static final int SLOTS = 1 << 16;
    /**
     * Until the compilers of both processes are done, which take a core that one of the two threads needs; in rounds, since a
     * loop that is compiled while it runs is not what the next call runs.
     */
    private static final long WARM_UP_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int WARM_UPS = 20;
    /** After the figures of both processes were read, which a client of its own does. */
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_REPLIES_NS = TimeUnit.SECONDS.toNanos(10);

    private final BenchPlan plan;
    private final NumberedNames names = new NumberedNames(CounterWorkload.PREFIX);
    private final SplittableRandom random = new SplittableRandom(BenchPlan.SEED);
    private final Request request = new Request();
    private final Histogram latencyNs = new Histogram(LoadGenerator.HIGHEST_NS, 3);
    private final AsyncSession[] sessions = new AsyncSession[SESSIONS];
    private final int[] totals;
    private final int[] expected = new int[SLOTS];
    private long intervalNs;
    private long startNs;
    private long answered;

    FixedRate(final BenchPlan plan)
    {
        this.plan = plan;
        totals = new int[plan.names() - plan.names() % SESSIONS];
    }

    Outcome measure() throws IOException
    {
        try (EngineUnderTest engine = EngineUnderTest.start(plan.base(), plan.ack(), "spin"))
        {
            try (LoadGenerator filler = new LoadGenerator(engine.client(), BenchTarget.E2.workload(plan.names(), BenchPlan.SEED)))
            {
                filler.fill();
            }
            Arrays.fill(totals, 1);
            return measure(engine);
        }
    }

    private Outcome measure(final EngineUnderTest engine)
    {
        try (AsyncClient client = AsyncClient.connect(engine.client().queuedRequests(SLOTS / SESSIONS)))
        {
            for (int i = 0; i < SESSIONS; i++)
            {
                sessions[i] = client.openSession(new Replies());
            }
            for (int i = 0; i < WARM_UPS; i++)
            {
                run(client, WARM_UP_NS);
            }
            final EngineUnderTest.Usage before = engine.usage();
            run(client, SETTLE_NS);
            latencyNs.reset();
            final long framesBefore = client.counters().framesSent();
            final long commands = run(client, TimeUnit.SECONDS.toNanos(plan.seconds()));
            final long frames = client.counters().framesSent() - framesBefore;
            final EngineUnderTest.Usage usage = engine.usage().since(before);
            return outcome(commands, usage, verify(engine))
                .condition("commandsPerFrame", commands / (double)frames)
                .condition("requestsResent", client.counters().requestsResent());
        }
    }

    private long run(final AsyncClient client, final long durationNs)
    {
        intervalNs = TimeUnit.SECONDS.toNanos(1) / COMMANDS_A_SECOND;
        final long commands = durationNs / intervalNs;
        answered = 0;
        startNs = System.nanoTime() + intervalNs;
        long offered = 0;
        while (offered < commands)
        {
            while (offered < commands && System.nanoTime() - (startNs + offered * intervalNs) >= 0)
            {
                offer(sessions[(int)(offered % SESSIONS)], offered);
                offered++;
            }
            client.poll();
        }
        final long deadlineNs = System.nanoTime() + LAST_REPLIES_NS;
        while (answered < commands && System.nanoTime() - deadlineNs < 0)
        {
            client.poll();
        }
        Workload.same("replies", answered, commands);
        return commands;
    }

    private void offer(final AsyncSession session, final long command)
    {
        final int counter = random.nextInt(totals.length / SESSIONS) * SESSIONS + (int)(command % SESSIONS);
        expected[(int)(command & (SLOTS - 1))] = ++totals[counter];
        request.reset().form(ReplyForm.VALUES).add(names.write(counter), 0, names.length(), 1);
        while (session.offer(request, command) == AsyncSession.BACK_PRESSURED)
        {
            session.poll();
        }
    }

    private long verify(final EngineUnderTest engine)
    {
        try (QuipuClient client = QuipuClient.connect(engine.client()))
        {
            return CounterWorkload.readBack(client, names, totals);
        }
    }

    private Outcome outcome(final long commands, final EngineUnderTest.Usage usage, final long compared)
    {
        final double seconds = usage.timeNs() / 1e9;
        return plan.outcome(BenchTarget.H)
            .figure(Figure.atMost("p99", us(99), "us", 50))
            .figure(Figure.atMost("p99.9", us(99.9), "us", 500))
            .figure(Figure.of("p50", us(50), "us"))
            .figure(Figure.of("p99.99", us(99.99), "us"))
            .figure(Figure.of("worst", latencyNs.getMaxValue() / 1e3, "us"))
            .condition("rate", COMMANDS_A_SECOND + " commands/s, one a request")
            .condition("sessions", SESSIONS)
            .condition("engineIdle", "spin")
            .condition("commands", commands)
            .condition("repliesDropped", usage.repliesDropped())
            .condition("engineCpuPercent", 100 * usage.engineCpuNs() / (double)usage.timeNs())
            .condition("clientCpuPercent", 100 * usage.clientCpuNs() / (double)usage.timeNs())
            .condition("wireBytesPerSecond", usage.loopbackBytes() / seconds)
            .condition("diskBytesPerSecond", usage.journalBytes() / seconds)
            .condition("verified", "every reply, and " + compared + " values read back")
            .histogram("h command", latencyNs);
    }

    private double us(final double percentile)
    {
        return latencyNs.getValueAtPercentile(percentile) / 1e3;
    }

    /** One for all sessions. */
    private final class Replies implements ReplyHandler
    {
        @Override
        public void onReply(final long correlation, final Reply reply)
        {
            final long dueNs = startNs + correlation * intervalNs;
            latencyNs.recordValue(Math.min(LoadGenerator.HIGHEST_NS, System.nanoTime() - dueNs));
            final int wanted = expected[(int)(correlation & (SLOTS - 1))];
            if (reply.value(0) != wanted)
            {
                Workload.same("the counter of add " + reply.firstSequence(), reply.value(0), wanted);
            }
            answered++;
        }

        @Override
        public void onRefused(
            final long correlation, final long requestSequence, final ResultCode code, final long detail)
        {
            throw new IllegalStateException("request " + requestSequence + " was refused: " + code + ", " + detail);
        }
    }
}
