// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/guard.h"

#include "base/text.h"
#include <string.h>
#include <strings.h>

enum { MOST = 255 };

// Splits "name:port", "[::1]:port" or a bare name; *port is `otherwise` without one.
static bool split(const char *host, struct kr_str *name, int64_t otherwise, int64_t *port)
{
    size_t n = strnlen(host, MOST + 1);
    const char *bracket = host[0] == '[' ? memchr(host, ']', n) : NULL;
    size_t length = bracket ? (size_t)(bracket - host) + 1 : strcspn(host, ":");
    if (n == 0 || n > MOST || (host[0] == '[' && !bracket) || length == 0)
        return false;
    *name = (struct kr_str){host, length};
    *port = otherwise;
    if (host[length] == '\0')
        return true;
    return host[length] == ':' && kr_parse_int(host + length + 1, 0, 65535, port);
}

static bool is_name(struct kr_str name, const char *known)
{
    return name.n == strlen(known) && strncasecmp(name.at, known, name.n) == 0;
}

static bool is_loopback(struct kr_str name)
{
    return is_name(name, "localhost") || is_name(name, "127.0.0.1") || is_name(name, "[::1]");
}

static bool is_port(int64_t port, uint16_t known)
{
    // A browser leaves out 80 and 443, and we are not told which of them it means.
    return known && (port == known || (port < 0 && (known == 80 || known == 443)));
}

// An address in the form it has in a URL: "192.168.1.5", "[fd00::5]".
static bool is_literal(struct kr_str name, const char *address)
{
    if (!strchr(address, ':'))
        return is_name(name, address);
    return name.n > 2 && name.at[0] == '[' &&
           is_name((struct kr_str){name.at + 1, name.n - 2}, address);
}

bool kr_guard_host(const struct kr_guard *guard, const char *host, const char *here)
{
    struct kr_str name;
    int64_t port;
    if (!host || !split(host, &name, -1, &port))
        return false;
    if (is_loopback(name) || (guard->home && here && *here && is_literal(name, here)))
        return is_port(port, guard->port) || is_port(port, guard->plain_port);
    for (const char *const *known = guard->names; known && *known; known++)
        if (is_literal(name, *known))
            return true;
    return false;
}

bool kr_guard_is_near(const char *host)
{
    struct kr_str name;
    int64_t port;
    return host && split(host, &name, -1, &port) && is_loopback(name);
}

bool kr_guard_origin(const char *host, const char *origin, const char *fetch_site)
{
    if (fetch_site && strcmp(fetch_site, "same-origin") != 0)
        return false;
    if (!origin || !host)
        return false;
    // https is what a proxy before us may speak to the browser.
    const char *rest = kr_starts_with(origin, "http://")    ? origin + strlen("http://")
                       : kr_starts_with(origin, "https://") ? origin + strlen("https://")
                                                            : NULL;
    return rest && strcasecmp(rest, host) == 0;
}

bool kr_guard_reading(const char *fetch_site)
{
    return !fetch_site || strcmp(fetch_site, "same-origin") == 0 || strcmp(fetch_site, "none") == 0;
}

bool kr_guard_listen(const char *address, const char **host, uint16_t *port, bool *beyond)
{
    struct kr_str name;
    int64_t number;
    if (!split(address, &name, -1, &number) || number < 0)
        return false;
    *beyond = !is_loopback(name);
    *host = is_name(name, "[::1]") ? "::1" : "127.0.0.1";
    *port = (uint16_t)number;
    return true;
}
