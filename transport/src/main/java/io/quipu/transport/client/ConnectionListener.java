package io.quipu.transport.client;

/**
 * Told when the engine comes and goes. Called on the thread that drives the connection: do little.
 */
public interface ConnectionListener
{
    /** Connected, for the first time or again; what was not answered is sent again by itself. */
    void onConnected(int epoch, long sequence);

    /** The engine is silent or has closed the connection; the library goes on trying. */
    void onDisconnected(String reason);
}
