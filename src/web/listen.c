// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/listen.h"

#include "base/file.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
    FILES_WANTED = 8192, // connections, files being sent, the database
    FILES_KEPT = 256,    // of them not for connections
    CONNECTIONS_MOST = 4096,
    BACKLOG = 511,
};

// The connection limit follows the descriptor limit: each has one, and may send a file by another.
int kr_listen_most(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return FILES_KEPT;
    rlim_t wanted = files.rlim_max < FILES_WANTED ? files.rlim_max : FILES_WANTED;
    if (files.rlim_cur < wanted) {
        struct rlimit more = {wanted, files.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            files = more;
    }
    if (files.rlim_cur <= 2 * FILES_KEPT)
        return FILES_KEPT / 2;
    rlim_t most = (files.rlim_cur - FILES_KEPT) / 2;
    return most < CONNECTIONS_MOST ? (int)most : CONNECTIONS_MOST;
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t fill_address(const char *host, uint16_t port, union address *out)
{
    *out = (union address){0};
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(port);
        return sizeof out->v4;
    }
    inet_pton(AF_INET6, host, &out->v6.sin6_addr);
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons(port);
    return sizeof out->v6;
}

static bool listen_one(const char *host, uint16_t *port, bool all, int *out, struct kr_err *err)
{
    union address address;
    socklen_t size = fill_address(host, *port, &address);
    const int yes = 1, only_v6 = all ? 0 : 1;
    KR_AUTO(kr_fd_close)
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return kr_fail_errno(err, "open a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address.any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6);
    if (bind(fd, &address.any, size) != 0 || listen(fd, BACKLOG) != 0) {
        if (errno == EADDRINUSE)
            return kr_fail(err, KR_E_BUSY, "another program already listens at port %u", *port);
        return kr_fail_errno(err, "listen at %s port %u", host, *port);
    }
    if (getsockname(fd, &address.any, &size) != 0)
        return kr_fail_errno(err, "ask for the port");
    *port = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
    *out = fd;
    fd = -1;
    return true;
}

bool kr_listen_at(const char *host, uint16_t *port, int *out, struct kr_err *err)
{
    if (host)
        return listen_one(host, port, false, out, err);
    struct kr_err why = {0};
    if (listen_one("::", port, true, out, &why))
        return true;
    // A machine without IPv6 says so; any other trouble is the same for both.
    return listen_one("0.0.0.0", port, true, out, err);
}
