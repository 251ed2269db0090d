// SPDX-License-Identifier: AGPL-3.0-or-later
// packets.h (inside media only): packets that go from one file into another.
#pragma once
#include <libavformat/avformat.h>
#include <stdbool.h>

// Gives a packet, whose times are in `base`, to the stream `to`, `start` steps of `base`
// earlier. Times rise: one that does not is one step later than *last (AV_NOPTS_VALUE at
// first), which is kept. False for a packet that tells no time.
bool kr_packet_retime(AVPacket *packet, AVRational base, const AVStream *to, int64_t start,
                      int64_t *last);
