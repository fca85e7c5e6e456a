package io.quipu.engine.state;

import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.DirectBuffer;

import java.util.Random;

/**
 * Bodies of records as an engine would journal them, for tests outside of this package: a session is opened first, then
 * requests of counter and board commands follow, all from one seed. Every kind of command is among them.
 */
public final class RecordBodies
{
    private static final int NAMES = 12;
    private static final String BOARD = "board";

    private final Random random;
    private final int sessionId;
    private final String padding;
    private final BodyBuilder body = new BodyBuilder();
    private final RequestBuilder request = new RequestBuilder();
    private long requestSequence;
    private boolean isOpen;
    private int entryCount;

    /**
     * @param seed       the same seed gives the same bodies.
     * @param sessionId  that the state gives to the session.
     * @param nameLength of counters and members.
     */
    public RecordBodies(final long seed, final int sessionId, final int nameLength)
    {
        this.sessionId = sessionId;
        padding = "-".repeat(Math.max(0, nameLength - 2));
        random = new Random(seed);
    }

    /**
     * Builds the next body.
     *
     * @param commands how many its request has, more than 0; the first body of all opens the session instead.
     * @return the bytes from offset 0 on, valid up to the next call.
     */
    public DirectBuffer next(final int commands)
    {
        body.clear();
        if (!isOpen)
        {
            isOpen = true;
            entryCount = 1;
            body.open(sessionId, 1001, 1002);
            return body.buffer();
        }

        request.clear().form(ReplyForm.get((short)random.nextInt(3)));
        if (requestSequence == 0)
        {
            request.create(BOARD, BoardSpec.points());
        }
        while (request.commandCount() < commands)
        {
            command();
        }
        requestSequence++;
        entryCount = request.commandCount();
        body.request(sessionId, requestSequence, requestSequence - 1, request);
        return body.buffer();
    }

    private void command()
    {
        final String name = padding + (char)('a' + random.nextInt(NAMES));
        final long value = random.nextInt(2001) - 1000;
        switch (random.nextInt(8))
        {
            case 0:
                request.set(name, value);
                break;

            case 1:
                request.delete(name);
                break;

            case 2:
                request.addBounded(name, value, -500, 500, random.nextBoolean());
                break;

            case 3:
                request.onBoard(BOARD).remove(name);
                break;

            case 4:
            case 5:
                request.onBoard(BOARD).score(name, value);
                break;

            default:
                request.add(name, value);
                break;
        }
    }

    /**
     * @return bytes of the body built last.
     */
    public int length()
    {
        return body.length();
    }

    /**
     * @return sequences that its entries take.
     */
    public int entryCount()
    {
        return entryCount;
    }
}
