// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/reaper.h"
#include "base/clock.h"
#include "harness.h"
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct kr_reaper_params params = {
    .most = 10, .head_ms = 100, .idle_ms = 60000, .full_ms = 100, .bytes_per_s = 1000};

struct pair {
    int ours, theirs;
    struct kr_guest *guest;
};

static struct pair come(struct kr_reaper *reaper)
{
    int fds[2];
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    return (struct pair){fds[0], fds[1], kr_guest_come(reaper, fds[0])};
}

// Whether the other end sees the door within `ms`.
static bool is_shown_out(const struct pair *pair, int ms)
{
    struct pollfd end = {.fd = pair->theirs, .events = POLLIN};
    char byte;
    return poll(&end, 1, ms) == 1 && read(pair->theirs, &byte, 1) == 0;
}

static void leave(struct pair *pair)
{
    kr_guest_leave(&pair->guest);
    close(pair->ours);
    close(pair->theirs);
}

TEST(who_tells_no_request_is_shown_the_door_and_who_waits_for_us_is_not)
{
    struct kr_reaper *reaper;
    EXPECT_OK(kr_reaper_create(&params, &reaper, &t->err));
    struct pair slow = come(reaper), waiting = come(reaper), resting = come(reaper);
    kr_guest_asks(slow.guest); // half a head buys no time
    kr_guest_waits(waiting.guest);
    kr_guest_rests(resting.guest);
    EXPECT(is_shown_out(&slow, 3000));
    EXPECT(!is_shown_out(&waiting, 0));
    EXPECT(!is_shown_out(&resting, 0));
    leave(&slow);
    leave(&waiting);
    leave(&resting);
    kr_reaper_destroy(&reaper);
}

TEST(a_body_must_come_fast_enough)
{
    struct kr_reaper *reaper;
    EXPECT_OK(kr_reaper_create(&params, &reaper, &t->err));
    struct pair slow = come(reaper), fast = come(reaper);
    kr_guest_sends(slow.guest);
    kr_guest_sends(fast.guest);
    kr_guest_sent(slow.guest, 10);
    kr_guest_sent(fast.guest, 1000000);
    EXPECT(is_shown_out(&slow, 3000));
    EXPECT(!is_shown_out(&fast, 0));
    leave(&slow);
    leave(&fast);
    kr_reaper_destroy(&reaper);
}

TEST(a_full_house_lets_nobody_rest_long)
{
    struct kr_reaper *reaper;
    struct pair pairs[9];
    EXPECT_OK(kr_reaper_create(&params, &reaper, &t->err));
    for (size_t i = 0; i < KR_COUNT(pairs); i++) {
        pairs[i] = come(reaper);
        kr_guest_rests(pairs[i].guest);
    }
    EXPECT(is_shown_out(&pairs[0], 3000));
    for (size_t i = 0; i < KR_COUNT(pairs); i++)
        leave(&pairs[i]);
    kr_reaper_destroy(&reaper);
}

static const struct kr_reaper_params patient = {
    .most = 10, .head_ms = 60000, .idle_ms = 60000, .full_ms = 60000, .bytes_per_s = 1};

// Whether our own end says so, which is what the HTTP library waits for.
static bool is_hung_up(const struct pair *pair, int ms)
{
    struct pollfd end = {.fd = pair->ours};
    return poll(&end, 1, ms) == 1 && end.revents & POLLHUP;
}

TEST(who_hangs_up_in_the_middle_of_a_request_is_let_go)
{
    struct kr_reaper *reaper;
    EXPECT_OK(kr_reaper_create(&patient, &reaper, &t->err));
    struct pair cut = come(reaper), unread = come(reaper), waiting = come(reaper);
    kr_guest_sends(cut.guest);
    kr_guest_sends(unread.guest);
    kr_guest_waits(waiting.guest); // has asked and shut its side: the answer is still owed
    EXPECT(write(unread.theirs, "x", 1) == 1);
    shutdown(cut.theirs, SHUT_WR);
    shutdown(unread.theirs, SHUT_WR);
    shutdown(waiting.theirs, SHUT_WR);
    EXPECT(is_hung_up(&cut, 4000));
    EXPECT(!is_hung_up(&unread, 0)); // its last byte was not read yet
    EXPECT(!is_hung_up(&waiting, 0));
    leave(&cut);
    leave(&unread);
    leave(&waiting);
    kr_reaper_destroy(&reaper);
}

MAIN(CASE(who_tells_no_request_is_shown_the_door_and_who_waits_for_us_is_not),
     CASE(a_body_must_come_fast_enough), CASE(a_full_house_lets_nobody_rest_long),
     CASE(who_hangs_up_in_the_middle_of_a_request_is_let_go))
