package io.quipu.engine.sim;

import java.util.Random;

import io.quipu.codecs.FrameValidator;
import io.quipu.transport.Feed;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Everybody who listens: sometimes nobody, sometimes too slow. Whatever they do, the engine goes on.
 */
final class SimFeed implements Feed
{
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final Random random;
    private final Figures figures;

    SimFeed(final Random random, final Figures figures)
    {
        this.random = random;
        this.figures = figures;
    }

    @Override
    public boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        view.wrap(buffer, offset, length);
        Check.that(
            FrameValidator.OK == FrameValidator.validateFeed(view, 0, length),
            "the engine publishes what the validator refuses");
        figures.onView();
        return random.nextInt(4) > 0;
    }

    @Override
    public boolean isConnected()
    {
        return random.nextInt(8) > 0;
    }
}
