package io.quipu.engine.cli;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.transport.client.SessionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ResumeFileTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldGiveBackTheNewestState() throws IOException
    {
        final Path path = directory.resolve("state");
        try (ResumeFile file = ResumeFile.open(path))
        {
            assertThat(file.read()).isEmpty();
            for (int i = 1; i <= 5; i++)
            {
                file.write("batch=" + i);
            }
        }

        try (ResumeFile file = ResumeFile.open(path))
        {
            assertThat(file.read()).contains("batch=5");
            file.write("batch=6");
        }

        try (ResumeFile file = ResumeFile.open(path))
        {
            assertThat(file.read()).contains("batch=6");
        }
    }

    @Test
    void shouldBeReadableByItsOwnerOnly() throws IOException
    {
        final Path path = directory.resolve("state");
        try (ResumeFile file = ResumeFile.open(path))
        {
            file.write("token");
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");

        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> ResumeFile.open(path)).isInstanceOf(VerbException.class).hasMessageContaining("chmod 600");
    }

    @Test
    void shouldServeOneLoadAtATime() throws IOException
    {
        final Path path = directory.resolve("state");
        try (ResumeFile file = ResumeFile.open(path))
        {
            assertThatThrownBy(() -> ResumeFile.open(path)).isInstanceOf(VerbException.class)
                .hasMessageContaining("another load is using it");
            assertThat(file.read()).isEmpty();
        }
    }

    /** Whatever a kill leaves of the state that is being written, one of the two is whole. */
    @Test
    void shouldFallBackToTheStateBeforeWhenOneIsTorn() throws IOException
    {
        final Path path = directory.resolve("state");
        try (ResumeFile file = ResumeFile.open(path))
        {
            file.write("batch=1 of some length");
            file.write("batch=2 of some length");
            file.write("batch=3 of some length");
        }
        final byte[] whole = Files.readAllBytes(path);

        for (int i = 0; i < whole.length; i++)
        {
            final byte[] damaged = whole.clone();
            damaged[i] ^= 0x40;
            Files.write(path, damaged);
            try (ResumeFile file = ResumeFile.open(path))
            {
                assertThat(file.read().orElseThrow()).as("byte " + i)
                    .isIn("batch=2 of some length", "batch=3 of some length");
            }
        }
    }

    @Test
    void shouldRefuseAFileOfSomethingElse() throws IOException
    {
        final Path path = directory.resolve("notes");
        Files.writeString(path, "do not overwrite me");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));

        try (ResumeFile file = ResumeFile.open(path))
        {
            assertThatThrownBy(file::read).isInstanceOf(VerbException.class).hasMessageContaining("not written by load");
        }
        assertThat(path).hasContent("do not overwrite me");
    }

    @Test
    void shouldKeepAllOfAState()
    {
        final LoadState state = new LoadState();
        state.session(new SessionState(-1, 2, 3, 4, 5));
        state.fileLength(77);
        state.elapsedMs(1234);
        state.refusedBatches().put(9L, ResultCode.REQUEST_TOO_LARGE);
        state.done(Map.of("OVERFLOW", 3L, "BAD_LINE", 1L));

        final LoadState read = LoadState.of(state.text());

        assertThat(read).usingRecursiveComparison().isEqualTo(state);
    }
}
