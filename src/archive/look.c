// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/look.h"

#include "base/file.h"
#include <sys/stat.h>

static void close_three(int (*fds)[3])
{
    for (int i = 0; i < 3; i++)
        kr_fd_close(&(*fds)[i]);
}

static void keep_thumbs(struct kr_store *store, const struct kr_blob_id *blob, const int fds[3])
{
    for (int i = 0; i < KR_THUMB_COUNT; i++) {
        struct stat st;
        struct kr_err none;
        if (fstat(fds[i], &st) == 0 && st.st_size > 0 &&
            !kr_cache_put_thumb(store, blob, (enum kr_thumb)i, fds[i], &none))
            return; // cache: made again when somebody asks
    }
}

static json_t *new_args(const char *kind, const char *mime, const char *ending)
{
    json_t *args = kr_json_new_object();
    kr_json_set_str(args, "kind", kind);
    kr_json_set_str(args, "mime", mime);
    kr_json_set_str(args, "name_hint", ending);
    return args;
}

// What cannot be decoded is kept and marked; only the wall's own trouble is ours.
static bool ask(struct kr_wall *wall, const struct kr_question *question, json_t **answer,
                struct kr_err *err)
{
    struct kr_err why = {0};
    if (kr_wall_ask(wall, question, answer, &why))
        return true;
    if (why.code == KR_E_NOT_FOUND || why.code == KR_E_INTERNAL || why.code == KR_E_FULL)
        return kr_fail(err, why.code, "%s", why.text);
    *answer = kr_json_new_object();
    kr_json_set_str(*answer, "damaged", why.text);
    return true;
}

bool kr_look_at_blob(struct kr_store *store, struct kr_wall *wall, const struct kr_blob_id *blob,
                     const char *kind, const char *mime, const char *ending, json_t **answer,
                     struct kr_err *err)
{
    KR_AUTO(close_three) int thumbs[3] = {-1, -1, -1};
    KR_AUTO(kr_fd_close) int fd = -1;
    KR_AUTO(kr_json_drop) json_t *args = new_args(kind, mime, ending);
    if (!kr_blobs_read(store->blobs, blob, &fd, err))
        return false;
    for (int i = 0; i < 3; i++)
        if (!kr_memory_file("thumb", &thumbs[i], err))
            return false;
    const int fds[] = {fd, thumbs[0], thumbs[1], thumbs[2]};
    struct kr_question question = {.task = "look", .args = args, .fds = fds, .fd_count = 4};
    if (!ask(wall, &question, answer, err))
        return kr_within(err, "look at a file");
    keep_thumbs(store, blob, thumbs);
    return true;
}
