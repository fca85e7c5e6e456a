package io.quipu.transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class DriverDirectoryTest
{
    @TempDir
    Path directory;

    @Test
    void shouldGiveEachOwnerItsOwn() throws IOException
    {
        try (DriverDirectory first = claim("engine-1"); DriverDirectory second = claim("engine-1"))
        {
            assertThat(first.path()).isNotEqualTo(second.path());
            assertThat(first.isPresent()).isTrue();
            Files.createDirectories(first.path());
            Files.writeString(first.path().resolve("cnc.dat"), "in use");
            try (DriverDirectory third = claim("other"))
            {
                assertThat(third.isPresent()).isTrue();
                assertThat(first.path().resolve("cnc.dat")).exists();
            }
        }
        assertThat(list()).isEmpty();
    }

    @Test
    void shouldRemoveWhatDeadOwnersLeft() throws IOException
    {
        final Path dead = Files.createDirectories(directory.resolve("quipu-engine-abc-1-0/driver/images")).getParent();
        Files.writeString(dead.resolve("cnc.dat"), "left behind");
        Files.createFile(dead.resolveSibling("owner.lock"));
        final Path stranger = Files.createDirectory(directory.resolve("aeron-somebody"));
        final Path young = Files.createDirectory(directory.resolve("quipu-engine-abc-2-0"));
        final Path old = Files.createDirectory(directory.resolve("quipu-engine-abc-3-0"));
        Files.setLastModifiedTime(old, FileTime.fromMillis(System.currentTimeMillis() - TimeUnit.HOURS.toMillis(1)));

        try (DriverDirectory mine = claim("engine-def"))
        {
            assertThat(list()).containsExactlyInAnyOrder(stranger, young, mine.path().getParent());
        }
    }

    @Test
    void shouldLeaveWhatAnotherProcessOwnsUntilItDies() throws Exception
    {
        final Process owner = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp", System.getProperty("java.class.path"),
            Owner.class.getName(), directory.toString()).redirectErrorStream(true).start();
        try
        {
            final String line = owner.inputReader().readLine();
            final Path theirs = Path.of(line);
            assertThat(theirs).exists();
            claim("engine-x").close();
            assertThat(theirs).exists();

            owner.destroyForcibly().waitFor();
            claim("engine-x").close();
            assertThat(theirs).doesNotExist();
        }
        finally
        {
            owner.destroyForcibly().waitFor();
        }
        assertThat(list()).isEmpty();
    }

    @Test
    void shouldBeClosedTwiceWithoutHarm() throws IOException
    {
        final DriverDirectory claimed = claim("engine-1");
        claimed.close();
        claimed.close();
        assertThat(claimed.isPresent()).isFalse();
        assertThat(list()).isEmpty();
    }

    private DriverDirectory claim(final String name)
    {
        return DriverDirectory.claim(name, directory, 0, directory.resolve("fallback"), (line) -> {});
    }

    private List<Path> list() throws IOException
    {
        final Path real = directory.toRealPath();
        try (Stream<Path> entries = Files.list(real))
        {
            return entries.toList();
        }
    }

    /** Owns a directory until it is killed. */
    static final class Owner
    {
        private Owner()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final Path base = Path.of(args[0]);
            final DriverDirectory owned = DriverDirectory.claim("engine-y", base, 0, base, (line) -> {});
            Files.createDirectories(owned.path());
            System.out.println(owned.path().getParent());
            System.out.flush();
            System.in.read();
        }
    }
}
