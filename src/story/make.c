// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/make.h"

#include "archive/shown.h"
#include "base/newfile.h"
#include "store/claims.h"
#include "store/items.h"
#include "story/sayers.h"
#include "story/years.h"
#include <string.h>
#include <unistd.h>

bool kr_film_compile_fds(struct kr_wall *wall, const struct kr_shots *shots, const int *media,
                         const struct kr_film_files *files,
                         bool (*progress)(void *context, double done), void *context,
                         json_t **answer, struct kr_err *err)
{
    size_t n = shots->reference_count + 3;
    KR_AUTO(kr_free_at) int *fds = kr_new_array(int, n);
    fds[0] = files->film;
    fds[1] = files->captions;
    fds[2] = files->poster;
    if (shots->reference_count)
        memcpy(fds + 3, media, shots->reference_count * sizeof *media);
    struct kr_question question = {.task = "film",
                                   .task_class = KR_TASK_FILM,
                                   .args = shots->list,
                                   .fds = fds,
                                   .fd_count = n,
                                   .progress = progress,
                                   .context = context};
    return kr_wall_ask(wall, &question, answer, err) || kr_within(err, "compile the film");
}

static bool open_item(void *context, const char *reference, int *fd, struct kr_err *err)
{
    struct kr_store *store = context;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_item item;
    return kr_item_may_get(store, mem, reference, &KR_VIEW_HOME, &item, err) &&
           kr_blobs_read(store->blobs, &item.blob, fd, err);
}

struct making {
    struct kr_newfile film, captions, poster;
};
#define MAKING_NONE ((struct making){KR_NEWFILE_NONE, KR_NEWFILE_NONE, KR_NEWFILE_NONE})

static void discard(struct making *making)
{
    kr_newfile_discard(&making->film);
    kr_newfile_discard(&making->captions);
    kr_newfile_discard(&making->poster);
}

static bool state_story(struct kr_store *store, const char *id, const json_t *story,
                        const char *who, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim claim = {
        .predicate = "story", .value = story, .who = who, .certain = 1, .retracts = ""};
    kr_format(claim.subject, sizeof claim.subject, "%s", id);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, &claim, err) &&
           kr_tx_commit(&tx, err) && kr_claims_mirror(store, err);
}

static bool keep(struct kr_store *store, const char *id, const char *kind, const char *mime,
                 const char *ending, const json_t *recipe, int fd, struct kr_err *err)
{
    struct kr_rendition rendition = {
        .kind = kind, .mime = mime, .ending = ending, .recipe = recipe};
    kr_format(rendition.subject, sizeof rendition.subject, "%s", id);
    if (lseek(fd, 0, SEEK_SET) != 0)
        return kr_fail_errno(err, "go back to the start");
    return kr_rendition_keep(store, &rendition, fd, err);
}

// The film comes last: whoever sees it finds its captions and its poster.
static bool keep_all(struct kr_store *store, const char *id, const json_t *recipe,
                     const struct making *making, struct kr_err *err)
{
    return keep(store, id, "captions", "text/vtt", "vtt", recipe, making->captions.fd, err) &&
           keep(store, id, "poster", "image/jpeg", "jpg", recipe, making->poster.fd, err) &&
           keep(store, id, "film", "video/mp4", "mp4", recipe, making->film.fd, err);
}

static bool compile(struct kr_store *store, struct kr_wall *wall, struct kr_arena *mem,
                    const struct kr_story *story, const struct making *making,
                    bool (*progress)(void *context, double done), void *context, json_t **answer,
                    struct kr_err *err)
{
    const struct kr_shots_params params = KR_SHOTS_DEFAULTS;
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    if (!kr_shots_make(mem, story, &params, &shots, err))
        return false;
    int *media = kr_arena_array(mem, int, shots.reference_count + 1);
    if (!kr_shots_open(&shots, open_item, store, media, err))
        return false;
    const struct kr_film_files files = {making->film.fd, making->captions.fd, making->poster.fd};
    bool fine = kr_film_compile_fds(wall, &shots, media, &files, progress, context, answer, err);
    kr_shots_close(&shots, media);
    return fine;
}

bool kr_film_make(struct kr_store *store, struct kr_wall *wall, const json_t *json, const char *who,
                  bool (*progress)(void *context, double done), void *context,
                  char film[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(discard) struct making making = MAKING_NONE;
    KR_AUTO(kr_json_drop) json_t *answer = NULL, *whole = json_deep_copy(json);
    struct kr_story story;
    char id[KR_UUID_TEXT];
    kr_uuid_new_text(id);
    if (!kr_story_of_json(mem, whole, &story, err) ||
        !kr_story_look_up(store, mem, whole, &story, err) ||
        !kr_story_name_sayers(store, mem, whole, err) ||
        !kr_newfile_begin(store->dir, &making.film, err) ||
        !kr_newfile_begin(store->dir, &making.captions, err) ||
        !kr_newfile_begin(store->dir, &making.poster, err) ||
        !compile(store, wall, mem, &story, &making, progress, context, &answer, err))
        return kr_within(err, "make a film");
    kr_json_set_str(answer, "title", story.title);
    kr_json_set_str(answer, "lang", story.lang);
    if (kr_json_get(whole, "x-without"))
        kr_json_set_str(answer, "without", kr_json_str(whole, "x-without", ""));
    if (!state_story(store, id, whole, who, err) || !keep_all(store, id, answer, &making, err))
        return kr_within(err, "keep a film");
    kr_format(film, KR_UUID_TEXT, "%s", id);
    return true;
}

bool kr_film_may(struct kr_store *store, struct kr_arena *mem, const char *film,
                 const struct kr_view *view, bool *out, struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, film, &claims, err))
        return false;
    const struct kr_claim *story = kr_shown_claim(&claims, "story");
    *out = true; // a film of files holds nothing of the archive
    return !story || kr_story_may(store, mem, story->value, view, out, err);
}

bool kr_film_file(struct kr_store *store, struct kr_arena *mem, const char *film, const char *kind,
                  struct kr_rendition *out, struct kr_err *err)
{
    struct kr_rendition *list;
    size_t n;
    if (!kr_renditions_of(store, mem, film, &list, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].kind, kind) == 0) {
            *out = list[i];
            return true;
        }
    return kr_fail(err, KR_E_NOT_FOUND, "no %s of film %.36s", kind, film);
}
