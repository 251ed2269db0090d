// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/shown.h"

#include "base/clock.h"
#include <string.h>

enum { BATCH = 50 };

// The ids of everything that was ever kept, copied first: rows may then be
// written while the list goes on.
struct ids {
    struct kr_arena *mem;
    const char **at;
    size_t n, room;
};

static bool see_kept(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct ids *ids = context;
    (void)err;
    if (ids->n == ids->room) {
        ids->room = ids->room * 2 + 256;
        ids->at = kr_realloc_array(ids->at, ids->room, sizeof *ids->at);
    }
    ids->at[ids->n++] = kr_arena_strdup(ids->mem, claim->subject);
    return true;
}

static bool put_found(struct kr_store *store, struct kr_arena *mem, const char *item,
                      struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, item, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        const json_t *value = claims.at[i].value;
        if (strcmp(claims.at[i].predicate, "found") != 0)
            continue;
        const char *base64 = kr_json_str(value, "path_base64", NULL);
        struct kr_str path = {0};
        if (base64) {
            if (!kr_base64_decode(mem, kr_str_of(base64), &path, err))
                return false;
        } else {
            path = kr_path_unescape(mem, kr_json_str(value, "path", ""));
        }
        if (!kr_found_put(store, item, path, (uint64_t)kr_json_int(value, "size", 0),
                          kr_json_int(value, "mtime_ns", 0), err))
            return false;
    }
    return true;
}

static bool remake(struct kr_store *store, const struct ids *ids, size_t *next, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!kr_tx_begin(store->db, &tx, err))
        return false;
    if (*next == 0 && !kr_items_clear(store, err))
        return false;
    for (size_t end = *next + BATCH; *next < ids->n && *next < end; (*next)++)
        if (!kr_shown_refresh(store, ids->at[*next], err) ||
            !put_found(store, mem, ids->at[*next], err))
            return kr_within(err, "make item %s again", ids->at[*next]);
    return kr_tx_commit(&tx, err);
}

static void free_ids(struct ids *ids)
{
    kr_free(&ids->at);
    kr_arena_destroy(&ids->mem);
}

bool kr_rebuild(struct kr_store *store, bool (*progress)(void *context, double done), void *context,
                struct kr_err *err)
{
    KR_AUTO(free_ids) struct ids ids = {.mem = kr_arena_create()};
    size_t next = 0;
    if (!kr_claims_each(store, "kept", see_kept, &ids, err))
        return kr_within(err, "rebuild");
    do {
        if (!remake(store, &ids, &next, err))
            return kr_within(err, "rebuild");
        if (progress && !progress(context, ids.n ? (double)next / (double)ids.n : 1))
            return kr_fail(err, KR_E_INTERRUPTED, "rebuild: stopped; run it again to finish");
    } while (next < ids.n);
    return true;
}
