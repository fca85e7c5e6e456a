package io.quipu.engine.sequencer;

import io.quipu.transport.ConnectionId;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class AttachmentsTest
{
    private static final int CONNECTION = ConnectionId.of(3, 1);
    private static final int OTHER_CONNECTION = ConnectionId.of(4, 1);

    private final Attachments attachments = new Attachments(100);

    @Test
    void shouldFindASessionByItsNumberOnItsOwnConnectionOnly()
    {
        final int attachment = attachments.attach(CONNECTION, 1, 2, 5);

        assertThat(attachments.find(CONNECTION, attachment).sessionId).isEqualTo(5);
        assertThat(attachments.find(OTHER_CONNECTION, attachment)).isNull();
        assertThat(attachments.find(ConnectionId.of(3, 2), attachment)).isNull();
        assertThat(attachments.find(CONNECTION, attachment + 1)).isNull();
        assertThat(attachments.find(CONNECTION, 0)).isNull();
        assertThat(attachments.find(CONNECTION, -1)).isNull();
    }

    @Test
    void shouldGiveTheSameNumberForTheSameSessionOnTheSameConnection()
    {
        final int attachment = attachments.attach(CONNECTION, 1, 2, 0);

        assertThat(attachments.attach(CONNECTION, 1, 2, 0)).isEqualTo(attachment);
        assertThat(attachments.size()).isEqualTo(1);
    }

    @Test
    void shouldTakeASessionOffItsOldConnectionWhenANewOneAttachesIt()
    {
        final int first = attachments.attach(CONNECTION, 1, 2, 0);
        final int beside = attachments.attach(CONNECTION, 3, 4, 0);
        final int second = attachments.attach(OTHER_CONNECTION, 1, 2, 7);

        assertThat(attachments.find(CONNECTION, first)).isNull();
        assertThat(attachments.find(CONNECTION, beside)).isNotNull();
        assertThat(attachments.find(OTHER_CONNECTION, second).sessionId).isEqualTo(7);
        assertThat(attachments.size()).isEqualTo(2);
        attachments.detachAll(CONNECTION);
        assertThat(attachments.find(OTHER_CONNECTION, second)).isNotNull();
    }

    @Test
    void shouldNotFindADetachedNumberAgainWhenItsSlotIsUsedAgain()
    {
        final int first = attachments.attach(CONNECTION, 1, 2, 5);
        attachments.detach(CONNECTION, first);
        final int second = attachments.attach(CONNECTION, 3, 4, 6);

        assertThat(second).isNotEqualTo(first);
        assertThat(attachments.find(CONNECTION, first)).isNull();
        assertThat(attachments.find(CONNECTION, second).sessionId).isEqualTo(6);
    }

    @Test
    void shouldRefuseMoreThanTheLimitAndATokenHashThatAgreesByHalf()
    {
        for (int i = 0; i < 100; i++)
        {
            assertThat(attachments.attach(CONNECTION, i, i, 0)).isNotEqualTo(Attachments.NONE);
        }

        assertThat(attachments.attach(CONNECTION, 100, 100, 0)).isEqualTo(Attachments.NONE);
        attachments.detachAll(CONNECTION);
        attachments.attach(CONNECTION, 1, 7, 0);
        assertThat(attachments.attach(CONNECTION, 2, 7, 0)).isEqualTo(Attachments.NONE);
    }

    @Test
    void shouldAgreeWithANaiveTwin()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final Attachments fast = new Attachments(1_000);
        final Map<String, Integer> numberByKey = new HashMap<>();
        for (int i = 0; i < 100_000; i++)
        {
            final int connection = ConnectionId.of(random.nextInt(8), 1);
            final int token = random.nextInt(64);
            final String key = connection + "/" + token;
            final int action = random.nextInt(10);
            if (action < 6)
            {
                final int number = fast.attach(connection, token, token, token + 1);
                final Integer before = numberByKey.get(key);
                assertThat(before == null || before == number).isTrue();
                numberByKey.keySet().removeIf(each -> each.endsWith("/" + token));
                numberByKey.put(key, number);
            }
            else if (action < 9 && numberByKey.containsKey(key))
            {
                fast.detach(connection, numberByKey.remove(key));
            }
            else if (action == 9 && random.nextInt(10) == 0)
            {
                fast.detachAll(connection);
                numberByKey.keySet().removeIf(each -> each.startsWith(connection + "/"));
            }

            assertThat(fast.size()).isEqualTo(numberByKey.size());
        }

        final List<String> keys = new ArrayList<>(numberByKey.keySet());
        for (final String key : keys)
        {
            final String[] parts = key.split("/");
            final AttachedSession session = fast.find(Integer.parseInt(parts[0]), numberByKey.get(key));
            assertThat(session.sessionId).isEqualTo(Integer.parseInt(parts[1]) + 1);
        }
    }
}
