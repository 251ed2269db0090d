// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/packets_priv.h"

bool kr_packet_retime(AVPacket *packet, AVRational base, const AVStream *to, int64_t start,
                      int64_t *last)
{
    if (packet->pts == AV_NOPTS_VALUE)
        packet->pts = packet->dts;
    if (packet->pts == AV_NOPTS_VALUE)
        return false;
    packet->pts -= start;
    packet->dts = packet->dts == AV_NOPTS_VALUE ? packet->pts : packet->dts - start;
    av_packet_rescale_ts(packet, base, to->time_base);
    if (*last != AV_NOPTS_VALUE && packet->dts <= *last)
        packet->dts = *last + 1;
    packet->pts = packet->pts < packet->dts ? packet->dts : packet->pts;
    *last = packet->dts;
    packet->stream_index = to->index;
    packet->pos = -1;
    return true;
}
