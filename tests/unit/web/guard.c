// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/guard.h"
#include "harness.h"

static const char *const names[] = {"photos.home", NULL};
static const struct kr_guard guard = {.names = names, .port = 8420};

TEST(our_own_names_are_known)
{
    (void)t;
    EXPECT(kr_guard_host(&guard, "localhost:8420"));
    EXPECT(kr_guard_host(&guard, "LOCALHOST:8420"));
    EXPECT(kr_guard_host(&guard, "127.0.0.1:8420"));
    EXPECT(kr_guard_host(&guard, "[::1]:8420"));
    EXPECT(kr_guard_host(&guard, "photos.home"));
    EXPECT(kr_guard_host(&guard, "Photos.Home:443"));
}

TEST(a_name_that_was_made_to_point_here_is_turned_away)
{
    (void)t;
    static const char *const bad[] = {NULL,
                                      "",
                                      "evil.example:8420",
                                      "localhost",
                                      "localhost:80",
                                      "127.0.0.1",
                                      "127.0.0.2:8420",
                                      "[::1]",
                                      "[::1",
                                      "localhost:",
                                      "localhost.:8420",
                                      "x@localhost:8420",
                                      "localhost:8420x",
                                      "photos.home.evil",
                                      "photos.homes",
                                      "localhost:-8420",
                                      "localhost:8420:8420",
                                      "[::1]8420"};
    for (size_t i = 0; i < KR_COUNT(bad); i++) {
        print_message("%s\n", bad[i] ? bad[i] : "(none)");
        EXPECT(!kr_guard_host(&guard, bad[i]));
    }
}

TEST(only_our_own_pages_may_change_anything)
{
    (void)t;
    EXPECT(kr_guard_origin("localhost:8420", "http://localhost:8420", "same-origin"));
    EXPECT(kr_guard_origin("localhost:8420", "http://localhost:8420", NULL));
    EXPECT(kr_guard_origin("photos.home", "https://photos.home", NULL));
    EXPECT(!kr_guard_origin("localhost:8420", NULL, NULL));
    EXPECT(!kr_guard_origin("localhost:8420", "null", NULL));
    EXPECT(!kr_guard_origin("localhost:8420", "http://localhost:3000", "same-site"));
    EXPECT(!kr_guard_origin("localhost:8420", "http://localhost:8420", "cross-site"));
    EXPECT(!kr_guard_origin("localhost:8420", "http://127.0.0.1:8420", NULL));
    EXPECT(!kr_guard_origin("localhost:8420", "http://localhost:8420.evil.example", NULL));
    EXPECT(!kr_guard_origin("localhost:8420", "ftp://localhost:8420", NULL));
}

TEST(other_sites_may_not_draw_our_pictures)
{
    (void)t;
    EXPECT(kr_guard_reading(NULL));
    EXPECT(kr_guard_reading("none"));
    EXPECT(kr_guard_reading("same-origin"));
    EXPECT(!kr_guard_reading("same-site"));
    EXPECT(!kr_guard_reading("cross-site"));
}

TEST(an_address_to_listen_at_is_understood)
{
    (void)t;
    const char *host;
    uint16_t port;
    bool beyond;
    EXPECT(kr_guard_listen("127.0.0.1:8420", &host, &port, &beyond) && !beyond);
    EXPECT_STR(host, "127.0.0.1");
    EXPECT_INT(port, 8420);
    EXPECT(kr_guard_listen("[::1]:0", &host, &port, &beyond) && !beyond);
    EXPECT_STR(host, "::1");
    EXPECT(kr_guard_listen("localhost:80", &host, &port, &beyond) && !beyond);
    EXPECT(kr_guard_listen("0.0.0.0:8420", &host, &port, &beyond) && beyond);
    EXPECT(kr_guard_listen("192.168.1.5:8420", &host, &port, &beyond) && beyond);
    EXPECT(kr_guard_listen("[::]:8420", &host, &port, &beyond) && beyond);
    EXPECT(!kr_guard_listen("localhost", &host, &port, &beyond));
    EXPECT(!kr_guard_listen("8420", &host, &port, &beyond));
    EXPECT(!kr_guard_listen("localhost:65536", &host, &port, &beyond));
    EXPECT(!kr_guard_listen("", &host, &port, &beyond));
}

MAIN(CASE(our_own_names_are_known), CASE(a_name_that_was_made_to_point_here_is_turned_away),
     CASE(only_our_own_pages_may_change_anything), CASE(other_sites_may_not_draw_our_pictures),
     CASE(an_address_to_listen_at_is_understood))
