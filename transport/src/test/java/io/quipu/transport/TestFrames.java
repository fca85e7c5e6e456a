package io.quipu.transport;

import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.AttachSessionEncoder;
import io.quipu.codecs.ingress.CloseSessionEncoder;
import io.quipu.codecs.ingress.ConnectEncoder;
import io.quipu.codecs.ingress.DisconnectEncoder;
import io.quipu.codecs.ingress.GetStatusEncoder;
import io.quipu.codecs.ingress.KeepAliveEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.QueryEncoder;
import io.quipu.codecs.ingress.RequestEncoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import io.quipu.codecs.ingress.Ack;
import org.agrona.BitUtil;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Frames as a client encodes them.
 */
final class TestFrames
{
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private TestFrames()
    {
    }

    static byte[] connect(final long nonce, final int protocolVersion)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final ConnectEncoder encoder = new ConnectEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.nonce(nonce).protocolVersion(protocolVersion);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    static byte[] keepAlive(final long key)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final KeepAliveEncoder encoder = new KeepAliveEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    static byte[] disconnect(final long key)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final DisconnectEncoder encoder = new DisconnectEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    static byte[] attach(final long key, final long correlationId)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final AttachSessionEncoder encoder =
            new AttachSessionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key).correlationId(correlationId).tokenHigh(1).tokenLow(2).firstAttachedAt(-1).lastSentRequest(0);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    static byte[] closeSession(final long key, final long correlationId)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final CloseSessionEncoder encoder =
            new CloseSessionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key).correlationId(correlationId).attachment(7);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    static byte[] query(final long key, final long correlationId)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final QueryEncoder encoder = new QueryEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key).correlationId(correlationId).ack(Ack.JOURNALED);
        final int body = HEADER + encoder.encodedLength();
        new GetStatusEncoder().wrapAndApplyHeader(buffer, body, new MessageHeaderEncoder());
        return cut(buffer, body + HEADER + GetStatusEncoder.BLOCK_LENGTH);
    }

    /** One request that adds 1 to that many counters, whose names are as long as names may be when they are many. */
    static byte[] submit(final long key, final long attachment, final long requestSequence, final int adds)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final SubmitEncoder submit = new SubmitEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        submit.connectionKey(key).attachment(attachment).requestCount(1).reserved(0);

        final int requestOffset = HEADER + submit.encodedLength();
        final RequestEncoder request = new RequestEncoder().wrapAndApplyHeader(buffer, requestOffset, new MessageHeaderEncoder());
        final int bodyOffset = requestOffset + HEADER + request.encodedLength();
        final AddEncoder add = new AddEncoder().wrapAndApplyHeader(buffer, bodyOffset, new MessageHeaderEncoder());
        final AddEncoder.AddsEncoder group = add.addsCount(adds);
        final byte[] name = new byte[adds > 1 ? 128 : 5];
        Arrays.fill(name, (byte)'c');
        for (int i = 0; i < adds; i++)
        {
            final byte[] digits = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(digits, 0, name, 0, digits.length);
            group.next().delta(1).putCounter(name, 0, name.length);
        }

        final int bodyLength = HEADER + add.encodedLength();
        request.requestSequence(requestSequence).repliesReceivedUpTo(requestSequence - 1).length(bodyLength)
            .commandCount(adds);
        return cut(buffer, BitUtil.align(bodyOffset + bodyLength, 8));
    }

    private static byte[] cut(final ExpandableArrayBuffer buffer, final int length)
    {
        return Arrays.copyOf(buffer.byteArray(), length);
    }
}
