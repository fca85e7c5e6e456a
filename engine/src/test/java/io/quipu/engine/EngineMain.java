package io.quipu.engine;

import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.transport.Egress;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine in a process of its own, with faults put in by its arguments: {@code DIR HOST:PORT [DROPS SEED]}. Of
 * replies to requests some are dropped on their way out, and what they said is kept in the file DROPS, record by
 * record:
 * <pre>
 *   epoch i32 | length i32 | result message
 * </pre>
 */
public final class EngineMain
{
    public static final int CRASHED = 99;

    private EngineMain()
    {
    }

    /**
     * Runs until a signal comes.
     */
    public static void main(final String[] args) throws IOException
    {
        final EngineContext context = new EngineContext()
            .dir(Path.of(args[0]))
            .ingress(args[1])
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(Long.getLong(EngineProcess.FLOOR, 0))
            .threads(Threads.valueOf(System.getProperty(EngineProcess.THREADS, Threads.COMPACT.name())));
        final long rollLength = Long.getLong(EngineProcess.ROLL_LENGTH, 0);
        if (rollLength > 0)
        {
            context.rollLength(rollLength);
        }
        final long checkpointBytes = Long.getLong(EngineProcess.CHECKPOINT_BYTES, 0);
        if (checkpointBytes > 0)
        {
            context.checkpointBytes(checkpointBytes);
        }
        if (args.length > 2 && "drop".equals(args[2]))
        {
            final FileChannel drops = FileChannel.open(
                Path.of(args[3]), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            final Random random = new Random(Long.parseLong(args[4]));
            context.egressDecorator(egress -> new DroppingEgress(egress, drops, random));
        }
        else if (args.length > 2)
        {
            final AtomicInteger left = new AtomicInteger(Integer.parseInt(args[4]));
            context.crashPoint(name ->
            {
                if (name.equals(args[3]) && left.decrementAndGet() == 0)
                {
                    Runtime.getRuntime().halt(CRASHED);
                }
            });
        }

        int exitCode;
        try (EngineNode engine = EngineNode.launch(context))
        {
            engine.stopOnSignals();
            System.out.println(engine.readyLine());
            exitCode = engine.awaitShutdown();
        }
        catch (final StartRefusedException ex)
        {
            System.out.println(ex.verdict() + ": " + ex.getMessage());
            exitCode = ex.exitCode();
        }

        System.exit(exitCode);
    }

    private static final class DroppingEgress implements Egress
    {
        private static final int ONE_IN = 80;
        private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

        private final Egress egress;
        private final FileChannel drops;
        private final Random random;

        DroppingEgress(final Egress egress, final FileChannel drops, final Random random)
        {
            this.egress = egress;
            this.drops = drops;
            this.random = random;
        }

        @Override
        public int offer(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            return egress.offer(connectionId, buffer, offset, length);
        }

        @Override
        public int offer(
            final int connectionId,
            final DirectBuffer firstBuffer,
            final int firstOffset,
            final int firstLength,
            final DirectBuffer secondBuffer,
            final int secondOffset,
            final int secondLength)
        {
            final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(firstBuffer, firstOffset);
            if (header.templateId() == ReplyDecoder.TEMPLATE_ID && random.nextInt(ONE_IN) == 0)
            {
                final ReplyDecoder reply = new ReplyDecoder()
                    .wrap(firstBuffer, firstOffset + HEADER, header.blockLength(), header.version());
                keep(reply.epoch(), secondBuffer, secondOffset, secondLength);
                return SENT;
            }

            return egress.offer(
                connectionId, firstBuffer, firstOffset, firstLength, secondBuffer, secondOffset, secondLength);
        }

        private void keep(final int epoch, final DirectBuffer buffer, final int offset, final int length)
        {
            final ByteBuffer bytes = ByteBuffer.allocate(2 * Integer.BYTES + length).putInt(epoch).putInt(length);
            buffer.getBytes(offset, bytes, length);
            bytes.flip();
            try
            {
                drops.write(bytes);
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
