// SPDX-License-Identifier: AGPL-3.0-or-later
// channel_priv.h: messages through the wall: JSON and descriptors on a socket pair.
//
// A message is 8 bytes (how long the JSON is and how many descriptors come
// along, both little-endian), then the descriptors in batches of at most
// KR_FDS_A_TIME on one byte each (a kernel carries 253 at once), then the JSON.
// The other side may have been taken over by a stranger's file, so:
// (1) nothing is believed: lengths, counts, nesting and text are checked, and
//     the memory a message can cost is bounded;
// (2) descriptors nobody asked for are never taken in; they break the channel.
// After any error the channel is of no more use. One thread at a time.

#pragma once
#include "base/json.h"

enum {
    KR_MESSAGE_MOST = 8 << 20,   // bytes of JSON
    KR_MESSAGE_VALUES = 1 << 18, // commas and brackets in it: each may cost 130 bytes of memory
    KR_FDS_MOST = 2000,          // descriptors with one message
    KR_FDS_A_TIME = 250,
};

// How long the other side is waited for.
struct kr_patience {
    int64_t until_ms;             // on the monotonic clock (KR_E_TIMEOUT); 0: for ever
    bool (*still)(void *context); // asked twice a second, false gives up (KR_E_INTERRUPTED)
    void *context;
    int64_t asked_ms; // when it was asked last
};
KR_CHECK bool kr_patience_left(struct kr_patience *patience, struct kr_err *err);

struct kr_message {
    json_t *body; // an object
    size_t bytes; // of its text
    int *fds;     // each the holder's to close
    size_t fd_count;
};
#define KR_MESSAGE_NONE ((struct kr_message){0})
void kr_message_drop(struct kr_message *message); // with its descriptors

// KR_E_TOO_BIG before anything is sent; KR_E_IO when the other side is gone;
// KR_E_INTERNAL when a descriptor is none.
KR_CHECK bool kr_channel_send(int channel, const json_t *body, const int *fds, size_t fd_count,
                              struct kr_patience *patience, struct kr_err *err);

// KR_E_IO when the other side is gone, KR_E_INVALID for what is no message of
// ours, KR_E_TOO_BIG for one with more than `most_fds` descriptors.
KR_CHECK bool kr_channel_receive(int channel, size_t most_fds, struct kr_patience *patience,
                                 struct kr_message *out, struct kr_err *err);
