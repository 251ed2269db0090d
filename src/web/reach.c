// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/reach.h"

#include "base/certs.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/newfile.h"
#include "web/nearby.h"
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

enum { NAMES_MOST = 64 };

struct list {
    const char *at[NAMES_MOST + 1];
    size_t n;
};

// What may change; whoever reads it holds the lock.
struct now {
    struct kr_arena *mem;
    struct kr_certs certs;
    const char *const *addresses;
};

struct kr_reach {
    struct kr_reach_params params;
    struct kr_arena *mem; // of what never changes
    const char *machine;  // its host name, or ""
    struct list names;    // it answers to
    struct kr_tls *tls;
    pthread_mutex_t lock;
    struct now now;
};

static void add(struct list *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i], name) == 0)
            return;
    if (*name && list->n < NAMES_MOST)
        list->at[list->n++] = name;
}

static void add_all(struct list *list, const char *const *names, bool addresses, bool hosts)
{
    for (; names && *names; names++)
        if (kr_is_address(*names) ? addresses : hosts)
            add(list, *names);
}

static const char *local_name(const struct kr_reach *reach, struct kr_arena *mem)
{
    return *reach->machine ? kr_arena_format(mem, "%s.local", reach->machine) : "";
}

// What stands in the house's own certificate; `all`: the bare host name too, for which an old
// authority may not vouch when the machine was renamed.
static bool make_own(struct kr_reach *reach, struct kr_arena *mem, int archive, bool all,
                     struct kr_certs *out, struct kr_err *err)
{
    struct list names = {0}, addresses = {0};
    add_all(&names, reach->params.names, false, true);
    if (all)
        add(&names, reach->machine);
    add(&names, local_name(reach, mem));
    add(&names, "localhost");
    add_all(&addresses, reach->params.names, true, false);
    if (!reach->params.near)
        add_all(&addresses, kr_nearby_addresses(mem), true, false);
    add(&addresses, "127.0.0.1");
    add(&addresses, "::1");
    const struct kr_certs_wanted wanted = {names.at, addresses.at, kr_now_ms()};
    return kr_certs_own(mem, archive, &wanted, out, err);
}

static bool read_certs(struct kr_reach *reach, struct kr_arena *mem, struct kr_certs *out,
                       struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int archive = -1;
    struct kr_err why = {0};
    if (reach->params.cert)
        return kr_certs_given(mem, reach->params.cert, reach->params.key, out, err);
    if (!kr_open_folder(AT_FDCWD, reach->params.archive, false, &archive, err))
        return false;
    return make_own(reach, mem, archive, true, out, &why) ||
           make_own(reach, mem, archive, false, out, err);
}

static bool keep_told(struct kr_reach *reach, struct kr_err *err) // (2)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int archive = -1;
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_json_drop) json_t *told = kr_reach_new_json(reach);
    const char *text = kr_arena_format(mem, "%s\n", kr_json_text(mem, told));
    return (kr_open_folder(AT_FDCWD, reach->params.archive, false, &archive, err) &&
            kr_newfile_begin(archive, &file, err) &&
            kr_newfile_write(&file, text, strlen(text), err) &&
            kr_newfile_replace(&file, "house/reach.json", err)) ||
           kr_within(err, "keep house/reach.json");
}

static bool same_list(const char *const *a, const char *const *b)
{
    for (; a && *a && b && *b; a++, b++)
        if (strcmp(*a, *b) != 0)
            return false;
    return (!a || !*a) && (!b || !*b);
}

static void take_now(struct kr_reach *reach, struct now *now)
{
    pthread_mutex_lock(&reach->lock);
    struct now before = reach->now;
    reach->now = *now;
    pthread_mutex_unlock(&reach->lock);
    *now = before;
}

bool kr_reach_look(struct kr_reach *reach, struct kr_err *err)
{
    struct now now = {.mem = kr_arena_create()};
    now.addresses = reach->params.near ? NULL : kr_nearby_addresses(now.mem);
    bool fine = read_certs(reach, now.mem, &now.certs, err);
    bool fresh = fine && (!reach->tls || strcmp(now.certs.chain, reach->now.certs.chain) != 0);
    if (fresh)
        fine = kr_tls_show(&reach->tls, now.certs.chain, now.certs.key, err);
    bool moved = fine && (fresh || !same_list(now.addresses, reach->now.addresses));
    if (moved)
        take_now(reach, &now);
    kr_arena_destroy(&now.mem);
    return fine && (!moved || keep_told(reach, err));
}

