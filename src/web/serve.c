// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/serve.h"

#include "archive/door.h"
#include "archive/recordings.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "store/tmp.h"
#include "web/listen.h"
#include "web/server.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    SWEEP_MS = 3600 * 1000,
    LOOK_MS = 10 * 1000,      // how often the certificate is looked at
    TEND_MOST_MS = 60 * 1000, // how often recordings are looked after
    TEND_LEAST_MS = 500,
};

static const char own_source[] = "/kinreel-source.tar.gz"; // tools/sourcetar

// What is open while the house is.
struct open {
    int listening, beside;
    char address[64]; // of plain HTTP
    struct kr_reach *reach;
};

static void close_open(struct open *open)
{
    kr_fd_close(&open->listening);
    kr_fd_close(&open->beside);
    kr_reach_close(&open->reach);
}

// An address of this machine alone: the only one where plain HTTP may be spoken to everybody.
static bool loopback_of(const char *listen, const char **host, uint16_t *port, struct kr_err *err)
{
    bool beyond;
    if (!kr_guard_listen(listen, host, port, &beyond))
        return kr_fail(err, KR_E_USAGE, "'%s' is no address and port", listen);
    return !beyond || kr_fail(err, KR_E_REFUSED,
                              "'%s' could be reached from other machines, and there everybody on "
                              "the way could listen; use 127.0.0.1 or [::1], or --home",
                              listen);
}

static bool open_here(const struct kr_serve_params *params, struct kr_house *house,
                      struct open *open, struct kr_err *err)
{
    const char *host;
    uint16_t *port = &house->guard.port;
    if (!loopback_of(params->listen, &host, port, err) ||
        !kr_listen_at(host, port, &open->listening, err))
        return false;
    bool v6 = strchr(host, ':') != NULL;
    kr_format(open->address, sizeof open->address, v6 ? "http://[%s]:%u/" : "http://%s:%u/", host,
              *port);
    return true;
}

static bool is_owned(const char *archive, struct kr_err *err)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    bool owned;
    if (!kr_store_open(archive, KR_STORE_READ, &store, err) ||
        !kr_door_has_owner(store, &owned, err))
        return false;
    return owned || kr_fail(err, KR_E_REFUSED,
                            "open the house to its network: nobody owns it yet who could say who "
                            "comes in");
}

static bool open_home(const struct kr_serve_params *params, struct kr_house *house,
                      struct open *open, struct kr_err *err)
{
    const struct kr_serve_home *home = params->home;
    struct kr_guard *guard = &house->guard;
    const char *host = NULL;
    guard->port = home->port;
    guard->plain_port = home->plain_port;
    if (home->listen ? !loopback_of(home->listen, &host, &guard->port, err)
                     : !is_owned(params->archive, err))
        return false;
    if (!kr_listen_at(host, &guard->port, &open->listening, err) ||
        (home->plain && !kr_listen_at(host, &guard->plain_port, &open->beside, err)))
        return false;
    if (!home->plain)
        guard->plain_port = 0;
    const struct kr_reach_params reach = {.archive = params->archive,
                                          .cert = home->cert,
                                          .key = home->key,
                                          .names = params->names,
                                          .port = guard->port,
                                          .plain_port = guard->plain_port,
                                          .near = home->listen != NULL};
    if (!kr_reach_open(&reach, &open->reach, err))
        return false;
    guard->home = true;
    guard->names = kr_reach_names(open->reach);
    house->reach = open->reach;
    return true;
}

