package io.quipu.perf.apply;

import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.perf.NumberedNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Target j: bytes of engine state for each member or counter, after random moves have had their way with it, and the
 * resident memory of this process, which does nothing else. {@code ./quipu bench --targets j} starts one for each kind.
 */
public final class MemoryBenchmark
{
    private static final int COMMANDS = 512;

    /** What fills the state. */
    public enum Kind
    {
        /** Members of a board by names of 8 bytes. */
        MEMBERS_8(new NumberedNames("", 8)),
        /** Members of a board by names of 14 bytes. */
        MEMBERS_14(new NumberedNames("m:")),
        /** Counters by names of 14 bytes. */
        COUNTERS_14(new NumberedNames("c:"));

        private final NumberedNames names;

        Kind(final NumberedNames names)
        {
            this.names = names;
        }
    }

    private MemoryBenchmark()
    {
    }

    /**
     * Measures one kind and prints {@code name value} lines.
     *
     * @param args kind, number of names, number of moves.
     * @throws IOException when the kernel does not tell the resident memory.
     */
    public static void main(final String[] args) throws IOException
    {
        final Kind kind = Kind.valueOf(args[0].toUpperCase(Locale.ROOT));
        final int names = Integer.parseInt(args[1]);
        final long moves = Long.parseLong(args[2]);
        final long emptyBytes = residentBytes();
        try (AppliedState state = new AppliedState())
        {
            fill(state, kind, names);
            final long filledBytes = state.stateBytes();
            move(state, kind, names, moves);
            System.out.println("filledBytesPerName " + filledBytes / (double)names);
            System.out.println("stateBytesPerName " + state.stateBytes() / (double)names);
            System.out.println("residentBytes " + residentBytes());
            System.out.println("residentBytesPerName " + (residentBytes() - emptyBytes) / (double)names);
        }
    }

    private static void fill(final AppliedState state, final Kind kind, final int names)
    {
        final SplittableRandom random = new SplittableRandom(names);
        if (kind == Kind.COUNTERS_14)
        {
            state.createCounters(kind.names, 0, names);
        }
        else
        {
            state.createBoard(Operator.LAST);
            state.createMembers(kind.names, 0, names, (member) -> random.nextInt(AppliedState.SCORES));
        }
    }

    /** Members move to new uniform scores, counters by uniform deltas. */
    private static void move(final AppliedState state, final Kind kind, final int names, final long moves)
    {
        final SplittableRandom random = new SplittableRandom(moves);
        final RecordBody body = kind == Kind.COUNTERS_14 ?
            RecordBody.adds(kind.names, COMMANDS, ReplyForm.ACK) :
            RecordBody.scores(AppliedState.BOARD, kind.names, COMMANDS, ReplyForm.ACK);
        for (long moved = 0; moved < moves; moved += COMMANDS)
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                body.put(i, random.nextInt(names), random.nextInt(AppliedState.SCORES));
            }
            state.request(body);
        }
    }

    private static long residentBytes() throws IOException
    {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter((line) -> line.startsWith("VmRSS:"))
            .mapToLong((line) -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
            .findFirst().orElse(0);
    }
}
