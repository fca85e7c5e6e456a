/**
 * What SBE does not give: a validator that knows where a frame ends, and cursors over frames that it has accepted.
 * <p>
 * Everything else of this module is generated from {@code sbe/*.xml} into {@code io.quipu.codecs.ingress}, {@code
 * egress}, {@code feed} and {@code storage}.
 */
package io.quipu.codecs;
