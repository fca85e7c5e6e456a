/**
 * Verbs that read a journal: describe, verify, dump, state. They change nothing, take no lock, and work beside a
 * running engine.
 */
package io.quipu.replay;
