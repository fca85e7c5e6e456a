package io.quipu.engine.cli;

import io.quipu.transport.client.ClientContext;
import picocli.CommandLine.Option;

/**
 * A verb that needs a running engine, and how to find it.
 */
abstract class RemoteVerb extends Verb
{
    /** Names the engine where {@code --engine} does not. */
    static final String ENGINE_VARIABLE = "QUIPU_ENGINE";

    private static final String DEFAULT_ENGINE = "localhost:7400";

    @Option(
        names = "--engine", paramLabel = "HOST:PORT",
        description = "The engine to ask (default: $QUIPU_ENGINE, or localhost:7400).")
    private String engine;

    @Option(
        names = "--ack", paramLabel = "LEVEL",
        description = "What must hold before the answer comes: journaled or durable (default: as the engine says).")
    private AckLevel ack;

    /** A fresh context for the engine asked for. */
    final ClientContext clientContext()
    {
        final ClientContext context = new ClientContext().engine(engine());
        return ack == null ? context : context.defaultAck(ack.ack()).queryAck(ack.ack());
    }

    /** HOST:PORT of the engine asked for; checked here, so that a bad one is an error of the command line. */
    final String engine()
    {
        final String address = engine == null ? tool().environment(ENGINE_VARIABLE, DEFAULT_ENGINE) : engine;
        if (!address.matches("(\\[[^\\]]+]|[^:]+):[1-9]\\d{0,4}"))
        {
            throw VerbException.usage(
                (engine == null ? ENGINE_VARIABLE : "--engine") + "=" + address + ": write HOST:PORT, as " + DEFAULT_ENGINE);
        }
        return address;
    }
}
