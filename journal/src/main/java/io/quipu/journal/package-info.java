/**
 * The journal: records appended to Chronicle Queue, read back as bytes, made durable, guarded by a kernel lock.
 * <p>
 * {@link io.quipu.journal.Journal} is the opened whole; {@link io.quipu.journal.JournalScanner} reads; what an engine
 * under simulation replaces is {@link io.quipu.journal.JournalStore}, {@link io.quipu.journal.CheckpointStore}, {@link
 * io.quipu.journal.DirectoryLock} and {@link io.quipu.journal.CrashPoint}. No Chronicle type stands in a public
 * signature.
 */
package io.quipu.journal;
