/**
 * Checkpoints: the state written down, proven and read back, and the shadow that makes them while the engine serves.
 */
package io.quipu.engine.checkpoint;
