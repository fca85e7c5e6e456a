package io.quipu.engine.publish;

import io.quipu.engine.WholeEgress;
import io.quipu.transport.ConnectionId;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class ReplyBacklogTest
{
    private static final int FIRST = ConnectionId.of(1, 1);
    private static final int SECOND = ConnectionId.of(2, 1);

    private final FickleEgress egress = new FickleEgress();
    private final ReplyBacklog backlog = new ReplyBacklog(egress);

    @Test
    void shouldSendEachConnectionsMessagesInOrderAndHoldUpNoOtherOne()
    {
        egress.room.put(FIRST, 0);
        egress.room.put(SECOND, 10);
        add(FIRST, "a", 0);
        add(FIRST, "b", 0);
        add(SECOND, "c", 0);

        assertThat(backlog.drain(1)).isEqualTo(1);
        assertThat(backlog.isWaiting(FIRST)).isTrue();
        assertThat(backlog.isWaiting(SECOND)).isFalse();
        egress.room.put(FIRST, 1);
        assertThat(backlog.drain(2)).isEqualTo(1);
        egress.room.put(FIRST, 1);
        assertThat(backlog.drain(3)).isEqualTo(1);
        assertThat(egress.sent).containsExactly(SECOND + ":c", FIRST + ":a", FIRST + ":b");
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void shouldDropWhatHasWaitedASecondAndWhatGoesToNobody()
    {
        egress.room.put(FIRST, 0);
        add(FIRST, "a", 0);
        add(FIRST, "b", 10);
        add(ConnectionId.of(3, 1), "to nobody", 0);

        backlog.drain(TimeUnit.SECONDS.toNanos(1));
        assertThat(backlog.droppedCount()).isEqualTo(2);
        egress.room.put(FIRST, 5);
        backlog.drain(TimeUnit.SECONDS.toNanos(1) + 1);
        assertThat(egress.sent).containsExactly(FIRST + ":b");
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseWhatItHasNoRoomFor()
    {
        egress.room.put(FIRST, 0);
        final String text = "x".repeat(60_000);
        int added = 0;
        while (add(FIRST, text, 0))
        {
            added++;
        }

        assertThat(added).isEqualTo(34);
        egress.room.put(FIRST, added);
        assertThat(backlog.drain(1)).isEqualTo(added);
        assertThat(add(FIRST, text, 2)).isTrue();
    }

    @Test
    void shouldAgreeWithANaiveTwin()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final Map<Integer, Deque<String>> twin = new HashMap<>();
        int number = 0;
        for (int i = 0; i < 50_000; i++)
        {
            final int connection = ConnectionId.of(random.nextInt(5), 1);
            if (random.nextInt(3) > 0)
            {
                final String text = number + "x".repeat(random.nextInt(2_000));
                if (add(connection, text, 0))
                {
                    twin.computeIfAbsent(connection, key -> new ArrayDeque<>()).add(connection + ":" + text);
                    number++;
                }
            }
            else
            {
                egress.room.put(connection, random.nextInt(8));
                egress.sent.clear();
                final int sent = backlog.drain(1);
                assertThat(egress.sent).hasSize(sent);
                for (final String message : egress.sent)
                {
                    final int to = Integer.parseInt(message.substring(0, message.indexOf(':')));
                    assertThat(message).isEqualTo(twin.get(to).remove());
                }

                twin.forEach((to, messages) -> assertThat(backlog.isWaiting(to)).isEqualTo(!messages.isEmpty()));
                twin.keySet().forEach(to -> egress.room.put(to, 0));
            }

            egress.room.putIfAbsent(connection, 0);
        }

        assertThat(backlog.droppedCount()).isZero();
        assertThat(number).isGreaterThan(10_000);
    }

    private boolean add(final int connectionId, final String text, final long nowNs)
    {
        final UnsafeBuffer envelope = new UnsafeBuffer(text.getBytes());
        final int split = Math.min(3, text.length());
        return backlog.add(connectionId, envelope, split, envelope, split, text.length() - split, nowNs);
    }

    /** Takes as many messages of a connection as it has room for; connections without an entry are not there. */
    private static final class FickleEgress implements WholeEgress
    {
        private final Map<Integer, Integer> room = new HashMap<>();
        private final List<String> sent = new ArrayList<>();

        @Override
        public int offer(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            final Integer left = room.get(connectionId);
            if (null == left)
            {
                return NOT_CONNECTED;
            }

            if (0 == left)
            {
                return BACK_PRESSURED;
            }

            room.put(connectionId, left - 1);
            sent.add(connectionId + ":" + buffer.getStringWithoutLengthAscii(offset, length));
            return SENT;
        }
    }
}
