package io.quipu.engine.sequencer;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.publish.DiskRoom;
import io.quipu.engine.publish.ResultRing;
import io.quipu.engine.publish.Syncer;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.JournalAppender;
import io.quipu.transport.Ingress;

/**
 * What a {@link Sequencer} works with. All of it is recovered and open before the sequencer is made.
 *
 * @param ingress        to poll.
 * @param appender       of the journal, in its new epoch.
 * @param state          recovered to the end of the journal.
 * @param ring           to publish results to.
 * @param syncer         to tell of appends.
 * @param time           to stamp entries with.
 * @param statusQuery    that answers GetStatus.
 * @param defaultAck     of a request that names none.
 * @param diskRoom       while it is short nothing new is journaled.
 * @param crashPoint     told of the places passed.
 */
public record SequencerContext(
    Ingress ingress,
    JournalAppender appender,
    StateMachine state,
    ResultRing ring,
    Syncer syncer,
    EngineTime time,
    StatusQuery statusQuery,
    Ack defaultAck,
    DiskRoom diskRoom,
    CrashPoint crashPoint)
{
}
