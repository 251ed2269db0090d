// SPDX-License-Identifier: AGPL-3.0-or-later
// Host, Origin, cookies and accept lists of anybody's making: three lines, one each.
#include "web/accept.h"
#include "web/guard.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {"photos.home", NULL};
static const struct kr_guard guard = {.names = names, .port = 8420};

// Open to its network, it answers besides at the very address that was connected to.
static const struct kr_guard home = {
    .names = names, .port = 8420, .plain_port = 8421, .home = true};

static void check_home(const char *host)
{
    static const char here[] = "192.168.1.5";
    if (!kr_guard_host(&home, host, here) || kr_guard_host(&home, host, NULL))
        return;
    assert(strncmp(host, here, strlen(here)) == 0);
    assert(host[strlen(here)] == ':');
}

static void check_host(const char *host)
{
    if (!kr_guard_host(&guard, host, "192.168.1.5"))
        return;
    size_t n = host[0] == '[' ? strlen("[::1]") : strcspn(host, ":");
    assert((n == 9 && strncasecmp(host, "localhost", n) == 0) ||
           (n == 9 && strncmp(host, "127.0.0.1", n) == 0) ||
           (n == 5 && strncmp(host, "[::1]", n) == 0) ||
           (n == 11 && strncasecmp(host, "photos.home", n) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    char *host = kr_arena_copy(mem, data, size);
    char *origin = strchr(host, '\n');
    char *rest = origin ? strchr(origin + 1, '\n') : NULL;
    if (origin)
        *origin++ = '\0';
    if (rest)
        *rest++ = '\0';
    check_host(host);
    check_home(host);
    if (kr_guard_origin(host, origin, NULL))
        assert(origin && strlen(origin) > strlen(host));
    const char *listen_at;
    uint16_t port;
    bool beyond;
    (void)kr_guard_listen(host, &listen_at, &port, &beyond);
    char value[16];
    if (kr_cookie(rest, "lang", value, sizeof value))
        assert(strlen(value) < sizeof value);
    (void)kr_accept_encoding(rest, true, true);
    (void)kr_accept_language(rest, KR_EN);
    (void)kr_etag_listed(rest, "\"a\"", true);
    return 0;
}
