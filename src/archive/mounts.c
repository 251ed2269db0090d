// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/mounts.h"

#include "base/file.h"
#include "store/items.h"
#include <string.h>

static bool read_all(struct kr_store *store, struct kr_arena *mem, json_t **out, struct kr_err *err)
{
    char key[KR_NOTE_KEY];
    const char *text;
    if (!kr_store_setting(store, mem, kr_store_own_key(store, "mounts", key), &text, err))
        return false;
    if (text)
        return kr_json_parse(kr_str_of(text), strlen(text), out, err);
    *out = kr_json_new_object();
    return true;
}

static bool write_all(struct kr_store *store, struct kr_arena *mem, const json_t *all,
                      struct kr_err *err)
{
    char key[KR_NOTE_KEY];
    return kr_store_set_setting(store, kr_store_own_key(store, "mounts", key),
                                json_object_size(all) ? kr_json_text(mem, all) : NULL, err);
}

bool kr_mounts(struct kr_store *store, struct kr_arena *mem, const json_t **out, struct kr_err *err)
{
    json_t *all;
    if (!read_all(store, mem, &all, err))
        return false;
    *out = kr_json_lend(mem, all);
    return true;
}

// One name more, or (`learnt` NULL) one less; readers and writers take turns.
static bool change(struct kr_store *store, const char *name, const json_t *learnt,
                   struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *all = NULL;
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!kr_tx_begin(store->db, &tx, err) || !read_all(store, mem, &all, err))
        return false;
    if (!learnt && json_object_del(all, name) != 0)
        return kr_fail(err, KR_E_NOT_FOUND, "there is no mount '%s'", name);
    if (learnt)
        kr_json_set_take(all, name, json_deep_copy(learnt));
    if (json_object_size(all) > KR_MOUNTS_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "more than %d mounts", KR_MOUNTS_MOST);
    return write_all(store, mem, all, err) && kr_tx_commit(&tx, err);
}

bool kr_mount_is_name(const char *name)
{
    size_t n = strlen(name);
    return n >= 1 && n <= KR_MOUNT_NAME_MOST;
}

bool kr_mount_keep(struct kr_store *store, const char *name, const json_t *learnt,
                   struct kr_err *err)
{
    if (!kr_mount_is_name(name))
        return kr_fail(err, KR_E_INVALID, "a mount's name has 1 to %d bytes", KR_MOUNT_NAME_MOST);
    return change(store, name, learnt, err);
}

bool kr_mount_forget(struct kr_store *store, const char *name, struct kr_err *err)
{
    return change(store, name, NULL, err);
}

bool kr_mount_of_ride(struct kr_wall *wall, const struct kr_ride *ride, int fd, json_t **learnt,
                      struct kr_err *err)
{
    const struct kr_question question = {.task = "mount",
                                         .task_class = KR_TASK_FILM,
                                         .fds = &fd,
                                         .fd_count = 1,
                                         .progress = ride->progress,
                                         .context = ride->context};
    return kr_wall_ask(wall, &question, learnt, err);
}

bool kr_mount_of_item(struct kr_store *store, struct kr_wall *wall, const struct kr_ride *ride,
                      const char *item, const char *name, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *learnt = NULL;
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_item ridden;
    return kr_item_get(store, mem, item, &ridden, err) &&
           kr_blobs_read(store->blobs, &ridden.blob, &fd, err) &&
           kr_mount_of_ride(wall, ride, fd, &learnt, err) &&
           kr_mount_keep(store, name, learnt, err);
}

bool kr_mount_fill(struct kr_store *store, json_t *options, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *name = kr_json_str(options, "mount", NULL);
    const json_t *all;
    if (!name)
        return true;
    if (!kr_mounts(store, mem, &all, err))
        return false;
    const json_t *mount = kr_json_get(all, name);
    if (!mount)
        return kr_fail(err, KR_E_NOT_FOUND, "there is no mount '%.60s'", name);
    kr_json_set_take(options, "mount", json_deep_copy(mount));
    return true;
}
