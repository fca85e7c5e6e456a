package io.quipu.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyVerbTest
{
    private static final long SMALL_ROLL = 1 << 17;

    @TempDir
    private Path dir;

    @Test
    void shouldProveACleanJournal()
    {
        final String expected = write(20, 1 << 20);
        final Quipu run = verify();
        assertThat(run.last()).isEqualTo(expected);
        assertThat(run.exitCode()).isZero();

        final Quipu people = Quipu.run("replay", "verify", "--dir", dir);
        assertThat(people.out().get(0)).startsWith("CLEAN: 23 records, ").endsWith(" in 1 files, to epoch 1");
        assertThat(people.out().get(1)).startsWith("valid up to sequence 22 of 2023-11-14T22:13:20.022Z, digest ");
    }

    @Test
    void shouldProveSeveralFilesAndEpochs()
    {
        write(700, SMALL_ROLL);
        final String expected = write(1300, SMALL_ROLL);
        final Quipu run = verify();
        assertThat(run.last()).isEqualTo(expected);
        assertThat(files()).hasSizeGreaterThan(2);
    }

    @Test
    void shouldProveAPart()
    {
        write(20, 1 << 20);
        final Quipu run = Quipu.run("replay", "verify", "--json", "--dir", dir, "--to", 10);
        assertThat(run.last()).startsWith("{\"verdict\":\"CLEAN\",\"sequence\":10,");
        assertThat(Quipu.run("replay", "verify", "--dir", dir, "--to", 100).exitCode()).isEqualTo(1);
    }

    @Test
    void shouldReadBesideARunningEngineAndChangeNothing() throws IOException
    {
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().request((r) -> r.add("a", 1)).record();
            final Map<String, String> before = contents();
            final Quipu first = verify();
            assertThat(first.last()).isEqualTo(verdict("CLEAN", writer));
            assertThat(contents()).isEqualTo(before);

            writer.request((r) -> r.add("a", 2)).record();
            assertThat(verify().last()).isEqualTo(verdict("CLEAN", writer));
        }
    }

    @Test
    void shouldFindAFlippedBitBeforeTheDurableSequence() throws IOException
    {
        write(20, 1 << 20);
        final Path file = files().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[indexOf(bytes, "counter-5") + 3] ^= 1;
        Files.write(file, bytes);

        final Quipu run = verify();
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.last()).startsWith("{\"verdict\":\"CORRUPT\",\"sequence\":6,");
        assertThat(run.err()).contains(file.getFileName().toString(), "offset", "sequence 7");
        for (final String verb : List.of("dump", "describe", "state"))
        {
            assertThat(Quipu.run("replay", verb, "--dir", dir).exitCode()).as(verb).isEqualTo(65);
            assertThat(Quipu.run("replay", verb, "--dir", dir, "--to", 6).exitCode()).as(verb).isZero();
        }
    }

    @Test
    void shouldLeaveATornTail() throws IOException
    {
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().request((r) -> r.add("a", 1)).record();
            writer.request((r) -> r.add("torn", 1)).record();
        }
        final Path file = files().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[indexOf(bytes, "torn")] ^= 1;
        Files.write(file, bytes);

        final Quipu run = verify();
        assertThat(run.exitCode()).isZero();
        assertThat(run.last()).startsWith("{\"verdict\":\"TORN_TAIL\",\"sequence\":2,");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void shouldMissAFile() throws IOException
    {
        write(2000, SMALL_ROLL);
        Files.delete(files().get(1));
        final Quipu run = verify();
        assertThat(run.exitCode()).isEqualTo(66);
        assertThat(run.last()).startsWith("{\"verdict\":\"GAP\",");
    }

    @Test
    void shouldListEveryDamagedRange() throws IOException
    {
        write(2000, SMALL_ROLL);
        final List<Path> files = files();
        damage(files.get(0), "counter-5-", "counter-9-");
        damage(files.get(1), (String[])null);
        Files.delete(files.get(2));
        final Quipu run = Quipu.run("replay", "verify", "--dir", dir);
        assertThat(run.exitCode()).isEqualTo(66);
        final List<String> listed = run.out().stream().filter((line) -> line.startsWith("damaged: ")).toList();
        assertThat(listed).hasSize(4);
        assertThat(listed.get(0)).startsWith("damaged: " + files.get(0).getFileName() + " ").endsWith("entries from 7 to 7");
        assertThat(listed.get(1)).startsWith("damaged: " + files.get(0).getFileName() + " ").endsWith("entries from 11 to 11");
        assertThat(listed.get(2)).startsWith("damaged: " + files.get(1).getFileName() + " ").contains(", entries from ");
        assertThat(listed.get(3)).startsWith("damaged: " + files.get(2).getFileName() + " 0..0, entries from ");
        assertThat(verify().out()).filteredOn((line) -> line.startsWith("{\"damaged\":\"")).hasSize(4);
    }

    /** Flips a byte in these names, or somewhere in the middle. */
    private static void damage(final Path file, final String... names) throws IOException
    {
        final byte[] bytes = Files.readAllBytes(file);
        if (names == null)
        {
            bytes[100_000] ^= 1;
        }
        else
        {
            for (final String name : names)
            {
                bytes[indexOf(bytes, name) + 3] ^= 1;
            }
        }
        Files.write(file, bytes);
    }

    @Test
    void shouldNoticeAnotherStateThanWasWritten()
    {
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().request((r) -> r.add("a", 1)).record();
            writer.request((r) -> r.add("a", 1)).record(1);
        }
        final Quipu run = verify();
        assertThat(run.exitCode()).isEqualTo(70);
        assertThat(run.last()).startsWith("{\"verdict\":\"DIVERGED\",\"sequence\":2,");
        assertThat(run.err()).contains("sequence 3");
        assertThat(Quipu.run("replay", "state", "--dir", dir).exitCode()).isEqualTo(70);
    }

    @Test
    void shouldNoticeABodyThatIsNotWhatItsLengthsSay()
    {
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().request((r) -> r.add("a", 1)).record();
            writer.brokenRecord();
        }
        final Quipu run = verify();
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.last()).startsWith("{\"verdict\":\"CORRUPT\",\"sequence\":2,");
        assertThat(run.err()).contains("sequence 3", "BAD_NAME");
    }

    private String write(final int records, final long rollLength)
    {
        try (JournalWriter writer = new JournalWriter(dir, rollLength))
        {
            if (0 == writer.state().sequence())
            {
                writer.session().record();
            }
            for (int i = 0; i < records; i++)
            {
                final String counter = "counter-" + i + "-".repeat(100);
                writer.request((r) -> r.add(counter, 1)).record();
            }
            writer.sync().request((r) -> r.add("end", 1)).record();
            return verdict("CLEAN", writer);
        }
    }

    private static String verdict(final String verdict, final JournalWriter writer)
    {
        return "{\"verdict\":\"" + verdict + "\",\"sequence\":" + writer.state().sequence() +
            ",\"digest\":\"" + writer.digest() + "\"}";
    }

    private Quipu verify()
    {
        return Quipu.run("replay", "verify", "--json", "--dir", dir);
    }

    private List<Path> files()
    {
        try (Stream<Path> files = Files.list(dir.resolve("journal")))
        {
            return files.filter((file) -> file.toString().endsWith(".cq4")).sorted().toList();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Every file with its time and a hash of its bytes. */
    private Map<String, String> contents() throws IOException
    {
        final Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir))
        {
            for (final Path file : files.toList())
            {
                final FileTime time = Files.getLastModifiedTime(file);
                contents.put(
                    file.toString(),
                    time + " " + (Files.isDirectory(file) ? "" : Arrays.hashCode(Files.readAllBytes(file))));
            }
        }
        return contents;
    }

    private static int indexOf(final byte[] bytes, final String text)
    {
        final byte[] wanted = text.getBytes(UTF_8);
        for (int i = 0; i + wanted.length <= bytes.length; i++)
        {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length))
            {
                return i;
            }
        }
        throw new AssertionError("no " + text);
    }
}
