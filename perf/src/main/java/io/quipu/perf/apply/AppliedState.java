package io.quipu.perf.apply;

import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.HandlesDecoder;
import io.quipu.codecs.egress.MemberRanksDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetRanksEncoder;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResolveEncoder;
import io.quipu.engine.HugePages;
import io.quipu.engine.state.QueryHandler;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.perf.NumberedNames;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;

/**
 * A state machine and one session, whose requests are applied one by one in this process: no network, no journal;
 * digest, session and kept replies as in an engine. One thread.
 */
final class AppliedState implements AutoCloseable
{
    static final String BOARD = "board";

    /** First scores are uniform below this. */
    static final int SCORES = 1_000_000;

    private static final int FILL_BATCH = 512;
    private static final int LIST = 256;
    private static final int SAMPLED_LISTS = 400;
    private static final long TICK_NS = 1_000;

    private final StateMachine state;
    private final ReplyHandler replies = new Replies();
    private final UnsafeBuffer query = new UnsafeBuffer(new byte[64 * 1024]);
    private long requestSequence;

    AppliedState()
    {
        HugePages.install();
        state = new StateMachine();
        apply(RecordBody.sessionOpen(1));
    }

    /** Applies the next request of the session. */
    long request(final RecordBody body)
    {
        return apply(body.renumber(++requestSequence));
    }

    /** Tells of a query that is run soon, see {@link io.quipu.engine.state.Queries#announce}. */
    void announce(final DirectBuffer buffer)
    {
        state.queries().announce(buffer, 0, buffer.capacity());
    }

    /** Reads what the announced queries will need. */
    void readAhead()
    {
        state.queries().readAhead();
    }

    /** Runs a query. */
    void query(final DirectBuffer buffer, final QueryHandler handler)
    {
        state.queries().run(buffer, 0, buffer.capacity(), handler);
    }

    /** Bytes that the state says it holds. */
    long stateBytes()
    {
        return gauge("stateBytes");
    }

    /** Members of boards that are dropped or reset whose names still wait for their release. */
    long unreleasedMembers()
    {
        return gauge("unreleasedMembers");
    }

    /** Entries of the index of names that were moved by its growth, so far. */
    long namesRehashed()
    {
        return gauge("namesRehashed");
    }

    private long gauge(final String wanted)
    {
        final long[] found = new long[1];
        state.forEachGauge((label, value) -> found[0] = wanted.equals(label) ? value : found[0]);
        return found[0];
    }

    /** Creates counters of a range at 0. */
    void createCounters(final NumberedNames names, final int from, final int to)
    {
        fill(from, to, (count) -> RecordBody.adds(names, count, ReplyForm.ACK), (number) -> 0);
    }

    /** Creates the board, its ties first. */
    void createBoard(final Operator scoreOperator)
    {
        request(RecordBody.createBoard(BOARD, scoreOperator));
    }

    /** Scores members of a range. */
    void createMembers(final NumberedNames names, final int from, final int to, final IntToLongFunction scores)
    {
        fill(from, to, (count) -> RecordBody.scores(BOARD, names, count, ReplyForm.ACK), scores);
    }

    private void fill(final int from, final int to, final BodyOfCount bodies, final IntToLongFunction values)
    {
        RecordBody body = bodies.make(FILL_BATCH);
        for (int first = from; first < to; first += FILL_BATCH)
        {
            final int count = Math.min(FILL_BATCH, to - first);
            body = count == FILL_BATCH ? body : bodies.make(count);
            for (int i = 0; i < count; i++)
            {
                body.put(i, first + i, values.applyAsLong(first + i));
            }
            request(body);
        }
    }

    /**
     * Handles of counters that were created in one go are consecutive, since ids are dense; samples are compared.
     *
     * @return the handle of counter 0.
     */
    long firstHandle(final NumberedNames names, final int counters)
    {
        final long first = handle(names, 0);
        final SplittableRandom random = new SplittableRandom(counters);
        for (int i = 0; i < LIST; i++)
        {
            final int counter = random.nextInt(counters);
            same("handle of " + names.name(counter), handle(names, counter), first + counter);
        }
        return first;
    }

    private long handle(final NumberedNames names, final int counter)
    {
        final ResolveEncoder resolve = new ResolveEncoder();
        resolve.wrapAndApplyHeader(query, 0, new MessageHeaderEncoder()).kind(Kind.COUNTER);
        resolve.namesCount(1).next().reserved((short)0).putNamed(names.write(counter), 0, names.length());
        final long[] handle = new long[1];
        state.queries().run(query, 0, resolve.limit(), (buffer, offset, length, last) ->
        {
            final HandlesDecoder decoder = new HandlesDecoder();
            decoder.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            handle[0] = decoder.rows().next().handle();
        });
        return handle[0];
    }

