package io.quipu.engine.cli;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The launcher script in a house of its own, whose path has blanks, with a Java and a Maven that only say how they were
 * called.
 */
class LauncherTest
{
    private static final List<String> MODULES = List.of("codecs", "journal", "transport", "engine", "replay", "perf");
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    private Path house;
    private Path jdk;
    private Path maven;

    /** What a run left. */
    private record Run(int exitCode, String out, String err, long pid)
    {
    }

    @BeforeEach
    void buildHouse() throws IOException
    {
        house = Files.createDirectories(directory.resolve("a house with blanks"));
        final Path script = house.resolve("quipu");
        Files.copy(Path.of(System.getProperty("quipu.root"), "quipu"), script);
        executable(script);
        source("pom.xml");
        for (final String module : MODULES)
        {
            source(module + "/pom.xml");
            source(module + "/src/main/java/" + module + ".java");
        }
        jdk = jdk("jdk 17", "17.0.15");
        maven = directory.resolve("maven");
        program(maven.resolve("bin/mvn"), """
            echo "mvn $*" >> "$MVN_LOG"
            [ -z "${MVN_FAILS-}" ] || { echo "no network"; exit 1; }
            echo "said by maven"
            sleep "${MVN_SECONDS-0}"
            mkdir -p "$MVN_HOUSE/perf/target/lib"
            : > "$MVN_HOUSE/perf/target/quipu-perf-1.jar"
            """);
    }

    @Test
    void shouldBuildOnFirstUseAndSayNothingOfItOnStandardOutput() throws Exception
    {
        final Run first = run(house.resolve("quipu"), "get", "page:/home", "-5");

        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).contains("quipu: building").contains("said by maven");
        assertThat(first.out()).doesNotContain("maven").contains(
            "<-cp>\n<" + house.toRealPath().resolve("perf/target/quipu-perf-1.jar") + ">\n<io.quipu.engine.cli.QuipuTool>\n" +
                "<get>\n<page:/home>\n<-5>\n");
        assertThat(builds()).isEqualTo(1);

        assertThat(run(house.resolve("quipu"), "get").err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewerOrGone() throws Exception
    {
        run(house.resolve("quipu"));
        Files.setLastModifiedTime(
            house.resolve("journal/src/main/java/journal.java"), FileTime.from(Instant.now().plusSeconds(60)));
        run(house.resolve("quipu"));
        assertThat(builds()).isEqualTo(2);

        Files.setLastModifiedTime(house.resolve("journal/src/main/java/journal.java"), LONG_AGO);
        run(house.resolve("quipu"));
        final int before = builds();
        // A directory is newer when something in it is gone.
        Files.setLastModifiedTime(house.resolve("perf/target/quipu-perf-1.jar"), LONG_AGO);
        Files.delete(house.resolve("codecs/src/main/java/codecs.java"));
        run(house.resolve("quipu"));
        assertThat(builds()).isEqualTo(before + 1);
    }

    @Test
    void shouldBuildOnceWhenManyStartAtOnce() throws Exception
    {
        final List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++)
        {
            processes.add(start(Map.of("MVN_SECONDS", "0.5"), directory, house.resolve("quipu"), "status"));
        }
        for (final Process process : processes)
        {
            process.getInputStream().readAllBytes();
            assertThat(process.waitFor()).isZero();
        }

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void shouldWorkThroughLinksFromAnyDirectory() throws Exception
    {
        final Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("q"), Path.of("../a house with blanks/quipu"));
        final Path link = Files.createSymbolicLink(directory.resolve("quipu link"), bin.resolve("q"));

        final Run run = run(link, "top", "epl");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(house.toRealPath().resolve("perf/target/quipu-perf-1.jar").toString());
    }

    @Test
    void shouldBecomeTheJvm() throws Exception
    {
        final Run run = run(house.resolve("quipu"), "engine", "--dir", "d");

        assertThat(run.out()).contains("pid " + run.pid() + "\n").contains("locale C.UTF-8\n");
    }

    @Test
    void shouldGiveEachVerbTheJvmThatItNeeds() throws Exception
    {
        run(house.resolve("quipu"));

        assertThat(run(house.resolve("quipu"), "engine").out())
            .contains("<-Xms256m>", "<-XX:+ExitOnOutOfMemoryError>", "<--add-opens=java.base/sun.nio.ch=ALL-UNNAMED>")
            .doesNotContain("TieredStopAtLevel", "enable-native-access");
        assertThat(run(house.resolve("quipu"), "top", "engine").out()).contains("<-XX:TieredStopAtLevel=1>");
        assertThat(run(house.resolve("quipu"), "load", "-").out()).doesNotContain("TieredStopAtLevel");

        jdk = jdk("jdk 25", "25.0.3");
        assertThat(run(house.resolve("quipu"), "engine").out())
            .contains("<--enable-native-access=ALL-UNNAMED>", "<--sun-misc-unsafe-memory-access=allow>");
    }

    @Test
    void shouldSayInOneLineWhatIsMissing() throws Exception
    {
        jdk = jdk("jdk 11", "11.0.2");
        oneLine("is Java 11: Quipu needs a JDK from 17 to 25");

        jdk = directory.resolve("nowhere");
        oneLine("JAVA_HOME=" + jdk + " holds no bin/java");

        jdk = jdk("jre", "17.0.1");
        Files.delete(jdk.resolve("bin/javac"));
        oneLine("has no compiler");

        jdk = jdk("jdk", "17.0.1");
        final Path was = maven;
        maven = directory.resolve("no maven");
        oneLine("no " + maven + "/bin/mvn to build with");

        maven = was;
        final Process failing = start(Map.of("MVN_FAILS", "1"), directory, house.resolve("quipu"), "status");
        assertThat(new String(failing.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(failing.waitFor()).isEqualTo(1);
    }

    private void oneLine(final String expected) throws Exception
    {
        final Run run = run(house.resolve("quipu"), "status");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("quipu: ").contains(expected);
        assertThat(run.err().lines()).hasSize(1);
    }

    private Run run(final Path script, final String... args) throws Exception
    {
        final Process process = start(Map.of(), directory, script, args);
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out, Files.readString(directory.resolve("err")), process.pid());
    }

    private Process start(final Map<String, String> more, final Path from, final Path script, final String... args)
        throws IOException
    {
        final List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        final ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectError(directory.resolve("err").toFile());
        final Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("MAVEN_HOME", maven.toString());
        environment.put("MVN_LOG", directory.resolve("mvn.log").toString());
        environment.put("MVN_HOUSE", house.toString());
        environment.remove("QUIPU_JVM_OPTS");
        environment.putAll(more);
        return builder.start();
    }

    private int builds() throws IOException
    {
        return Files.readAllLines(directory.resolve("mvn.log")).size();
    }

    /** A Java that shows each argument on a line of its own. */
    private Path jdk(final String name, final String version) throws IOException
    {
        final Path home = Files.createDirectories(directory.resolve(name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), "echo \"pid $$\"\necho \"locale $LC_ALL\"\nprintf '<%s>\\n' \"$@\"\n");
        program(home.resolve("bin/javac"), "");
        return home;
    }

    private void source(final String name) throws IOException
    {
        final Path path = house.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "");
        Files.setLastModifiedTime(path, LONG_AGO);
    }

    private static void program(final Path path, final String text) throws IOException
    {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + text);
        executable(path);
    }

    private static void executable(final Path path) throws IOException
    {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
