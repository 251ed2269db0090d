// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/guard.h"
#include "harness.h"
#include <string.h>

static const char *const names[] = {"photos.home", NULL};
static const struct kr_guard guard = {.names = names, .port = 8420};

TEST(our_own_names_are_known)
{
    (void)t;
    EXPECT(kr_guard_host(&guard, "localhost:8420", "192.168.1.5"));
    EXPECT(kr_guard_host(&guard, "LOCALHOST:8420", "192.168.1.5"));
    EXPECT(kr_guard_host(&guard, "127.0.0.1:8420", "192.168.1.5"));
    EXPECT(kr_guard_host(&guard, "[::1]:8420", "192.168.1.5"));
    EXPECT(kr_guard_host(&guard, "photos.home", "192.168.1.5"));
    EXPECT(kr_guard_host(&guard, "Photos.Home:443", "192.168.1.5"));
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
        EXPECT(!kr_guard_host(&guard, bad[i], "192.168.1.5"));
    }
}

TEST(a_home_answers_at_the_very_address_it_was_reached_by)
{
    (void)t;
    static const char *const told[] = {"lamp.local", "10.0.0.9", "fd00::9", NULL};
    const struct kr_guard home = {.names = told, .port = 8420, .plain_port = 8421, .home = true};
    EXPECT(kr_guard_host(&home, "192.168.1.5:8420", "192.168.1.5"));
    EXPECT(kr_guard_host(&home, "192.168.1.5:8421", "192.168.1.5"));
    EXPECT(kr_guard_host(&home, "[fd00::5]:8420", "fd00::5"));
    EXPECT(kr_guard_host(&home, "lamp.local:8420", "192.168.1.5"));
    EXPECT(kr_guard_host(&home, "localhost:8421", "127.0.0.1"));
    EXPECT(kr_guard_host(&home, "10.0.0.9:8420", "172.17.0.2")); // told: something stands before us
    EXPECT(kr_guard_host(&home, "[fd00::9]:8420", "fd00::5"));
    EXPECT(!kr_guard_host(&home, "192.168.1.6:8420", "192.168.1.5"));
    EXPECT(!kr_guard_host(&home, "192.168.1.5:80", "192.168.1.5"));
    EXPECT(!kr_guard_host(&home, "192.168.1.5", "192.168.1.5"));
    EXPECT(!kr_guard_host(&home, "fd00::5:8420", "fd00::5"));
    EXPECT(!kr_guard_host(&home, "[fd00::5:8420", "fd00::5"));
    EXPECT(!kr_guard_host(&home, "192.168.1.5.evil.example:8420", "192.168.1.5"));
    EXPECT(!kr_guard_host(&home, "lamp.local.evil.example:8420", "192.168.1.5"));
    EXPECT(!kr_guard_host(&home, "evil.example:8420", "192.168.1.5"));
    EXPECT(!kr_guard_host(&home, "", ""));
    EXPECT(!kr_guard_host(&home, ":8420", ""));
    EXPECT(!kr_guard_host(&guard, "192.168.1.5:8420", "192.168.1.5")); // not open to its network
}

// A name that is not ours never passes, whatever is put before, behind or around one that is.
TEST(no_name_passes_that_only_resembles_ours)
{
    (void)t;
    static const char *const parts[] = {"lamp.local", "localhost", "127.0.0.1", "192.168.1.5", "x",
                                        ".",          "-",         "%",         "@",           " ",
                                        "[",          "]",         ":8420",     "\t",          "#"};
    static const char *const told[] = {"lamp.local", NULL};
    const struct kr_guard home = {.names = told, .port = 8420, .home = true};
    for (size_t i = 0; i < KR_COUNT(parts); i++)
        for (size_t j = 0; j < KR_COUNT(parts); j++)
            for (size_t k = 0; k < KR_COUNT(parts); k++) {
                char host[64];
                kr_format(host, sizeof host, "%s%s%s", parts[i], parts[j], parts[k]);
                if (!kr_guard_host(&home, host, "192.168.1.5"))
                    continue;
                char *colon = strchr(host, ':');
                EXPECT(!colon || strcmp(colon, ":8420") == 0);
                host[colon ? (size_t)(colon - host) : strlen(host)] = '\0';
                EXPECT(strcmp(host, "lamp.local") == 0 ||
                       (colon && strcmp(host, "localhost") == 0) ||
                       (colon && strcmp(host, "127.0.0.1") == 0) ||
                       (colon && strcmp(host, "192.168.1.5") == 0));
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
     CASE(a_home_answers_at_the_very_address_it_was_reached_by),
     CASE(no_name_passes_that_only_resembles_ours), CASE(only_our_own_pages_may_change_anything),
     CASE(other_sites_may_not_draw_our_pictures), CASE(an_address_to_listen_at_is_understood))
