package io.quipu.perf;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.CounterValue;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.Request;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Adds to uniformly random counters, by 14-byte name or by handle; first each counter once, in order, by name.
 */
final class CounterWorkload implements Workload
{
    private static final int LIST = 512;

    private final NumberedNames names = new NumberedNames("c:");
    private final SplittableRandom random;
    private final long[] totals;
    private final int commandsPerRequest;
    private final boolean byHandle;
    private final ReplyForm form;
    private long[] handles;
    private int filled;

    CounterWorkload(
        final int counters, final int commandsPerRequest, final boolean byHandle, final ReplyForm form, final long seed)
    {
        totals = new long[counters];
        random = new SplittableRandom(seed);
        this.commandsPerRequest = commandsPerRequest;
        this.byHandle = byHandle;
        this.form = form;
    }

    @Override
    public int commandsPerRequest()
    {
        return commandsPerRequest;
    }

    @Override
    public boolean isFilling()
    {
        return filled < totals.length;
    }

    @Override
    public void next(final Request request, final long[] expected)
    {
        request.form(form);
        if (isFilling())
        {
            fill(request, expected);
            return;
        }

        for (int i = 0; i < commandsPerRequest; i++)
        {
            final int counter = random.nextInt(totals.length);
            if (byHandle)
            {
                request.addByHandle(handles[counter], 1);
            }
            else
            {
                request.add(names.write(counter), 0, names.length(), 1);
            }
            expected[i] = ++totals[counter];
        }
    }

    private void fill(final Request request, final long[] expected)
    {
        final int count = Math.min(commandsPerRequest, totals.length - filled);
        for (int i = 0; i < count; i++)
        {
            request.add(names.write(filled), 0, names.length(), 1);
            expected[i] = ++totals[filled++];
        }
    }

    @Override
    public void prepare(final QuipuClient client)
    {
        if (byHandle)
        {
            handles = new long[totals.length];
            for (int from = 0; from < totals.length; from += LIST)
            {
                final int count = Math.min(LIST, totals.length - from);
                final List<Long> found = client.resolve(Kind.COUNTER, null, names.names(from, count));
                for (int i = 0; i < count; i++)
                {
                    handles[from + i] = found.get(i);
                }
            }
        }
    }

    @Override
    public void verify(final Reply reply, final long[] expected)
    {
        for (int i = 0, size = reply.commandCount(); i < size; i++)
        {
            if (reply.code(i) != ResultCode.OK)
            {
                throw new IllegalStateException("add " + (reply.firstSequence() + i) + " was refused: " + reply.code(i));
            }
            if (form != ReplyForm.ACK && reply.value(i) != expected[i])
            {
                Workload.same("the counter of add " + (reply.firstSequence() + i), reply.value(i), expected[i]);
            }
        }
    }

    @Override
    public long verifyAll(final QuipuClient client)
    {
        for (int from = 0; from < totals.length; from += LIST)
        {
            final int count = Math.min(LIST, totals.length - from);
            final List<CounterValue> values = client.get(names.names(from, count));
            for (int i = 0; i < count; i++)
            {
                Workload.same(names.name(from + i), values.get(i).value(), totals[from + i]);
            }
        }
        return totals.length;
    }
}
