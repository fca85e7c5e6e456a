/**
 * The Java client library: what an application needs to count and to rank with Quipu, and nothing of the engine.
 * <p>
 * {@link io.quipu.transport.client.QuipuClient} is the blocking form, for any number of threads.
 * {@link io.quipu.transport.client.AsyncSession} is the form of one thread with completion handlers and no garbage.
 * {@link io.quipu.transport.client.FeedSubscriber} listens to the published views.
 * <p>
 * Uses the codecs, Aeron, Agrona and the JDK only; of {@code io.quipu.transport} only
 * {@link io.quipu.transport.Channels}.
 */
package io.quipu.transport.client;
