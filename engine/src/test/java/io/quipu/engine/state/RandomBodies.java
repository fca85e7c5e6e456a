package io.quipu.engine.state;

import java.util.Random;

import io.quipu.codecs.FrameValidator;
import org.agrona.DirectBuffer;

/**
 * Bodies of records with commands of all kinds, for tests outside of this package: sessions come and go, boards are dropped
 * and reset, requests are ATOMIC or refused. All from one seed; the {@link Twin} that they are made by knows the digest behind
 * each.
 */
public final class RandomBodies
{
    private static final int SESSIONS = 4;

    private final Random random;
    private final Twin twin = new Twin();
    private final RandomCommands commands;
    private final RequestBuilder request = new RequestBuilder();
    private final BodyBuilder body = new BodyBuilder();
    private final long[] requestSequences = new long[10_000];
    private int opened;
    private long timeNs;
    private long sequence;

    public RandomBodies(final long seed, final int names)
    {
        random = new Random(seed);
        commands = new RandomCommands(random, twin, names);
    }

    /** Builds the next body, which stands from offset 0 on until the next call; its entries have been added to the twin. */
    public DirectBuffer next(final long timeNs)
    {
        body.clear();
        this.timeNs = timeNs;
        final int dice = random.nextInt(100);
        if (opened < SESSIONS || dice == 0)
        {
            body.open(++opened, random.nextLong(), opened);
        }
        else if (dice == 1)
        {
            body.close(opened - random.nextInt(SESSIONS));
        }
        else
        {
            final int sessionId = opened - random.nextInt(SESSIONS);
            final long last = requestSequences[sessionId]++;
            final long received = Math.max(0, last - random.nextInt(4));
            do
            {
                body.clear().request(sessionId, last + 1, received, commands.fill(request));
            }
            while (!isAdmitted());
        }
        sequence = twin.sequence();
        twin.apply(body.toBytes(), timeNs);

        return body.buffer();
    }

    /** An engine journals nothing that the validator refuses: boards selected by no handle and no name are among these. */
    private boolean isAdmitted()
    {
        return FrameValidator.validateEntries(body.buffer(), 0, body.length(), request.commandCount()) == FrameValidator.OK;
    }

    /** Bytes of the body built last. */
    public int length()
    {
        return body.length();
    }

    /** Sequences that its entries take. */
    public int entryCount()
    {
        return (int)(twin.sequence() - sequence);
    }

    /** The digest behind it, as hex. */
    public String digest()
    {
        return twin.digest();
    }

    /** Time that the last body was built for. */
    public long timeNs()
    {
        return timeNs;
    }
}
