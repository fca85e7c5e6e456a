package io.quipu.codecs;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.ReplyForm;
import java.util.SplittableRandom;

/**
 * Random valid Submit frames: 1..4 requests of 1..8 runs of all kinds, names of 1..128 bytes, boards by name and
 * handle.
 */
final class FrameGenerator
{
    private final SplittableRandom random;

    FrameGenerator(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    FrameBuilder submit()
    {
        final FrameBuilder f = new FrameBuilder().submit(random.nextLong(), random.nextInt());
        final int requests = random.nextInt(1, 5);
        for (int i = 0; i < requests; i++)
        {
            final long sequence = random.nextInt(1, 1000);
            f.request(
                sequence,
                random.nextLong(sequence),
                Ack.get((short)random.nextInt(4)),
                ReplyForm.get((short)random.nextInt(3)),
                Mode.get((short)random.nextInt(2)));
            board(f);
            final int runs = random.nextInt(1, 9);
            for (int run = 0; run < runs; run++)
            {
                run(f);
            }
            f.endRequest();
        }
        return f;
    }

    private void board(final FrameBuilder f)
    {
        if (random.nextBoolean())
        {
            f.onBoard(name());
        }
        else
        {
            f.onBoard(random.nextLong(1, Long.MAX_VALUE));
        }
    }

    private void run(final FrameBuilder f)
    {
        final long value = random.nextLong();
        switch (random.nextInt(14))
        {
            case 0 -> f.addByHandle(pairs());
            case 1 -> f.add(value, names());
            case 2 -> f.addBounded(value, value - 1, value + 1, Flag.get((short)random.nextInt(2)), names());
            case 3 -> f.set(value, names());
            case 4 -> f.delete(names());
            case 5 -> f.createBoard(name(), name());
            case 6 -> f.dropBoard();
            case 7 -> f.resetBoard();
            case 8 -> f.score(value, names());
            case 9 -> f.scoreColumns(value, random.nextInt(1, 5), names());
            case 10 -> f.scoreByHandle(pairs());
            case 11 -> f.remove(names());
            case 12 -> f.setLimit(Limit.get((short)random.nextInt(1, 7)), value);
            default ->
            {
                board(f);
                f.score(value, names());
            }
        }
    }

    private long[] pairs()
    {
        return random.longs(2L * random.nextInt(1, 6)).toArray();
    }

    private String[] names()
    {
        final String[] names = new String[random.nextInt(1, 6)];
        for (int i = 0; i < names.length; i++)
        {
            names[i] = name();
        }
        return names;
    }

    private String name()
    {
        final int length = 0 == random.nextInt(10) ? 128 : random.nextInt(1, 20);
        final StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            name.append((char)random.nextInt('a', 'z' + 1));
        }
        return name.toString();
    }
}