// What goes wrong here changes nothing for who is there; it is told once.
static void look_after_reach(struct kr_reach *reach, bool *failed)
{
    struct kr_err why = {0};
    bool fine = kr_reach_look(reach, &why);
    if (!fine && !*failed)
        kr_log(KR_WARN, "web.certificate", KR_T("code", kr_code_name(why.code)));
    *failed = !fine;
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

// What is done now and then while the house is open, and when it was done last.
struct chores {
    const struct kr_house *house;
    struct kr_reach *reach;
    int silence_s, tend_ms;
    int64_t swept_ms, tended_ms, looked_ms;
    bool failed; // the last look at the certificate
};

static bool is_due(int64_t *last_ms, int64_t each_ms)
{
    int64_t now = kr_monotonic_ms();
    if (now - *last_ms < each_ms)
        return false;
    *last_ms = now;
    return true;
}

static void do_chores(struct chores *chores)
{
    if (chores->reach && is_due(&chores->looked_ms, LOOK_MS))
        look_after_reach(chores->reach, &chores->failed);
    if (is_due(&chores->tended_ms, chores->tend_ms))
        tend(chores->house, chores->silence_s);
    if (is_due(&chores->swept_ms, SWEEP_MS))
        sweep(chores->house->archive);
}

// Until told to stop.
static void wait_for_end(const struct kr_serve_params *params, struct chores *chores)
{
    struct pollfd on[] = {{.fd = params->stop, .events = POLLIN},
                          {.fd = params->home ? params->home->again : -1, .events = POLLIN}};
    int wait_ms = chores->reach && LOOK_MS < chores->tend_ms ? LOOK_MS : chores->tend_ms;
    tend(chores->house, chores->silence_s);
    chores->swept_ms = chores->tended_ms = kr_monotonic_ms();
    for (;;) {
        int n = poll(on, KR_COUNT(on), wait_ms);
        if (n < 0 ? errno != EINTR : on[0].revents != 0)
            return;
        struct signalfd_siginfo told;
        if (n > 0 && on[1].revents && read(on[1].fd, &told, sizeof told) > 0) {
            chores->failed = false; // whoever asks wants to hear
            chores->looked_ms = 0;
        }
        do_chores(chores);
    }
}

static int tend_each_ms(int64_t silence_s)
{
    int64_t half = silence_s * 500;
    return half > TEND_MOST_MS ? TEND_MOST_MS : half < TEND_LEAST_MS ? TEND_LEAST_MS : (int)half;
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

static void tell_ready(const struct kr_serve_params *params, const struct open *open)
{
    KR_AUTO(kr_json_drop) json_t *told = open->reach ? kr_reach_new_json(open->reach) : NULL;
    if (params->ready)
        params->ready(params->context, told ? kr_json_str(told, "address", "") : open->address,
                      told);
}

static bool run(const struct kr_serve_params *params, struct kr_house *house, struct open *open,
                int64_t silence_s, struct kr_err *err)
{
    // A host is told to be asked over TLS only (HSTS, RFC 6797) where nothing else is spoken there:
    // a browser would take the word for the port beside it too. And only with a given certificate:
    // it could not be unsaid if the house lost its own authority.
    struct kr_server_params server_params = {
        .house = house,
        .listening = open->listening,
        .beside = open->beside,
        .tls = open->reach ? kr_reach_tls(open->reach) : NULL,
        .strict = open->reach && kr_reach_is_given(open->reach) && open->beside < 0,
        .reaper = KR_REAPER_DEFAULTS};
    struct kr_server *server;
    server_params.reaper.most = kr_listen_most();
    open->listening = open->beside = -1; // the server's
    if (!kr_server_start(&server_params, &server, err))
        return false;
    tell_ready(params, open);
    struct chores chores = {.house = house,
                            .reach = open->reach,
                            .silence_s = (int)silence_s,
                            .tend_ms = tend_each_ms(silence_s)};
    wait_for_end(params, &chores);
    kr_server_stop(&server);
    return true;
}

bool kr_serve(const struct kr_serve_params *params, struct kr_err *err)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(close_open) struct open open = {.listening = -1, .beside = -1};
    const struct kr_wall_params wall_params = {0};
    struct kr_house house = {.archive = params->archive,
                             .source = params->source ? params->source : own_source,
                             .lang = params->lang,
                             .guard = {.names = params->names}};
    int64_t silence_s;
    // A thread's own heap costs memory for ever and saves nothing at our pace.
    mallopt(M_ARENA_MAX, 2);
    if (!look_after(params->archive, house.home, &silence_s, err) ||
        !kr_wall_open(&wall_params, &wall, err) ||
        !(params->home ? open_home(params, &house, &open, err)
                       : open_here(params, &house, &open, err)))
        return false;
    house.wall = wall;
    kr_house_init(&house);
    bool served = run(params, &house, &open, silence_s, err);
    kr_house_finish(&house);
    return served;
}
