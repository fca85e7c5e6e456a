package io.quipu.transport;

/**
 * Where frames come from. A seam: the engine knows nothing else of its clients' way in.
 */
public interface Ingress
{
    /**
     * Delivers frames until the limit is reached, nothing is left, or the handler has no room. Connections that closed
     * since the last poll are told first. An exception of the handler comes out of this method, the frame not consumed.
     *
     * @param handler       of the frames.
     * @param fragmentLimit most fragments (datagram payloads) to look at.
     * @return number of fragments taken and connections closed; 0 when there was nothing to do.
     */
    int poll(IngressHandler handler, int fragmentLimit);
}
