// SPDX-License-Identifier: AGPL-3.0-or-later
// What a worker that was taken over may write into the channel.
#include "base/clock.h"
#include "wall/ask_priv.h"
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 64 * 1024 }; // surely less than a socket holds, so that writing never waits

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    if (size > ROOM || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return 0;
    bool sent = write(ends[0], data, size) == (ssize_t)size;
    close(ends[0]);
    struct kr_patience patience = {.until_ms = kr_monotonic_ms() + 10000};
    struct kr_saying saying;
    struct kr_err err;
    for (bool more = sent; more;) {
        KR_AUTO(kr_message_drop) struct kr_message message = KR_MESSAGE_NONE;
        more = kr_channel_receive(ends[1], 0, &patience, &message, &err) &&
               kr_saying_of(&message, &saying, &err);
    }
    close(ends[1]);
    return 0;
}
