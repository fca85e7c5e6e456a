package io.quipu.transport.client;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.Kind;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QueryFramesTest
{
    @Test
    void shouldSurviveTheValidator()
    {
        final List<QueryCall> calls = List.of(
            frames().getCounters("a", "é"),
            frames().listCounters("", 0),
            frames().listCounters("page:", 77),
            frames().listBoards("", 0),
            frames().resolve(Kind.COUNTER, null, "a"),
            frames().resolve(Kind.MEMBER, "b", "a", "c"),
            frames().getRanks("b", "a", "c"),
            frames().getPage("b", 5, 1000),
            frames().getAround("b", "a", 7),
            frames().getRange("b", ScoreRange.all().from(1, 2, 3, 4).to(5).toExclusive(), 0, 0),
            frames().describeBoard("b"),
            frames().getStatus(),
            frames().getLimits());
        for (final QueryCall call : calls)
        {
            final DirectBuffer frame = call.frame(1, 2);
            assertThat(FrameValidator.validateIngress(frame, 0, frame.capacity()))
                .as(call.what()).isEqualTo(FrameValidator.OK);
        }
    }

    @Test
    void shouldRefuseWhatTheEngineWould()
    {
        refused(ResultCode.REQUEST_TOO_LARGE, () -> frames().getPage("b", 0, 1001));
        refused(ResultCode.REQUEST_TOO_LARGE, () -> frames().getPage("b", 0, 0));
        refused(ResultCode.REQUEST_TOO_LARGE, () -> frames().getPage("b", -1, 1));
        refused(ResultCode.REQUEST_TOO_LARGE, () -> frames().getCounters(names(1001, 1)));
        refused(ResultCode.REQUEST_TOO_LARGE, () -> frames().getRanks("b", names(1000, 120)));
        refused(ResultCode.BAD_NAME, () -> frames().getRanks("", "a"));
        refused(ResultCode.BAD_NAME, () -> frames().getCounters("a", ""));
        refused(ResultCode.BAD_NAME, () -> frames().listCounters("x".repeat(129), 0));
    }

    private static QueryFrames frames()
    {
        return new QueryFrames(Ack.JOURNALED);
    }

    private static String[] names(final int count, final int length)
    {
        return IntStream.range(0, count).mapToObj((i) -> "n".repeat(length)).toArray(String[]::new);
    }

    private static void refused(
        final ResultCode code, final org.assertj.core.api.ThrowableAssert.ThrowingCallable call)
    {
        assertThatThrownBy(call).isInstanceOfSatisfying(
            RefusedException.class, (refusal) -> assertThat(refusal.code()).isEqualTo(code));
    }
}
