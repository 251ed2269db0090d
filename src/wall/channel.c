// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/channel_priv.h"

#include "base/clock.h"
#include "base/file.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD = 8, TICK_MS = 500, CROWDED_MS = 5 };

union fd_room { // aligned as struct cmsghdr wants it
    struct cmsghdr head;
    char bytes[CMSG_SPACE(KR_FDS_A_TIME * sizeof(int))];
};

bool kr_patience_left(struct kr_patience *patience, struct kr_err *err)
{
    int64_t now = kr_monotonic_ms();
    if (patience->until_ms && now >= patience->until_ms)
        return kr_fail(err, KR_E_TIMEOUT, "no answer in time");
    if (!patience->still || now - patience->asked_ms < TICK_MS)
        return true;
    patience->asked_ms = now;
    return patience->still(patience->context) || kr_fail(err, KR_E_INTERRUPTED, "called off");
}

// Waits a while for the channel; returning true says no more than "try again".
static bool wait_for(int channel, short events, struct kr_patience *patience, struct kr_err *err)
{
    if (!kr_patience_left(patience, err))
        return false;
    int64_t wait = patience->still ? TICK_MS : -1;
    if (patience->until_ms) {
        int64_t left = patience->until_ms - kr_monotonic_ms();
        left = left < 0 ? 0 : left > 60000 ? 60000 : left;
        wait = wait < 0 || left < wait ? left : wait;
    }
    struct pollfd one = {.fd = channel, .events = events};
    if (poll(&one, 1, (int)wait) < 0 && errno != EINTR)
        return kr_fail_errno(err, "wait for the other side");
    return true;
}

static bool is_passing(int cause) // worth another try
{
    return cause == EAGAIN || cause == EINTR;
}

// One sendmsg with all that may go wrong: *sent is 0 when it is to be tried again.
static bool send_some(int channel, struct msghdr *message, struct kr_patience *patience,
                      size_t *sent, struct kr_err *err)
{
    *sent = 0;
    ssize_t n = sendmsg(channel, message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) {
        *sent = (size_t)n;
        return true;
    }
    if (errno == ETOOMANYREFS) { // other questions have their descriptors on the way
        usleep(CROWDED_MS * 1000);
        return kr_patience_left(patience, err);
    }
    if (is_passing(errno))
        return wait_for(channel, POLLOUT, patience, err);
    bool gone = errno == EPIPE || errno == ECONNRESET; // else it is ours: a bad descriptor
    return kr_fail(err, gone ? KR_E_IO : KR_E_INTERNAL, "send through the wall: %s",
                   strerrordesc_np(errno));
}

static bool send_bytes(int channel, const void *bytes, size_t n, struct kr_patience *patience,
                       struct kr_err *err)
{
    const char *at = bytes;
    while (n > 0) {
        struct iovec piece = {(char *)(uintptr_t)at, n};
        struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
        size_t sent;
        if (!send_some(channel, &message, patience, &sent, err))
            return false;
        at += sent;
        n -= sent;
    }
    return true;
}

static bool send_batch(int channel, const int *fds, size_t n, struct kr_patience *patience,
                       struct kr_err *err)
{
    assert(n > 0 && n <= KR_FDS_A_TIME);
    union fd_room room = {0};
    char carrier = 'f';
    struct iovec piece = {&carrier, 1};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = room.bytes,
                             .msg_controllen = CMSG_SPACE(n * sizeof *fds)};
    room.head.cmsg_level = SOL_SOCKET;
    room.head.cmsg_type = SCM_RIGHTS;
    room.head.cmsg_len = CMSG_LEN(n * sizeof *fds);
    memcpy(CMSG_DATA(&room.head), fds, n * sizeof *fds);
    for (size_t sent = 0; sent == 0;)
        if (!send_some(channel, &message, patience, &sent, err))
            return false;
    return true;
}