    /** The lanes of the part of the digest that is about counters. */
    long[] digestOfCounters()
    {
        final long[] lanes = new long[2];
        state.digest().forEachPart((label, high, low) ->
        {
            if ("counters".contentEquals(label))
            {
                lanes[0] = high;
                lanes[1] = low;
            }
        });
        return lanes;
    }

    /** Reads random counters and compares them. */
    void verifyCounters(final NumberedNames names, final int[] expected)
    {
        verify(names, expected, AppliedState::countersQuery, (buffer, offset, values) ->
        {
            final CounterValuesDecoder decoder = new CounterValuesDecoder();
            decoder.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            decoder.counters().forEach((counter) -> values.accept(counter.value()));
        });
    }

    /** Reads random members and compares their scores. */
    void verifyMembers(final NumberedNames names, final int[] expected)
    {
        verify(names, expected, AppliedState::ranksQuery, (buffer, offset, values) ->
        {
            final MemberRanksDecoder decoder = new MemberRanksDecoder();
            decoder.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            decoder.members().forEach((member) -> values.accept(member.value0()));
        });
    }

    private void verify(final NumberedNames names, final int[] expected, final Question question, final Answer answer)
    {
        final SplittableRandom random = new SplittableRandom(expected.length);
        final int[] drawn = new int[Math.min(LIST, expected.length)];
        for (int sample = 0; sample < SAMPLED_LISTS; sample++)
        {
            Arrays.setAll(drawn, (i) -> random.nextInt(expected.length));
            final int[] row = new int[1];
            final int limit = question.write(query, names, drawn);
            state.queries().run(query, 0, limit, (buffer, offset, length, last) -> answer.read(buffer, offset, (value) ->
            {
                final int number = drawn[row[0]++];
                same(names, number, value, expected[number]);
            }));
            same("rows of a query", row[0], drawn.length);
        }
    }

    private static int countersQuery(final UnsafeBuffer target, final NumberedNames names, final int[] counters)
    {
        final GetCountersEncoder get = new GetCountersEncoder();
        get.wrapAndApplyHeader(target, 0, new MessageHeaderEncoder());
        final GetCountersEncoder.CountersEncoder group = get.countersCount(counters.length);
        for (final int counter : counters)
        {
            group.next().reserved((short)0).putCounter(names.write(counter), 0, names.length());
        }
        return get.limit();
    }

    /** Writes the query for all rank modes of some members; returns its length. */
    static int ranksQuery(final UnsafeBuffer target, final NumberedNames names, final int[] members)
    {
        final GetRanksEncoder ranks = new GetRanksEncoder();
        ranks.wrapAndApplyHeader(target, RecordBody.onBoard(target, 0, BOARD), new MessageHeaderEncoder());
        final GetRanksEncoder.MembersEncoder group = ranks.membersCount(members.length);
        for (final int member : members)
        {
            group.next().reserved((short)0).putMember(names.write(member), 0, names.length());
        }
        return ranks.limit();
    }

    /** Puts the name together only when it is needed: this runs inside what the profilers see. */
    private static void same(final NumberedNames names, final int number, final long actual, final long expected)
    {
        if (actual != expected)
        {
            same(names.name(number), actual, expected);
        }
    }

    private static void same(final String what, final long actual, final long expected)
    {
        if (actual != expected)
        {
            throw new IllegalStateException(what + " is " + actual + " and should be " + expected);
        }
    }

    @Override
    public void close()
    {
        state.close();
    }

    private long apply(final RecordBody body)
    {
        return state.apply(
            body.buffer(), 0, body.length(), state.sequence() + 1, state.timeNs() + TICK_NS, replies);
    }

    @FunctionalInterface
    private interface BodyOfCount
    {
        RecordBody make(int count);
    }

    /** Writes a query about numbered names, returns its length. */
    @FunctionalInterface
    private interface Question
    {
        int write(UnsafeBuffer target, NumberedNames names, int[] numbers);
    }

    /** Reads the values out of a chunk of its answer. */
    @FunctionalInterface
    private interface Answer
    {
        void read(DirectBuffer buffer, int offset, LongConsumer values);
    }

    private static final class Replies implements ReplyHandler
    {
        @Override
        public void onReply(
            final int sessionId,
            final long requestSequence,
            final long lastSequence,
            final DirectBuffer buffer,
            final int offset,
            final int length)
        {
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
            throw new IllegalStateException("session " + sessionId + " is gone at request " + requestSequence);
        }
    }
}
