package io.quipu.transport.client;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.ReplyForm;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

class RequestWindowTest
{
    private static final int MAX_FRAME = 2000;

    /** A request as the naive twin has it: its place in the list is its request sequence. */
    private static final class Entry
    {
        final long correlation;
        final int length;
        int replyLength;
        boolean isSent;
        boolean isAnswered;
        boolean isAgain;

        Entry(final long correlation, final int length, final int replyLength)
        {
            this.correlation = correlation;
            this.length = length;
            this.replyLength = replyLength;
        }
    }

    private final Request request = new Request();

    @Test
    void shouldHoldBackWhatTheEngineCouldNotKeep()
    {
        final RequestWindow window = new RequestWindow(128, 64 * 1024, 0, false);
        window.limits(64, 1000);
        request.form(ReplyForm.RANKS).add("a", 1).add("b", 1);
        final int replyLength = request.worstCaseReplyLength();
        for (int i = 1; i <= 20; i++)
        {
            assertThat(window.append(request, i, Ack.JOURNALED)).isEqualTo(i);
        }
        assertThat(window.prepareRun(64 * 1024, 100)).isTrue();
        assertThat(window.runCount()).isEqualTo(1000 / replyLength);
        window.runSent(0);
        assertThat(window.prepareRun(64 * 1024, 100)).isFalse();

        window.answered(1, replyLength - 10);
        assertThat(window.prepareRun(64 * 1024, 100)).isTrue();
        assertThat(window.runCount()).isEqualTo(1);
    }

    @Test
    void shouldLetOneThatIsTooLongForAnyWindowGoAlone()
    {
        final RequestWindow window = new RequestWindow(128, 64 * 1024, 0, false);
        window.limits(64, 100);
        window.append(request.add("a", 1), 1, Ack.JOURNALED);
        request.reset().form(ReplyForm.RANKS).add("a", 1).add("b", 1);
        window.append(request, 2, Ack.JOURNALED);
        window.prepareRun(64 * 1024, 100);
        assertThat(window.runCount()).isEqualTo(1);
        window.runSent(0);
        window.answered(1, 10);
        assertThat(window.prepareRun(64 * 1024, 100)).isTrue();
        assertThat(window.runFirst()).isEqualTo(2);
    }

    @Test
    void shouldKeepRepliesUntilTheyAreAcknowledged()
    {
        final RequestWindow window = new RequestWindow(128, 64 * 1024, 10, true);
        window.limits(2, 64 * 1024);
        for (int i = 0; i < 3; i++)
        {
            assertThat(window.append(request.reset().add("a", 1), i, Ack.JOURNALED)).isEqualTo(11 + i);
        }
        window.prepareRun(64 * 1024, 100);
        window.runSent(0);
        window.answered(11, 50);
        window.answered(12, 50);
        assertThat(window.answeredUpTo()).isEqualTo(12);
        assertThat(window.acknowledgedUpTo()).isEqualTo(10);
        assertThat(window.prepareRun(64 * 1024, 100)).isFalse();
        window.acknowledge(11);
        assertThat(window.prepareRun(64 * 1024, 100)).isTrue();
        window.stampRun();
        assertThat(window.ring().getLong(window.runOffset() + 16, LITTLE_ENDIAN)).isEqualTo(11);
    }

    @Test
    void shouldUseTheWholeRingAndItsFrontAgain()
    {
        request.add("a", 1);
        final int length = request.length();
        final RequestWindow window = new RequestWindow(128, 10 * length, 0, false);
        window.limits(64, 64 * 1024);
        for (int i = 1; i <= 10; i++)
        {
            assertThat(window.append(request, i, Ack.JOURNALED)).isEqualTo(i);
        }
        assertThat(window.append(request, 11, Ack.JOURNALED)).isEqualTo(RequestWindow.NO_ROOM);
        window.prepareRun(10 * length, 100);
        window.runSent(0);
        window.answered(2, 10);
        assertThat(window.append(request, 11, Ack.JOURNALED)).isEqualTo(RequestWindow.NO_ROOM);
        window.answered(1, 10);
        assertThat(window.append(request, 11, Ack.JOURNALED)).isEqualTo(11);
        assertThat(window.append(request, 12, Ack.JOURNALED)).isEqualTo(12);
        assertThat(window.append(request, 13, Ack.JOURNALED)).isEqualTo(RequestWindow.NO_ROOM);
        window.prepareRun(10 * length, 100);
        assertThat(window.runFirst()).isEqualTo(11);
        assertThat(window.runCount()).isEqualTo(2);
        assertThat(window.runOffset()).isZero();
    }