static void put_u32(uint8_t *at, size_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static size_t u32_at(const uint8_t *at)
{
    return at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

bool kr_channel_send(int channel, const json_t *body, const int *fds, size_t fd_count,
                     struct kr_patience *patience, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *text = kr_json_text(mem, body);
    size_t n = strlen(text);
    if (n > KR_MESSAGE_MOST || fd_count > KR_FDS_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "a message of %zu bytes and %zu descriptors", n,
                       fd_count);
    uint8_t head[HEAD];
    put_u32(head, n);
    put_u32(head + 4, fd_count);
    if (!send_bytes(channel, head, HEAD, patience, err))
        return false;
    for (size_t i = 0; i < fd_count; i += KR_FDS_A_TIME) {
        size_t left = fd_count - i;
        size_t batch = left < KR_FDS_A_TIME ? left : KR_FDS_A_TIME;
        if (!send_batch(channel, fds + i, batch, patience, err))
            return false;
    }
    return send_bytes(channel, text, n, patience, err);
}

// One recvmsg, as send_some: *got is 0 when it is to be tried again.
static bool receive_some(int channel, struct msghdr *message, struct kr_patience *patience,
                         size_t *got, struct kr_err *err)
{
    *got = 0;
    ssize_t n = recvmsg(channel, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0 && is_passing(errno))
        return wait_for(channel, POLLIN, patience, err);
    if (n < 0)
        return kr_fail(err, KR_E_IO, "hear the other side: %s", strerrordesc_np(errno));
    if (n == 0)
        return kr_fail(err, KR_E_IO, "the other side is gone");
    *got = (size_t)n;
    return true;
}

static bool receive_bytes(int channel, void *out, size_t n, struct kr_patience *patience,
                          struct kr_err *err)
{
    for (char *at = out; n > 0;) {
        struct iovec piece = {at, n};
        struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
        size_t got;
        if (!receive_some(channel, &message, patience, &got, err))
            return false;
        if (message.msg_flags & MSG_CTRUNC) // no room was given, so the kernel dropped them (2)
            return kr_fail(err, KR_E_INVALID, "descriptors nobody asked for");
        // A flood that never makes us wait must not outrun our patience.
        if (got > 0 && !kr_patience_left(patience, err))
            return false;
        at += got;
        n -= got;
    }
    return true;
}

// Takes what a control block carries; more than `most` is closed and false.
static bool take_fds(struct msghdr *message, int *fds, size_t most, size_t *taken)
{
    bool fits = !(message->msg_flags & MSG_CTRUNC);
    *taken = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
        for (size_t i = 0; i < n; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (*taken < most)
                fds[(*taken)++] = fd;
            else {
                close(fd);
                fits = false;
            }
        }
    }
    return fits;
}

static bool receive_batch(int channel, struct kr_message *into, size_t n,
                          struct kr_patience *patience, struct kr_err *err)
{
    union fd_room room;
    char carrier;
    struct iovec piece = {&carrier, 1};
    struct msghdr message;
    for (size_t got = 0; got == 0;) {
        message = (struct msghdr){.msg_iov = &piece,
                                  .msg_iovlen = 1,
                                  .msg_control = room.bytes,
                                  .msg_controllen = sizeof room.bytes};
        if (!receive_some(channel, &message, patience, &got, err))
            return false;
    }
    size_t taken;
    bool fits = take_fds(&message, into->fds + into->fd_count, n, &taken);
    into->fd_count += taken;
    if (fits && taken == n)
        return true;
    return kr_fail(err, KR_E_INVALID, "%zu of %zu descriptors arrived", into->fd_count,
                   into->fd_count - taken + n);
}

static bool receive_fds(int channel, size_t n, struct kr_message *into,
                        struct kr_patience *patience, struct kr_err *err)
{
    if (n > 0)
        into->fds = kr_new_array(int, n);
    while (into->fd_count < n) {
        size_t left = n - into->fd_count;
        if (!receive_batch(channel, into, left < KR_FDS_A_TIME ? left : KR_FDS_A_TIME, patience,
                           err))
            return false;
    }
    return true;
}

// Eight million bytes of "[],[],[]" would cost forty times that once parsed (1).
static bool is_modest(struct kr_str text)
{
    size_t values = 0;
    for (size_t i = 0; i < text.n; i++)
        values += text.at[i] == ',' || text.at[i] == '[' || text.at[i] == '{';
    return values <= KR_MESSAGE_VALUES;
}

static bool parse_body(struct kr_str text, json_t **out, struct kr_err *err)
{
    if (!is_modest(text))
        return kr_fail(err, KR_E_INVALID, "a message of too many values");
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    if (!kr_json_parse(text, KR_MESSAGE_MOST, &body, err))
        return false;
    if (!json_is_object(body))
        return kr_fail(err, KR_E_INVALID, "a message that is no object");
    *out = json_incref(body);
    return true;
}

static bool receive_body(int channel, size_t n, struct kr_message *into,
                         struct kr_patience *patience, struct kr_err *err)
{
    if (n > KR_MESSAGE_MOST)
        return kr_fail(err, KR_E_INVALID, "a message of %zu bytes", n);
    KR_AUTO(kr_free_at) char *text = NULL;
    into->bytes = n;
    return kr_big_alloc(n + 1, KR_MESSAGE_MOST + 1, (void **)&text, err) &&
           receive_bytes(channel, text, n, patience, err) &&
           parse_body((struct kr_str){text, n}, &into->body, err);
}

bool kr_channel_receive(int channel, size_t most_fds, struct kr_patience *patience,
                        struct kr_message *out, struct kr_err *err)
{
    KR_AUTO(kr_message_drop) struct kr_message message = KR_MESSAGE_NONE;
    uint8_t head[HEAD];
    if (!receive_bytes(channel, head, HEAD, patience, err))
        return false;
    size_t fd_count = u32_at(head + 4);
    if (fd_count > most_fds)
        return kr_fail(err, KR_E_TOO_BIG, "a message with %zu descriptors, at most %zu", fd_count,
                       most_fds);
    if (!receive_fds(channel, fd_count, &message, patience, err) ||
        !receive_body(channel, u32_at(head), &message, patience, err))
        return false;
    *out = message;
    message = KR_MESSAGE_NONE;
    return true;
}

void kr_message_drop(struct kr_message *message)
{
    kr_json_drop(&message->body);
    for (size_t i = 0; i < message->fd_count; i++)
        kr_fd_close(&message->fds[i]);
    kr_free(&message->fds);
    message->fd_count = 0;
}