bool kr_reach_open(const struct kr_reach_params *params, struct kr_reach **out, struct kr_err *err)
{
    struct kr_reach *reach = kr_new(struct kr_reach);
    reach->params = *params;
    reach->mem = kr_arena_create();
    reach->machine = kr_nearby_name(reach->mem);
    pthread_mutex_init(&reach->lock, NULL);
    add_all(&reach->names, params->names, true, true);
    if (!kr_reach_look(reach, err)) {
        kr_reach_close(&reach);
        return false;
    }
    for (const char *const *name = reach->now.certs.names; *name; name++)
        add(&reach->names, kr_arena_strdup(reach->mem, *name));
    add(&reach->names, reach->machine);
    add(&reach->names, local_name(reach, reach->mem));
    *out = reach;
    return true;
}

void kr_reach_close(struct kr_reach **address)
{
    struct kr_reach *reach = *address;
    if (!reach)
        return;
    kr_tls_destroy(&reach->tls);
    kr_arena_destroy(&reach->now.mem);
    kr_arena_destroy(&reach->mem);
    pthread_mutex_destroy(&reach->lock);
    kr_free(address);
}

const char *const *kr_reach_names(const struct kr_reach *reach)
{
    return reach->names.at;
}

struct kr_tls *kr_reach_tls(const struct kr_reach *reach)
{
    return reach->tls;
}

bool kr_reach_is_given(const struct kr_reach *reach)
{
    return reach->params.cert != NULL;
}

const char *kr_reach_authority(struct kr_reach *reach, struct kr_arena *mem)
{
    pthread_mutex_lock(&reach->lock);
    const char *text = kr_arena_strdup(mem, reach->now.certs.authority);
    pthread_mutex_unlock(&reach->lock);
    return text;
}

static const char *url_of(struct kr_arena *mem, const char *scheme, const char *host, uint16_t port,
                          const char *path)
{
    bool v6 = kr_is_address(host) == 6;
    return kr_arena_format(mem, v6 ? "%s://[%s]:%u%s" : "%s://%s:%u%s", scheme, host, port, path);
}

// Where one is sent first: a name that was chosen, else what the house's network surely finds.
static struct list hosts_of(const struct kr_reach *reach, struct kr_arena *mem)
{
    struct list hosts = {0};
    add_all(&hosts, reach->params.names, true, true);
    if (reach->params.cert) // its addresses would not be trusted
        add_all(&hosts, reach->now.certs.names, false, true);
    else
        add_all(&hosts, reach->now.addresses, true, false);
    if (!reach->params.cert && !reach->params.near)
        add(&hosts, local_name(reach, mem));
    if (hosts.n == 0)
        add(&hosts, "127.0.0.1");
    for (size_t i = 0; i < hosts.n; i++)
        hosts.at[i] = kr_arena_strdup(mem, hosts.at[i]);
    return hosts;
}

const char *kr_reach_address(struct kr_reach *reach, bool guest, struct kr_arena *mem)
{
    const bool plain = guest && !reach->params.cert && reach->params.plain_port;
    pthread_mutex_lock(&reach->lock);
    struct list hosts = hosts_of(reach, mem);
    pthread_mutex_unlock(&reach->lock);
    return url_of(mem, plain ? "http" : "https", hosts.at[0],
                  plain ? reach->params.plain_port : reach->params.port, "");
}

static json_t *new_list(const char *const *texts)
{
    json_t *list = kr_json_new_array();
    for (; *texts; texts++)
        kr_json_append_take(list, json_string(*texts));
    return list;
}

static void set_time(json_t *out, const char *name, int64_t ms)
{
    char text[KR_TIME_TEXT];
    kr_time_text(ms, text);
    kr_json_set_str(out, name, text);
}

json_t *kr_reach_new_json(struct kr_reach *reach)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const uint16_t port = reach->params.port, plain_port = reach->params.plain_port;
    const bool own = !reach->params.cert;
    json_t *out = kr_json_new_object();
    pthread_mutex_lock(&reach->lock);
    struct list hosts = hosts_of(reach, mem), urls = {.n = hosts.n};
    for (size_t i = 0; i < hosts.n; i++)
        urls.at[i] = url_of(mem, "https", hosts.at[i], port, "/");
    const char *plain = plain_port ? url_of(mem, "http", hosts.at[0], plain_port, "/") : "";
    const char *trust = own && *plain ? url_of(mem, "http", hosts.at[0], plain_port, "/trust") : "";
    kr_json_set_str(out, "address", urls.at[0]);
    kr_json_set_take(out, "addresses", new_list(urls.at));
    kr_json_set_take(out, "names", new_list(reach->names.at));
    kr_json_set_str(out, "plain", plain);
    kr_json_set_str(out, "trust", trust);
    kr_json_set_str(out, "card", *trust ? trust : urls.at[0]);
    kr_json_set_bool(out, "own", own);
    kr_json_set_str(out, "fingerprint", reach->now.certs.fingerprint);
    set_time(out, "until", reach->now.certs.until_ms);
    set_time(out, "trust_until", reach->now.certs.trust_until_ms);
    kr_json_set_int(out, "port", port);
    kr_json_set_int(out, "plain_port", plain_port);
    pthread_mutex_unlock(&reach->lock);
    return out;
}