    @Test
    void shouldAgreeWithANaiveTwin()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        for (int run = 0; run < 40; run++)
        {
            new Twin(random, 0 == run % 2).run();
        }
    }

    private final class Twin
    {
        private final Random random;
        private final int capacity = 32;
        private final int maxRequests;
        private final int maxReplyBytes;
        private final boolean isManual;
        private final RequestWindow window;
        private final List<Entry> entries = new ArrayList<>();
        private final long base;
        private int acknowledged;
        private long correlation;

        Twin(final Random random, final boolean isManual)
        {
            this.random = random;
            this.isManual = isManual;
            maxRequests = 1 + random.nextInt(16);
            maxReplyBytes = 200 + random.nextInt(1000);
            base = random.nextInt(1000);
            window = new RequestWindow(capacity, 1000 + random.nextInt(4000), base, isManual);
            window.limits(maxRequests, maxReplyBytes);
        }

        void run()
        {
            for (int i = 0; i < 3000; i++)
            {
                step(random.nextInt(10));
                check();
            }
        }

        private void step(final int action)
        {
            if (action < 4)
            {
                append();
            }
            else if (action < 6)
            {
                send();
            }
            else if (action < 8)
            {
                answer();
            }
            else if (8 == action)
            {
                rewind();
            }
            else if (isManual)
            {
                acknowledged += random.nextInt(answeredUpTo() - acknowledged + 1);
                window.acknowledge(base + acknowledged);
            }
            else if (0 == random.nextInt(3))
            {
                remove();
            }
        }

        private void append()
        {
            request.reset();
            for (int i = random.nextInt(4); i >= 0; i--)
            {
                request.add("n".repeat(1 + random.nextInt(60)), 1);
            }
            final long number = window.append(request, ++correlation, Ack.JOURNALED);
            if (RequestWindow.NO_ROOM == number)
            {
                // Where the ring is cut, and what was taken out, costs room: only an empty one has all of it.
                final boolean isFull = entries.size() - acknowledged >= capacity;
                assertThat(isFull || answeredUpTo() < entries.size()).isTrue();
                correlation--;
                return;
            }
            entries.add(new Entry(correlation, request.length(), request.worstCaseReplyLength()));
            assertThat(number).isEqualTo(base + entries.size());
        }

        private void send()
        {
            if (!window.prepareRun(MAX_FRAME, 5))
            {
                assertThat(sendable()).isEmpty();
                return;
            }
            window.stampRun();
            final List<Integer> expected = sendable();
            int offset = window.runOffset();
            for (int i = 0; i < window.runCount(); i++)
            {
                final int number = expected.get(i);
                final Entry entry = entries.get(number);
                assertThat(window.runFirst() + i).isEqualTo(base + number + 1);
                assertThat(window.ring().getLong(offset + 8, LITTLE_ENDIAN)).isEqualTo(base + number + 1);
                assertThat(window.ring().getLong(offset + 16, LITTLE_ENDIAN)).isEqualTo(base + acknowledged);
                entry.isSent = true;
                entry.isAgain = false;
                offset += entry.length;
            }
            assertThat(offset - window.runOffset()).isEqualTo(window.runLength()).isLessThanOrEqualTo(MAX_FRAME);
            window.runSent(0);
        }

        private void answer()
        {
            final List<Integer> open = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++)
            {
                if (entries.get(i).isSent && !entries.get(i).isAnswered)
                {
                    open.add(i);
                }
            }
            if (!open.isEmpty())
            {
                final int index = open.get(random.nextInt(Math.min(3, open.size())));
                final Entry entry = entries.get(index);
                assertThat(window.isUnderWay(base + index + 1)).isTrue();
                assertThat(window.correlation(base + index + 1)).isEqualTo(entry.correlation);
                entry.isAnswered = true;
                entry.replyLength -= random.nextInt(20);
                window.answered(base + index + 1, entry.replyLength);
                acknowledged = isManual ? acknowledged : answeredUpTo();
            }
        }

        private void rewind()
        {
            final int from = random.nextInt(entries.size() + 1);
            for (int i = from; i < entries.size(); i++)
            {
                entries.get(i).isAgain = entries.get(i).isSent && !entries.get(i).isAnswered;
            }
            window.rewind(base + from + 1);
        }

        private void remove()
        {
            int last = entries.size();
            while (last > 0 && !entries.get(last - 1).isAnswered)
            {
                last--;
            }
            if (last < entries.size() && entries.get(last).isSent)
            {
                // Nothing behind an applied request can be refused for good and nothing before it is left unapplied.
                entries.remove(last);
                for (int i = last; i < entries.size(); i++)
                {
                    entries.get(i).isAgain = entries.get(i).isSent;
                }
                window.remove(base + last + 1);
            }
        }

        private int answeredUpTo()
        {
            int count = 0;
            while (count < entries.size() && entries.get(count).isAnswered)
            {
                count++;
            }
            return count;
        }

        /** Indexes of what may be sent now, in order. */
        private List<Integer> sendable()
        {
            final List<Integer> list = new ArrayList<>();
            int replyBytes = 0;
            for (int i = acknowledged; i < entries.size(); i++)
            {
                final Entry entry = entries.get(i);
                replyBytes += entry.replyLength;
                final boolean isFirst = i == acknowledged;
                if (!entry.isSent && (i - acknowledged >= maxRequests || replyBytes > maxReplyBytes && !isFirst))
                {
                    break;
                }
                if (!entry.isAnswered && (!entry.isSent || entry.isAgain))
                {
                    list.add(i);
                }
            }
            return list;
        }

        private void check()
        {
            assertThat(window.answeredUpTo()).isEqualTo(base + answeredUpTo());
            assertThat(window.acknowledgedUpTo()).isEqualTo(base + acknowledged);
            assertThat(window.offeredUpTo()).isEqualTo(base + entries.size());
            assertThat(window.unanswered())
                .isEqualTo((int)entries.stream().filter((entry) -> !entry.isAnswered).count());
        }
    }
}
