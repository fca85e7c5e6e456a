package io.quipu.engine.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Bugs that engines have had, ours or others, each as a change of a few words in a copy of one shipped class. A seed of
 * the simulator that runs on the copy must fail sooner or later: a bug that is never found is a hole in the simulator.
 *
 * @param name    what is wrong.
 * @param module  folder of the module.
 * @param type    full name of the class.
 * @param shipped text of its source; stands there once.
 * @param planted text in its place.
 */
public record PlantedBug(String name, String module, String type, String shipped, String planted)
{
    static final List<PlantedBug> ALL = new ArrayList<>();

    static
    {
        journal("acknowledged, not journaled", "JournalAppender",
            "store.append(buffer, 0, length);", "");
        journal("epoch is not bumped", "Journal",
            "superblock.newest().epoch()) + 1);", "superblock.newest().epoch()));");
        journal("chain begins anew at each start", "Journal",
            "            recovered.chain(),\n            Math.max(recovered.epoch()",
            "            0,\n            Math.max(recovered.epoch()");
        journal("lock is not taken before the files are read", "Journal",
            "context.lock().acquire();", "");
        journal("any damage is a torn tail", "JournalScanner",
            "isLost ? Verdict.CORRUPT : Verdict.TORN_TAIL",
            "Verdict.TORN_TAIL");
        journal("the tail ends a record too early", "JournalScanner",
            "                    endPosition = position;", "                    endPosition = recordPosition;");
        journal("checksums are not looked at", "JournalScanner",
            "if (!check.isCrcValid(reader, offset, length))", "if (false)");

        journal("the superblock names what was appended during the sync", "Journal",
            "keeper.onSynced(place);", "keeper.onSynced(appender.appended().read());");
        journal("the superblock is not forced", "SuperblockCopies",
            "store.force();\n            newestCopy", "newestCopy");

        engine("durable before it is synced", "publish.Syncer",
            "force.run();", "");
        engine("durable is what was appended during the sync", "publish.Syncer",
            "durable.set(sequence);", "durable.set(appended.get());");
        engine("durable replies leave up to now, not up to the sync", "publish.Syncer",
            "            gate.set(cursor);\n            onDurable",
            "            gate.set(ring.cursor());\n            onDurable");
        engine("a failed sync is tried again", "publish.Syncer",
            "            failure = ex;\n        }\n        catch (final Error",
            "        }\n        catch (final Error");
        engine("a failed sync is noticed by the sequencer only", "EngineCore",
            "        checkSyncer();\n        return replies", "        return replies");

        engine("a retry is applied again", "sequencer.Admission",
            "if (requestSequence < expected)", "if (requestSequence < expected - 1)");
        engine("a gap within a session is accepted", "sequencer.Admission",
            "if (requestSequence > expected)", "if (requestSequence > expected + 1)");
        engine("a durable retry does not wait for the sync", "sequencer.Sequencer",
            "DURABLE == ack && sequence > syncer.durableSequence()", "false");
        engine("room for replies is not asked for", "sequencer.Sequencer",
            "if (!ring.hasRoom(reservedResults + results, reservedBytes + bytes, Channels.MAX_MESSAGE_LENGTH))",
            "if (false)");
        engine("closing a session is not journaled", "sequencer.Sequencer",
            "record.addSessionClose(session.sessionId);", "");
        engine("time goes back with the wall clock", "sequencer.EngineTime",
            "Math.max(atLeastNs, clock.wallNs())", "clock.wallNs()");

        engine("apply reads a clock", "state.SessionTable",
            "LAST_TIME_OFFSET, timeNs);\n        digest.add(entryOf(slot));\n        records.toNewest",
            "LAST_TIME_OFFSET, timeNs + (System.nanoTime() & 1));\n" +
            "        digest.add(entryOf(slot));\n        records.toNewest");
        engine("a reply is dropped before it was received", "state.SessionTable",
            "dropUpTo(slot, repliesReceivedUpTo);", "dropUpTo(slot, repliesReceivedUpTo + 1);");
        engine("the session evicted is not the least recently used", "state.SessionTable",
            "        records.toNewest(slot);\n", "");
        engine("kept replies are not in the checkpoint", "state.StateImageWriter",
            "sessions.forEachOldestFirst(this::writeSession, this::writeReply);",
            "sessions.forEachOldestFirst(this::writeSession, (request, address, length) -> { });");
        engine("the shadow reads what is not durable", "checkpoint.Shadow",
            "Math.min(durableSequence.getAsLong(), state.sequence() + TURN_ENTRIES)", "Long.MAX_VALUE");
        engine("files go that an older checkpoint needs", "checkpoint.Checkpoints",
            "upToProven[upToProven.length - GENERATIONS]", "upToProven[upToProven.length - 1]");
        engine("a sum wraps around", "state.CounterCommands",
            "return ((value ^ sum) & (delta ^ sum)) < 0;", "return false;");
        engine("half a batch stays", "state.RequestProcessor",
            "undo.rollback(undoHandler);", "undo.commit();");
        engine("undo forgets when a score was changed", "state.Scoring",
            "next, word(words, CHANGED_AT_WORD), 0, RankNode.NULL_NODE", "next, 1L, 0, RankNode.NULL_NODE");
        engine("ties by name follow the order in memory", "state.RankOrder",
            "members.compareNames(RankNode.member(node, middle), member) < 0",
            "RankNode.member(node, middle) < member");
        engine("ranks among ties are one off", "state.RankOrder",
            "return inclusive ? high : low;", "return low;");
    }

    private static void journal(final String name, final String type, final String shipped, final String planted)
    {
        ALL.add(new PlantedBug(name, "journal", "io.quipu.journal." + type, shipped, planted));
    }

    private static void engine(final String name, final String type, final String shipped, final String planted)
    {
        ALL.add(new PlantedBug(name, "engine", "io.quipu.engine." + type, shipped, planted));
    }

    @Override
    public String toString()
    {
        return name;
    }
}
