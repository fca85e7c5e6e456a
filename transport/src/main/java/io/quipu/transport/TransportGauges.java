package io.quipu.transport;

import io.quipu.codecs.egress.ResultCode;

import java.util.Locale;

/**
 * Counts and levels of the transport. One thread writes and reads them.
 */
final class TransportGauges
{
    private static final int CODES = 256;

    final long[] rejects = new long[CODES];

    long framesReceived;
    long framesNotTaken;
    long setupsRefused;
    long datagramsRefused;
    long imagesRejected;
    long images;

    long connectionsOpened;
    long connectionsProven;
    long connectionsUnproven;
    long connectionsSilent;
    long connectionsNotProven;
    long connectionsRefused;
    long connectsIgnored;

    long repliesSent;
    long replyBytesSent;
    long repliesBackPressured;
    long repliesNotConnected;

    long feedSent;
    long feedBytesSent;
    long feedDropped;

    long driverErrors;

    private final String[] rejectLabels = new String[CODES];

    TransportGauges()
    {
        for (final ResultCode code : ResultCode.values())
        {
            if (ResultCode.NULL_VAL != code && ResultCode.OK != code)
            {
                rejectLabels[code.value()] = "transport.rejects." + code.name().toLowerCase(Locale.ROOT);
            }
        }
    }

    void visit(final GaugeHandler handler)
    {
        handler.onGauge("transport.frames.received", framesReceived);
        handler.onGauge("transport.frames.not_taken", framesNotTaken);
        handler.onGauge("transport.images.open", images);
        handler.onGauge("transport.images.rejected", imagesRejected);
        handler.onGauge("transport.setups.refused", setupsRefused);
        handler.onGauge("transport.datagrams.refused", datagramsRefused);
        handler.onGauge("transport.connections.proven", connectionsProven);
        handler.onGauge("transport.connections.unproven", connectionsUnproven);
        handler.onGauge("transport.connections.opened", connectionsOpened);
        handler.onGauge("transport.connections.refused", connectionsRefused);
        handler.onGauge("transport.connections.not_proven_in_time", connectionsNotProven);
        handler.onGauge("transport.connections.silent", connectionsSilent);
        handler.onGauge("transport.connects.ignored", connectsIgnored);
        handler.onGauge("transport.replies.sent", repliesSent);
        handler.onGauge("transport.replies.bytes", replyBytesSent);
        handler.onGauge("transport.replies.back_pressured", repliesBackPressured);
        handler.onGauge("transport.replies.not_connected", repliesNotConnected);
        handler.onGauge("transport.feed.sent", feedSent);
        handler.onGauge("transport.feed.bytes", feedBytesSent);
        handler.onGauge("transport.feed.dropped", feedDropped);
        handler.onGauge("transport.driver.errors", driverErrors);

        for (int i = 0; i < CODES; i++)
        {
            if (rejects[i] > 0 && null != rejectLabels[i])
            {
                handler.onGauge(rejectLabels[i], rejects[i]);
            }
        }
    }
}
