// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/nearby.h"

#include "base/certs.h"
#include "base/file.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ADDRESSES_MOST = 32 };

struct list {
    struct kr_arena *mem;
    const char *at[ADDRESSES_MOST + 1];
    size_t n;
};

static bool is_private_v4(uint32_t a)
{
    return a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8 || a >> 16 == 0xa9fe ||
           a >> 22 == 0x191;
}

// The text of an address that only this network knows; "" for any other.
static const char *text_of(struct kr_arena *mem, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (address && address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        if (is_private_v4(ntohl(v4->sin_addr.s_addr)))
            inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    } else if (address && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        // A link-local one cannot be typed into a browser: it needs the name of an interface.
        if ((v6->sin6_addr.s6_addr[0] & 0xfe) == 0xfc)
            inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    }
    return kr_arena_strdup(mem, text);
}

static void add(struct list *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i], text) == 0)
            return;
    if (*text && list->n < ADDRESSES_MOST)
        list->at[list->n++] = text;
}

// Which of our addresses the kernel would send from: a datagram socket that is connected, and
// over which nothing goes.
static void add_way_out(struct list *list)
{
    KR_AUTO(kr_fd_close) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons(9)};
    socklen_t size = sizeof out;
    inet_pton(AF_INET, "192.0.2.1", &out.sin_addr); // of RFC 5737: nobody's
    if (fd >= 0 && connect(fd, (const void *)&out, sizeof out) == 0 &&
        getsockname(fd, (void *)&out, &size) == 0)
        add(list, text_of(list->mem, (const void *)&out));
}

// Networks between programs of this machine come last.
static bool is_inner(const char *interface)
{
    static const char *const inner[] = {"br-", "docker", "lxc", "podman", "veth", "virbr"};
    for (size_t i = 0; i < KR_COUNT(inner); i++)
        if (strncmp(interface, inner[i], strlen(inner[i])) == 0)
            return true;
    return false;
}

const char *const *kr_nearby_addresses(struct kr_arena *mem)
{
    struct list *list = kr_arena_new(mem, struct list);
    struct ifaddrs *all = NULL;
    list->mem = mem;
    add_way_out(list);
    if (getifaddrs(&all) != 0)
        return list->at;
    for (int inner = 0; inner < 2; inner++)
        for (const struct ifaddrs *at = all; at; at = at->ifa_next)
            if ((at->ifa_flags & IFF_UP) && !(at->ifa_flags & IFF_LOOPBACK) &&
                is_inner(at->ifa_name) == (inner == 1))
                add(list, text_of(mem, at->ifa_addr));
    freeifaddrs(all);
    return list->at;
}

const char *kr_nearby_name(struct kr_arena *mem)
{
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0)
        return "";
    name[strcspn(name, ".")] = '\0';
    for (char *c = name; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
    return kr_is_host_name(name) ? kr_arena_strdup(mem, name) : "";
}

int kr_is_address(const char *text)
{
    struct in6_addr any;
    return inet_pton(AF_INET, text, &any) == 1 ? 4 : inet_pton(AF_INET6, text, &any) == 1 ? 6 : 0;
}
