// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/serve.h"

#include "archive/door.h"
#include "archive/recordings.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "store/tmp.h"
#include "web/server.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SWEEP_MS = 3600 * 1000,
    TEND_MOST_MS = 60 * 1000, // how often recordings are looked after
    TEND_LEAST_MS = 500,
    FILES_WANTED = 8192, // connections, files being sent, the database
    FILES_KEPT = 256,    // of them not for connections
    CONNECTIONS_MOST = 4096,
    BACKLOG = 511,
};

// The connection limit follows the descriptor limit: each has one, and may send a file by another.
static int raise_limits(void)
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

static const char own_source[] = "/kinreel-source.tar.gz"; // tools/sourcetar

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

static bool listen_at(const char *host, uint16_t *port, int *out, struct kr_err *err)
{
    union address address;
    socklen_t size = fill_address(host, *port, &address);
    const int yes = 1;
    KR_AUTO(kr_fd_close)
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return kr_fail_errno(err, "open a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
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

static bool open_door(const char *listen, const char **host, uint16_t *port, int *out,
                      struct kr_err *err)
{
    bool beyond;
    if (!kr_guard_listen(listen, host, port, &beyond))
        return kr_fail(err, KR_E_USAGE, "'%s' is no address and port", listen);
    if (beyond)
        return kr_fail(err, KR_E_REFUSED,
                       "'%s' could be reached from other machines, and the house has no owner "
                       "who could sign in; listen at 127.0.0.1 or [::1]",
                       listen);
    return listen_at(*host, port, out, err);
}

static void sweep(const char *archive)
{
    KR_AUTO(kr_fd_close) int folder = -1;
    struct kr_err why = {0};
    if (!kr_open_folder(AT_FDCWD, archive, false, &folder, &why) || !kr_tmp_sweep(folder, &why))
        kr_log(KR_WARN, "web.sweep", KR_T("code", kr_code_name(why.code)));
}

// Keeps the recordings that nobody ended.
static void tend(const struct kr_house *house, int silence_s)
{
    const struct kr_ingest_params by = {.archive = house->archive, .wall = house->wall};
    struct kr_recordings_tended tended = {0};
    struct kr_err why = {0};
    if (!kr_recordings_tend(&by, silence_s, &tended, &why))
        kr_log(KR_WARN, "web.tend", KR_T("code", kr_code_name(why.code)));
    else if (tended.kept || tended.failed)
        kr_log(tended.failed ? KR_WARN : KR_INFO, "recordings.kept", KR_I("kept", tended.kept),
               KR_I("failed", tended.failed));
}

// Until told to stop; now and then what was left lying is kept or swept.
static void wait_for_end(int stop, const struct kr_house *house, int silence_s)
{
    struct pollfd end = {.fd = stop, .events = POLLIN};
    int64_t swept = kr_monotonic_ms(), half = (int64_t)silence_s * 500;
    int wait_ms = half > TEND_MOST_MS    ? TEND_MOST_MS
                  : half < TEND_LEAST_MS ? TEND_LEAST_MS
                                         : (int)half;
    for (;;) {
        tend(house, silence_s);
        int n = poll(&end, 1, wait_ms);
        if (n > 0 || (n < 0 && errno != EINTR))
            return;
        if (kr_monotonic_ms() - swept < SWEEP_MS)
            continue;
        swept = kr_monotonic_ms();
        sweep(house->archive);
    }
}

// Opened once before the first guest: this checks the archive and brings it to this version.
static bool look_after(const char *archive, char home[static KR_UUID_TEXT], int64_t *silence_s,
                       struct kr_err *err)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_store_open(archive, KR_STORE_WRITE, &store, err) || !kr_door_sweep(store, err) ||
        !kr_store_number(store, "record.silence_s", silence_s, err))
        return false;
    memcpy(home, store->home, sizeof store->home);
    return true;
}

static bool run(const struct kr_serve_params *params, struct kr_house *house, int listening,
                const char *host, int silence_s, struct kr_err *err)
{
    struct kr_server_params server_params = {
        .house = house, .listening = listening, .reaper = KR_REAPER_DEFAULTS};
    struct kr_server *server;
    char address[64];
    server_params.reaper.most = raise_limits();
    if (!kr_server_start(&server_params, &server, err))
        return false;
    bool v6 = strchr(host, ':') != NULL;
    kr_format(address, sizeof address, v6 ? "http://[%s]:%u/" : "http://%s:%u/", host,
              house->guard.port);
    if (params->ready)
        params->ready(params->context, address);
    wait_for_end(params->stop, house, silence_s);
    kr_server_stop(&server);
    return true;
}

bool kr_serve(const struct kr_serve_params *params, struct kr_err *err)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    const struct kr_wall_params wall_params = {0};
    struct kr_house house = {.archive = params->archive,
                             .source = params->source ? params->source : own_source,
                             .lang = params->lang,
                             .guard = {.names = params->names}};
    const char *host;
    int64_t silence_s;
    int listening = -1;
    // A thread's own heap costs memory for ever and saves nothing at our pace.
    mallopt(M_ARENA_MAX, 2);
    if (!look_after(params->archive, house.home, &silence_s, err) ||
        !kr_wall_open(&wall_params, &wall, err) ||
        !open_door(params->listen, &host, &house.guard.port, &listening, err))
        return false;
    house.wall = wall;
    kr_house_init(&house);
    bool served = run(params, &house, listening, host, (int)silence_s, err);
    kr_house_finish(&house);
    return served;
}
