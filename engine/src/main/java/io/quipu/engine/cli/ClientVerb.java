package io.quipu.engine.cli;

import io.quipu.transport.client.QuipuClient;

/**
 * A verb that asks a running engine: connects, does it, disconnects.
 */
abstract class ClientVerb extends RemoteVerb
{
    /**
     * Does it.
     *
     * @param client connected.
     * @return the exit code.
     */
    abstract int run(QuipuClient client);

    @Override
    protected int run() throws Exception
    {
        try (QuipuClient client = QuipuClient.connect(clientContext()))
        {
            return run(client);
        }
    }
}
