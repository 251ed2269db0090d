// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/albums.h"

#include "archive/searchtext.h"
#include "archive/shown.h"
#include <string.h>

enum { BATCH = 25 };

// The ids of the last word about the order.
static const char **order_of(struct kr_arena *mem, const struct kr_claim *claim, size_t *n)
{
    const json_t *list = claim ? claim->value : NULL;
    const char **order = kr_arena_array(mem, const char *, json_array_size(list) + 1);
    *n = 0;
    for (size_t i = 0; i < json_array_size(list) && i < KR_ALBUM_ORDER_MOST; i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (id)
            order[(*n)++] = id;
    }
    return order;
}

bool kr_album_refresh(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    size_t n;
    if (!kr_claims_of(store, mem, id, &claims, err))
        return false;
    const struct kr_claim *title = kr_shown_claim(&claims, "album_title");
    const char *text = title ? json_string_value(title->value) : NULL;
    if (!text)
        return kr_album_drop(store, id, err);
    struct kr_album album = {.title = text, .made_ms = claims.at[0].at_ms};
    kr_format(album.id, sizeof album.id, "%.36s", id);
    const char **order = order_of(mem, kr_shown_claim(&claims, "album_order"), &n);
    return kr_album_put(store, &album, kr_search_sort(mem, text), order, n, err);
}

// Ids first, rows later: rows may be written while the list goes on.
struct ids {
    struct kr_arena *mem;
    const char *home;   // whose
    struct kr_buf list; // of const char *
};

static void add_id(struct ids *ids, const char *text)
{
    const char *id = kr_arena_strdup(ids->mem, text);
    kr_buf_add(&ids->list, &id, sizeof id);
}

static bool see_titled(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    (void)err;
    struct ids *ids = context;
    if (strcmp(claim->home, ids->home) == 0)
        add_id(ids, claim->subject);
    return true;
}

static void free_ids(struct ids *ids)
{
    kr_buf_finish(&ids->list);
    kr_arena_destroy(&ids->mem);
}

static bool refresh_some(struct kr_store *store, const char *const *ids, size_t n,
                         struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!kr_tx_begin(store->db, &tx, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_album_refresh(store, ids[i], err))
            return false;
    return kr_tx_commit(&tx, err);
}

bool kr_albums_rebuild(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(free_ids) struct ids ids = {.mem = kr_arena_create(), .home = store->home};
    struct kr_album *rows;
    size_t n;
    if (!kr_claims_each(store, "album_title", see_titled, &ids, err) ||
        !kr_albums_all(store, ids.mem, NULL, &rows, &n, err))
        return kr_within(err, "make the albums again");
    for (size_t i = 0; i < n; i++) // rows that no claim speaks of go
        add_id(&ids, rows[i].id);
    const char *const *all = (const char *const *)(const void *)ids.list.at;
    size_t count = ids.list.n / sizeof *all;
    for (size_t i = 0; i < count; i += BATCH)
        if (!refresh_some(store, &all[i], count - i < BATCH ? count - i : BATCH, err))
            return kr_within(err, "make the albums again");
    return true;
}

static bool read_title(struct kr_arena *mem, const char *title, const char **out,
                       struct kr_err *err)
{
    *out = kr_text_in(mem, kr_str_of(title));
    if (!**out || strlen(*out) > KR_ALBUM_TITLE_MOST || strchr(*out, '\n') ||
        strspn(*out, " ") == strlen(*out))
        return kr_fail(err, KR_E_INVALID, "a title of one line and at most %d bytes is wanted",
                       KR_ALBUM_TITLE_MOST);
    return true;
}

// One thing said of an album; the value is swallowed.
static bool say(struct kr_store *store, const char *album, const char *predicate, json_t *value,
                const char *who, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *own = value;
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    char act[KR_UUID_TEXT];
    kr_uuid_new_text(act);
    struct kr_claim claim = {
        .predicate = predicate, .value = own, .who = who, .certain = 1, .act = act};
    kr_format(claim.subject, sizeof claim.subject, "%.36s", album);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, &claim, err) &&
           kr_album_refresh(store, album, err) && kr_tx_commit(&tx, err) &&
           kr_claims_mirror(store, err);
}

bool kr_album_add(struct kr_store *store, const char *title, const char *who,
                  char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    char id[KR_UUID_TEXT];
    kr_uuid_new_text(id);
    if (!read_title(mem, title, &title, err) ||
        !say(store, id, "album_title", json_string(title), who, err))
        return kr_within(err, "make an album");
    kr_format(out, KR_UUID_TEXT, "%s", id);
    return true;
}

bool kr_album_rename(struct kr_store *store, const char *id, const char *title, const char *who,
                     struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_album album;
    if (!kr_album_get(store, mem, id, &album, err) || !read_title(mem, title, &title, err))
        return false;
    return strcmp(album.title, title) == 0 ||
           say(store, id, "album_title", json_string(title), who, err);
}

bool kr_album_arrange(struct kr_store *store, const char *id, const json_t *order, const char *who,
                      struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *list = kr_json_new_array();
    struct kr_album album;
    if (!kr_album_get(store, mem, id, &album, err))
        return false;
    if (!json_is_array(order) || json_array_size(order) > KR_ALBUM_ORDER_MOST)
        return kr_fail(err, KR_E_INVALID, "a list of ids is wanted");
    for (size_t i = 0; i < json_array_size(order); i++) {
        const char *text = json_string_value(json_array_get(order, i));
        struct kr_uuid item;
        if (!text || !kr_uuid_parse(text, &item))
            return kr_fail(err, KR_E_INVALID, "a list of ids is wanted");
        kr_json_append_take(list, json_string(text));
    }
    return say(store, id, "album_order", json_incref(list), who, err);
}

// Without a title it is no album; what was put into it still says so, should it come back.
bool kr_album_end(struct kr_store *store, const char *id, const char *who,
                  char act[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim_list claims;
    struct kr_album album;
    char name[KR_UUID_TEXT];
    kr_uuid_new_text(name);
    if (!kr_tx_begin(store->db, &tx, err) || !kr_album_get(store, mem, id, &album, err) ||
        !kr_claims_of(store, mem, id, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        struct kr_claim back = {.predicate = "retract",
                                .value = nothing,
                                .who = who,
                                .certain = 1,
                                .retracts = claims.at[i].id,
                                .act = name};
        if (claims.retracted[i] || strcmp(claims.at[i].predicate, "album_title") != 0)
            continue;
        kr_format(back.subject, sizeof back.subject, "%s", id);
        if (!kr_claim_add(store, &back, err))
            return false;
    }
    if (!kr_album_refresh(store, id, err) || !kr_tx_commit(&tx, err) ||
        !kr_claims_mirror(store, err))
        return false;
    kr_format(act, KR_UUID_TEXT, "%s", name);
    return true;
}

bool kr_album_named(struct kr_store *store, struct kr_arena *mem, const char *id_or_title,
                    struct kr_album *out, struct kr_err *err)
{
    struct kr_album *all;
    const struct kr_album *found = NULL;
    struct kr_uuid id;
    size_t n;
    if (kr_uuid_parse(id_or_title, &id))
        return kr_album_get(store, mem, id_or_title, out, err);
    if (!kr_albums_all(store, mem, NULL, &all, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i].title, id_or_title) != 0)
            continue;
        if (found)
            return kr_fail(err, KR_E_INVALID, "several albums are called that: say the id");
        found = &all[i];
    }
    if (!found)
        return kr_fail(err, KR_E_NOT_FOUND, "no album is called that");
    *out = *found;
    return true;
}
