package io.quipu.engine.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quipu.codecs.FrameValidator;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The validator on any bytes: it throws nothing, and its answer does not depend on what stands beside the frame.
 */
class FrameFuzz
{
    private static final int MARGIN = 72;
    private static final int[] NEIGHBOURS = { 0x00, 0xFF, 0x01 };

    @FuzzTest(maxDuration = "3m")
    void validate(final byte[] frame)
    {
        final UnsafeBuffer alone = new UnsafeBuffer(frame.clone());
        final int ingress = FrameValidator.validateIngress(alone, 0, frame.length);
        final int egress = FrameValidator.validateEgress(alone, 0, frame.length);
        final int feed = FrameValidator.validateFeed(alone, 0, frame.length);
        for (final int neighbour : NEIGHBOURS)
        {
            final byte[] bytes = new byte[frame.length + 2 * MARGIN];
            Arrays.fill(bytes, (byte)neighbour);
            System.arraycopy(frame, 0, bytes, MARGIN, frame.length);
            final UnsafeBuffer amid = new UnsafeBuffer(bytes);
            assertThat(FrameValidator.validateIngress(amid, MARGIN, frame.length)).isEqualTo(ingress);
            assertThat(FrameValidator.validateEgress(amid, MARGIN, frame.length)).isEqualTo(egress);
            assertThat(FrameValidator.validateFeed(amid, MARGIN, frame.length)).isEqualTo(feed);
        }
    }
}
