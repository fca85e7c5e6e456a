/**
 * A whole engine, its disk, its network and its clients in one thread and in virtual time, with every fault that we can
 * think of, all of it decided by one seed. Read {@link io.quipu.engine.sim.Simulation} first.
 * <pre>
 *   SimClient ---frames---> SimNetwork ---Ingress---> +--------------------+ ---JournalStore---> SimJournalStore
 *   SimClient                loss, gaps,              |  shipped code:     |                          |
 *   SimClient &lt;--replies---  duplicates, &lt;--Egress--- |  EngineCore and    |                       SimDisk
 *       |                    delay, rejoin            |  all behind it     | &lt;--Clock--- SimClock    pages,
 *       |                        |                    +--------------------+             jumps       power loss
 *       |                        |                             |                          |
 *       '--- acknowledged ---> Oracle &lt;--- each reply ---------+--- each record ---------'
 *                              a naive twin, fed by the journal, which knows each answer and each digest
 * </pre>
 * What is inside of the box is what is shipped, not a copy and not a mock. What is outside is written for these tests,
 * as plainly as possible, and only the outside knows of faults.
 * <p>
 * A seed that fails says how to run it again. It always fails in the same way: each part draws from a generator of its
 * own, nothing reads a real clock, and some of the seeds run twice to show it.
 * <p>
 * A simulator that finds nothing may be blind. {@link io.quipu.engine.sim.PlantedBug} lists bugs that it must find:
 * each is a change of a few words in a copy of a shipped class.
 */
package io.quipu.engine.sim;
