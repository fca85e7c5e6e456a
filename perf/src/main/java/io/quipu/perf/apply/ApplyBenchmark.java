package io.quipu.perf.apply;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * How everything inside {@code apply} is measured: commands a second, one thread, in a JVM like an engine's.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:-UsePerfData",
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"})
public abstract class ApplyBenchmark
{
    /** Of each request. */
    static final int COMMANDS = 512;

    static final long SEED = 20_260_101L;
}
