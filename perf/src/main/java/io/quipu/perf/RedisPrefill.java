package io.quipu.perf;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The names that redis-benchmark draws, written in the protocol of Redis:
 * <pre>
 *   SET counter:000000000042 1                  for every counter
 *   ZADD board score member:000000000042 ...    100 members each, in the order of their scores
 * </pre>
 * Scores are uniform, and of equal scores each member is as likely as another, as on our board. They go in sorted
 * since Redis then finds their place at the end of its list: filling takes seconds instead of minutes, the board is
 * the same.
 */
final class RedisPrefill
{
    /** Writes commands. */
    @FunctionalInterface
    interface Writer
    {
        void writeTo(OutputStream stream) throws IOException;
    }

    private static final int MEMBERS_A_COMMAND = 100;

    private RedisPrefill()
    {
    }

    static void counters(final OutputStream stream, final int count) throws IOException
    {
        final NumberedNames names = new NumberedNames(CounterWorkload.PREFIX);
        final byte[] before = ascii("*3\r\n$3\r\nSET\r\n$" + names.length() + "\r\n");
        final byte[] behind = ascii("\r\n$1\r\n1\r\n");
        for (int i = 0; i < count; i++)
        {
            stream.write(before);
            write(stream, names.write(i), names.length());
            stream.write(behind);
        }
    }

    /** Commands of {@link #members}. */
    static long memberCommands(final int count)
    {
        return (count + MEMBERS_A_COMMAND - 1) / MEMBERS_A_COMMAND;
    }

    static void members(final OutputStream stream, final int count, final long seed) throws IOException
    {
        final NumberedNames names = new NumberedNames(BoardWorkload.PREFIX);
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] order = shuffled(count, random);
        final byte[] member = ascii("\r\n$" + names.length() + "\r\n");
        for (int i = 0; i < count; i++)
        {
            if (i % MEMBERS_A_COMMAND == 0)
            {
                final int members = Math.min(MEMBERS_A_COMMAND, count - i);
                stream.write(ascii("*" + (2 + 2 * members) + "\r\n$4\r\nZADD\r\n$5\r\nboard\r\n"));
            }
            final String score = Long.toString((long)i * BoardWorkload.FIRST_SCORES / count);
            stream.write(ascii("$" + score.length() + "\r\n" + score));
            stream.write(member);
            write(stream, names.write(order[i]), names.length());
            stream.write('\r');
            stream.write('\n');
        }
    }

    private static int[] shuffled(final int count, final SplittableRandom random)
    {
        final int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            final int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private static void write(final OutputStream stream, final DirectBuffer name, final int length) throws IOException
    {
        stream.write(name.byteArray(), name.wrapAdjustment(), length);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
