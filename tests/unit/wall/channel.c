// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/channel_priv.h"

#include "base/clock.h"
#include "harness.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct kr_patience a_second(void)
{
    return (struct kr_patience){.until_ms = kr_monotonic_ms() + 1000};
}

static void pair(int ends[2])
{
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
}

TEST(a_message_arrives_as_it_was_sent)
{
    int ends[2];
    pair(ends);
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    kr_json_set_str(body, "task", "看一看");
    struct kr_patience patience = a_second();
    KR_AUTO(kr_message_drop) struct kr_message got = KR_MESSAGE_NONE;
    EXPECT_OK(kr_channel_send(ends[0], body, NULL, 0, &patience, &t->err));
    EXPECT_OK(kr_channel_receive(ends[1], 0, &patience, &got, &t->err));
    EXPECT(json_equal(got.body, body));
    EXPECT_INT(got.fd_count, 0);
    close(ends[0]);
    close(ends[1]);
}

struct sending {
    int channel;
    int fds[900];
    bool sent;
};

static void *send_many(void *context)
{
    struct sending *sending = context;
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    struct kr_patience patience = {.until_ms = kr_monotonic_ms() + 10000};
    sending->sent = kr_channel_send(sending->channel, body, sending->fds, KR_COUNT(sending->fds),
                                    &patience, NULL);
    return NULL;
}

TEST(hundreds_of_descriptors_arrive_in_their_order)
{
    int ends[2], before = kr_test_open_fds();
    pair(ends);
    struct sending sending = {.channel = ends[0]};
    int files[3];
    for (int i = 0; i < 3; i++)
        files[i] = kr_test_bytes("reels", (size_t)i + 1);
    for (size_t i = 0; i < KR_COUNT(sending.fds); i++)
        sending.fds[i] = files[i % 3];
    pthread_t thread;
    pthread_create(&thread, NULL, send_many, &sending);
    struct kr_patience patience = {.until_ms = kr_monotonic_ms() + 10000};
    struct kr_message got = KR_MESSAGE_NONE;
    EXPECT_OK(kr_channel_receive(ends[1], KR_FDS_MOST, &patience, &got, &t->err));
    pthread_join(thread, NULL);
    EXPECT(sending.sent);
    EXPECT_INT(got.fd_count, KR_COUNT(sending.fds));
    for (size_t i = 0; i < got.fd_count; i++) {
        struct stat about;
        EXPECT(fstat(got.fds[i], &about) == 0 && about.st_size == (off_t)(i % 3) + 1);
        EXPECT(fcntl(got.fds[i], F_GETFD) & FD_CLOEXEC);
    }
    kr_message_drop(&got);
    for (int i = 0; i < 3; i++)
        close(files[i]);
    close(ends[0]);
    close(ends[1]);
    EXPECT_INT(kr_test_open_fds(), before);
}

TEST(more_descriptors_than_wanted_are_refused_and_none_stays)
{
    int ends[2], before = kr_test_open_fds();
    pair(ends);
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    struct kr_patience patience = a_second();
    struct kr_message got = KR_MESSAGE_NONE;
    const int fds[] = {0, 0, 0};
    EXPECT_OK(kr_channel_send(ends[0], body, fds, 3, &patience, &t->err));
    EXPECT_FAIL(kr_channel_receive(ends[1], 2, &patience, &got, &t->err), KR_E_TOO_BIG);
    close(ends[0]);
    close(ends[1]);
    EXPECT_INT(kr_test_open_fds(), before);
}

TEST(a_closed_channel_and_a_silent_one_are_told_apart)
{
    int ends[2];
    pair(ends);
    struct kr_patience patience = {.until_ms = kr_monotonic_ms() + 50};
    struct kr_message got = KR_MESSAGE_NONE;
    EXPECT_FAIL(kr_channel_receive(ends[1], 0, &patience, &got, &t->err), KR_E_TIMEOUT);
    EXPECT(write(ends[0], "\x09\0\0", 3) == 3); // a message that stops in its head
    close(ends[0]);
    patience = a_second();
    EXPECT_FAIL(kr_channel_receive(ends[1], 0, &patience, &got, &t->err), KR_E_IO);
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    EXPECT_FAIL(kr_channel_send(ends[1], body, NULL, 0, &patience, &t->err), KR_E_IO);
    close(ends[1]);
}

static bool never(void *context)
{
    ++*(int *)context;
    return false;
}

TEST(who_waits_can_be_called_off)
{
    int ends[2], asked = 0;
    pair(ends);
    struct kr_patience patience = {.still = never, .context = &asked};
    struct kr_message got = KR_MESSAGE_NONE;
    EXPECT_FAIL(kr_channel_receive(ends[1], 0, &patience, &got, &t->err), KR_E_INTERRUPTED);
    EXPECT_INT(asked, 1);
    close(ends[0]);
    close(ends[1]);
}

TEST(what_is_too_big_is_not_sent_at_all)
{
    int ends[2];
    pair(ends);
    size_t n = KR_MESSAGE_MOST;
    char *text = kr_arena_alloc(t->mem, n + 1);
    memset(text, 'a', n);
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    kr_json_set_str(body, "text", text);
    struct kr_patience patience = a_second();
    EXPECT_FAIL(kr_channel_send(ends[0], body, NULL, 0, &patience, &t->err), KR_E_TOO_BIG);
    char byte;
    EXPECT(recv(ends[1], &byte, 1, MSG_DONTWAIT) < 0);
    close(ends[0]);
    close(ends[1]);
}

MAIN(CASE(a_message_arrives_as_it_was_sent), CASE(hundreds_of_descriptors_arrive_in_their_order),
     CASE(more_descriptors_than_wanted_are_refused_and_none_stays),
     CASE(a_closed_channel_and_a_silent_one_are_told_apart), CASE(who_waits_can_be_called_off),
     CASE(what_is_too_big_is_not_sent_at_all))
