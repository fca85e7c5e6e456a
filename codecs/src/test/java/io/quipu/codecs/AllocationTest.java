package io.quipu.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.quipu.codecs.ingress.SubmitDecoder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Judging and reading frames, good or bad, allocates nothing.
 */
class AllocationTest
{
    private static final int ROUNDS = 2_000;

    private final SubmitFrame submit = new SubmitFrame();
    private final CommandRuns runs = new CommandRuns();
    private long read;

    @Test
    void shouldAllocateNothing()
    {
        final List<UnsafeBuffer> frames = new ArrayList<>();
        for (int seed = 0; seed < 50; seed++)
        {
            final byte[] frame = new FrameGenerator(seed).submit().frame();
            frames.add(Bytes.exactly(frame));
            frames.add(Bytes.exactly(Bytes.with(frame, frame.length / 2, 2, 0xFFFF)));
        }
        Samples.ingress().values().forEach((frame) -> frames.add(Bytes.exactly(frame)));
        final UnsafeBuffer[] buffers = frames.toArray(new UnsafeBuffer[0]);

        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        run(buffers);
        threads.getThreadAllocatedBytes(thread);

        final long before = threads.getThreadAllocatedBytes(thread);
        final int accepted = run(buffers);
        final long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(accepted).isPositive();
        assertThat(allocated).isZero();
    }

    private int run(final UnsafeBuffer[] buffers)
    {
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            for (final UnsafeBuffer buffer : buffers)
            {
                if (FrameValidator.OK == FrameValidator.validateIngress(buffer, 0, buffer.capacity()))
                {
                    accepted++;
                    read(buffer);
                }
            }
        }
        return accepted;
    }

    private void read(final UnsafeBuffer buffer)
    {
        if (SubmitDecoder.TEMPLATE_ID != SchemaShape.templateId(buffer, 0))
        {
            return;
        }
        submit.wrap(buffer, 0, buffer.capacity());
        while (submit.next())
        {
            read += submit.worstCaseResultLength();
            runs.wrap(buffer, submit.commandsOffset(), submit.commandsLength());
            while (runs.next())
            {
                while (runs.nextEntry())
                {
                    read += runs.nameLength();
                }
            }
        }
    }
}
