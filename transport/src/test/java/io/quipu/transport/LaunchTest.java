package io.quipu.transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LaunchTest
{
    @TempDir
    Path directory;

    @Test
    void shouldNameThePortInUseAndLeaveNothing() throws IOException
    {
        try (EngineTransport first = EngineTransport.launch(TestWorld.context(directory)))
        {
            final String taken = "localhost:" + first.ingressPort();
            assertThatThrownBy(() -> EngineTransport.launch(TestWorld.context(directory).ingress(taken)))
                .isInstanceOf(TransportException.class)
                .hasMessage("UDP port " + first.ingressPort() + " of localhost is in use: " +
                    "stop its owner, or listen elsewhere, localhost:0 for a free port");

            final String beside = "localhost:" + (first.ingressPort() - 1);
            assertThatThrownBy(() -> EngineTransport.launch(TestWorld.context(directory).ingress(beside)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("UDP port " + first.ingressPort() + " of localhost is in use " +
                    "(the responses need it, one above the ingress port)");
            assertThat(list(directory)).hasSize(1);
        }
        assertThat(list(directory)).isEmpty();
    }

    @Test
    void shouldHoldBothPortsFromTheStartAndGiveThemBack() throws IOException
    {
        final int port;
        try (EngineTransport transport = EngineTransport.launch(TestWorld.context(directory)))
        {
            port = transport.ingressPort();
            assertThat(transport.ingressAddress()).isEqualTo("localhost:" + port);
            assertThat(isFree(port)).isFalse();
            assertThat(isFree(port + Channels.RESPONSE_PORT_OFFSET)).isFalse();
        }
        assertThat(isFree(port)).isTrue();
        assertThat(isFree(port + Channels.RESPONSE_PORT_OFFSET)).isTrue();
    }

    @Test
    void shouldListenOnLoopbackOnlyUnlessAllowed()
    {
        assertThatThrownBy(() -> EngineTransport.launch(TestWorld.context(directory).ingress("0.0.0.0:7400")))
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("0.0.0.0").hasMessageContaining("--allow-unauthenticated");
        assertThatThrownBy(() -> EngineTransport.launch(
            TestWorld.context(directory).feed("aeron:udp?endpoint=224.20.30.41:7777")))
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("224.20.30.41:7777").hasMessageContaining("--allow-unauthenticated");
        try (EngineTransport open = EngineTransport.launch(
            TestWorld.context(directory).ingress("0.0.0.0:0").allowUnauthenticated(true)))
        {
            assertThat(open.ingressPort()).isPositive();
        }
    }

    @Test
    void shouldRefuseAddressesThatAreNone()
    {
        for (final String text : new String[]{"", "7400", "localhost", "localhost:", "localhost:x", "localhost:-1",
            "localhost:65536", ":7400", "no.such.host.invalid:7400"})
        {
            assertThatThrownBy(() -> EngineTransport.launch(TestWorld.context(directory).ingress(text)))
                .as(text).isInstanceOf(TransportException.class).hasMessageStartingWith("ingress=" + text + ": ");
        }
        assertThatThrownBy(() -> EngineTransport.launch(TestWorld.context(directory).feed("nonsense")))
            .isInstanceOf(TransportException.class).hasMessageStartingWith("feed=nonsense: ");
    }

    @Test
    void shouldFallBackWhenSharedMemoryIsTooSmallAndSaySo() throws IOException
    {
        final List<String> log = new ArrayList<>();
        final Path shared = Files.createDirectory(directory.resolve("shm"));
        final Path home = Files.createDirectory(directory.resolve("home"));
        try (EngineTransport transport = EngineTransport.launch(TestWorld.context(home)
            .sharedMemory(shared).sharedMemoryNeeded(Long.MAX_VALUE).log(log::add)))
        {
            assertThat(transport.aeronDirectory()).startsWith(home.toRealPath().resolve("aeron"));
            assertThat(log).hasSize(1);
            assertThat(log.get(0)).contains(shared.toString()).contains("free").contains(home.resolve("aeron").toString());
            transport.doWork();
        }
        assertThat(list(shared)).isEmpty();
        assertThat(list(home.resolve("aeron"))).isEmpty();
    }

    @Test
    void shouldNeedLittleSharedMemory() throws IOException
    {
        try (TestWorld world = new TestWorld(directory))
        {
            world.connect();
            world.turns(100);
            // The feed adds three terms of 1 MiB on either side.
            assertThat(size(world.transport.aeronDirectory())).isLessThan(16L << 20);
            assertThat(size(Path.of(world.client.driver.aeronDirectoryName()))).isLessThan(16L << 20);
        }
    }

    @Test
    void shouldStopWhenItsDirectoryIsSweptAway()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            world.connect();
            assertThat(world.transport.aeronDirectory().resolveSibling("owner.lock").toFile().delete()).isTrue();
            world.aheadNs += TimeUnit.SECONDS.toNanos(1);
            assertThatThrownBy(() -> world.turn())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining(world.transport.aeronDirectory().toString()).hasMessageContaining("was removed");
        }
    }

    @Test
    void shouldStartNoThreadAndLeaveNoFile() throws IOException
    {
        final Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (TestWorld world = new TestWorld(directory))
        {
            world.connect();
            assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
                .extracting(Thread::getName).noneMatch((name) -> name.contains("aeron") || name.contains("quipu"));
            assertThat(world.transport.flush(TimeUnit.SECONDS.toNanos(5))).isTrue();
            world.transport.close();
            world.transport.close();
        }
        assertThat(list(directory)).isEmpty();
    }

    private static long size(final Path directory) throws IOException
    {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static boolean isFree(final int port)
    {
        try (DatagramSocket ignore = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("localhost"), port)))
        {
            return true;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private static List<Path> list(final Path path) throws IOException
    {
        try (Stream<Path> entries = Files.list(path))
        {
            return entries.toList();
        }
    }
}
