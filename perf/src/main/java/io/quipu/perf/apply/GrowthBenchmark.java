package io.quipu.perf.apply;

import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.perf.NumberedNames;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Target m: the longest that a request of 64 commands takes inside {@code apply} while counters grow fifty-fold,
 * while a board grows as much, and while the members of a dropped and of a reset board are released behind the
 * commands that follow. Beside each stands the longest gap that a loop on the same thread sees that does nothing but
 * read the clock, for as long, in slices of the same run: what the machine does to anybody. All of it in rounds, told
 * as {@link Pauses} does. {@code ./quipu bench --targets m} starts it.
 */
public final class GrowthBenchmark
{
    private static final int COMMANDS = 64;
    private static final int SLICE = 256;
    private static final int ENTRIES_A_COMMAND = 64;
    private static final int ROUNDS = 3;

    /** One of the four kinds of work. */
    private static final class Phase
    {
        final Pauses requests = new Pauses();
        final Pauses hiccups = new Pauses();
        long mostRehashed;
    }

    private final NumberedNames counters = new NumberedNames("c:");
    private final NumberedNames members = new NumberedNames("m:");
    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private SplittableRandom random;
    private Phase phase;
    private long workedNs;
    private long rehashed;

    private GrowthBenchmark()
    {
    }

    /**
     * Prints {@code name value} lines.
     *
     * @param args names at the start, names at the end, members of the board that is dropped and reset.
     */
    public static void main(final String[] args)
    {
        final GrowthBenchmark benchmark = new GrowthBenchmark();
        benchmark.run(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }

    private void run(final int from, final int to, final int boardMembers)
    {
        warmUp();
        phases.clear();
        for (int round = 0; round < ROUNDS; round++)
        {
            random = new SplittableRandom(20_260_101L);
            round(from, to, boardMembers);
        }
        phases.forEach(GrowthBenchmark::print);
    }

    private void round(final int from, final int to, final int boardMembers)
    {
        try (AppliedState state = new AppliedState())
        {
            state.createCounters(counters, 0, from);
            begin("counters");
            grow(state, RecordBody.adds(counters, COMMANDS, ReplyForm.ACK), from, to);
        }
        try (AppliedState state = new AppliedState())
        {
            state.createBoard(Operator.SUM);
            state.createMembers(members, 0, from, (member) -> random.nextInt(AppliedState.SCORES));
            begin("members");
            grow(state, RecordBody.scores(AppliedState.BOARD, members, COMMANDS, ReplyForm.ACK), from, to);
        }
        try (AppliedState state = new AppliedState())
        {
            state.createCounters(counters, 0, from);
            state.createBoard(Operator.SUM);
            state.createMembers(members, 0, boardMembers, (member) -> random.nextInt(AppliedState.SCORES));
            begin("reset");
            release(state, RecordBody.resetBoard(AppliedState.BOARD), from, boardMembers);
            state.createMembers(members, 0, boardMembers, (member) -> random.nextInt(AppliedState.SCORES));
            begin("drop");
            release(state, RecordBody.dropBoard(AppliedState.BOARD), from, boardMembers);
        }
    }

    private void begin(final String what)
    {
        phase = phases.computeIfAbsent(what, (key) -> new Phase());
        phase.requests.begin();
        phase.hiccups.begin();
        workedNs = 0;
    }

    /** The same work on a small state, until it is compiled. */
    private void warmUp()
    {
        final int names = 300_000;
        random = new SplittableRandom();
        begin("warm-up");
        try (AppliedState state = new AppliedState())
        {
            state.createBoard(Operator.SUM);
            grow(state, RecordBody.adds(counters, COMMANDS, ReplyForm.ACK), 0, names);
            grow(state, RecordBody.scores(AppliedState.BOARD, members, COMMANDS, ReplyForm.ACK), 0, names);
            release(state, RecordBody.resetBoard(AppliedState.BOARD), names, names);
            grow(state, RecordBody.scores(AppliedState.BOARD, members, COMMANDS, ReplyForm.ACK), 0, names);
            release(state, RecordBody.dropBoard(AppliedState.BOARD), names, names);
        }
    }

    private void grow(final AppliedState state, final RecordBody body, final int from, final int to)
    {
        rehashed = state.namesRehashed();
        for (int first = from; first + COMMANDS <= to; first += COMMANDS)
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                body.put(i, first + i, random.nextInt(AppliedState.SCORES));
            }
            timed(state, body);
        }
    }

    /** One request that unlinks the board, then adds to counters until the last member's name is gone. */
    private void release(final AppliedState state, final RecordBody unlink, final int names, final int boardMembers)
    {
        rehashed = state.namesRehashed();
        timed(state, unlink);
        final RecordBody body = RecordBody.adds(counters, COMMANDS, ReplyForm.ACK);
        do
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                body.put(i, random.nextInt(names), 1);
            }
            timed(state, body);
        }
        while (state.unreleasedMembers() > 0);
    }

    private void timed(final AppliedState state, final RecordBody body)
    {
        final long beforeNs = System.nanoTime();
        state.request(body);
        final long tookNs = System.nanoTime() - beforeNs;
        countRehashed(state);
        phase.requests.add(tookNs);
        workedNs += tookNs;
        if (phase.requests.steps() % SLICE == 0)
        {
            listen(workedNs);
            workedNs = 0;
        }
    }

    /** Growth may move a bounded number of entries with each command. */
    private void countRehashed(final AppliedState state)
    {
        final long before = rehashed;
        rehashed = state.namesRehashed();
        phase.mostRehashed = Math.max(phase.mostRehashed, rehashed - before);
        if (phase.mostRehashed > COMMANDS * ENTRIES_A_COMMAND)
        {
            throw new IllegalStateException("a request of " + COMMANDS + " rehashed " + phase.mostRehashed + " names");
        }
    }

    /** Reads the clock for as long as the last slice took, in as many steps, and keeps the longest gap of each. */
    private void listen(final long durationNs)
    {
        final long startNs = System.nanoTime();
        long lastNs = startNs;
        for (int step = 1; step <= SLICE; step++)
        {
            final long endNs = startNs + durationNs * step / SLICE;
            long gapNs = 0;
            while (lastNs < endNs)
            {
                final long nowNs = System.nanoTime();
                gapNs = Math.max(gapNs, nowNs - lastNs);
                lastNs = nowNs;
            }
            phase.hiccups.add(gapNs);
        }
    }

    private static void print(final String what, final Phase phase)
    {
        System.out.println(what + "WorstUs " + phase.requests.longestNs() / 1e3);
        System.out.println(what + "HiccupUs " + phase.hiccups.longestNs() / 1e3);
        System.out.println(what + "MedianUs " + phase.requests.longestMedianNs() / 1e3);
        System.out.println(what + "HiccupMedianUs " + phase.hiccups.longestMedianNs() / 1e3);
        System.out.println(what + "Requests " + phase.requests.steps());
        System.out.println(what + "MostRehashed " + phase.mostRehashed);
    }
}
