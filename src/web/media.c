// SPDX-License-Identifier: AGPL-3.0-or-later
// Bytes: thumbnails, originals, renditions. The kernel sends them; nothing is decoded here.
#include "web/media.h"
#include "archive/treat.h"
#include "base/uuid.h"
#include "story/make.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <string.h>
#include <sys/stat.h>

// Thumbnails of an item never change, but who is in it may let it rest: asked again after a while.
static const char a_while[] = "private, max-age=300";

static bool size_of(const char *text, enum kr_thumb *out)
{
    int64_t px;
    for (size_t i = 0; i < KR_THUMB_COUNT; i++)
        if (kr_parse_int(text, 1, 4096, &px) && px == kr_thumb_px[i]) {
            *out = (enum kr_thumb)i;
            return true;
        }
    return false;
}

// Makes them unless somebody else just did.
static bool make_thumbs_once(struct kr_desk *desk, struct kr_store *store,
                             const struct kr_item *item, enum kr_thumb size, int *fd,
                             uint64_t *length, struct kr_err *err)
{
    kr_house_make(desk->house, &item->blob);
    bool made = kr_cache_thumb(store, &item->blob, size, fd, length, NULL) ||
                (kr_treat_thumbs(store, desk->house->wall, item->id, err) &&
                 kr_cache_thumb(store, &item->blob, size, fd, length, err));
    kr_house_made(desk->house, &item->blob);
    return made;
}

bool kr_web_send_thumb(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const struct kr_item *item, const char *px, struct kr_err *err)
{
    enum kr_thumb size;
    uint64_t length;
    char hex[KR_SHA256_HEX];
    int fd;
    if (!size_of(px, &size))
        return kr_fail(err, KR_E_NOT_FOUND, "no thumbnails of that size");
    if (*item->damaged || item->width <= 0)
        return kr_fail(err, KR_E_NOT_FOUND, "an item without a picture");
    if (!kr_cache_thumb(store, &item->blob, size, &fd, &length, NULL)) {
        if (!request->patient) {
            answer->later = true;
            return true;
        }
        if (!make_thumbs_once(request->desk, store, item, size, &fd, &length, err))
            return false;
    }
    kr_blob_hex(&item->blob, hex);
    kr_answer_header(answer, "Cache-Control", a_while);
    return kr_answer_file_take(
        request, answer, fd, length, "image/jpeg",
        kr_arena_format(request->mem, "\"%.32s-%d\"", hex, kr_thumb_px[size]));
}

KR_HANDLER(thumb)
{
    struct kr_store *store;
    struct kr_item item;
    return kr_desk_read(request->desk, &store, err) && kr_web_item_of(request, store, &item, err) &&
           kr_web_send_thumb(request, answer, store, &item, request->params[1], err);
}

// RFC 6266 with RFC 8187: inline where a page may show it, under the name it came with.
static const char *disposition(struct kr_arena *mem, const char *mime, const char *name)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_buf_text(&out, kr_is_shown_inline(mime) ? "inline" : "attachment");
    if (*name)
        kr_buf_text(&out, "; filename*=UTF-8''");
    for (const char *c = name; *c && *c != '\n'; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= 'A' && *c <= 'Z') || *c == '.' || *c == '-' || *c == '_';
        kr_buf_format(&out, plain ? "%c" : "%%%02X", (unsigned char)*c);
    }
    return kr_arena_copy(mem, out.at, out.n);
}

static bool answer_original(struct kr_request *request, struct kr_answer *answer,
                            struct kr_store *store, const struct kr_item *item, struct kr_err *err)
{
    char hex[KR_SHA256_HEX];
    int fd;
    const char *mime = *item->mime ? item->mime : "application/octet-stream";
    if (!kr_blobs_read(store->blobs, &item->blob, &fd, err))
        return false;
    kr_blob_hex(&item->blob, hex);
    kr_answer_header(answer, "Content-Disposition", disposition(request->mem, mime, item->names));
    return kr_answer_file_take(request, answer, fd, item->size, mime,
                               kr_arena_format(request->mem, "\"%s\"", hex));
}

KR_HANDLER(original)
{
    struct kr_store *store;
    struct kr_item item;
    return kr_desk_read(request->desk, &store, err) && kr_web_item_of(request, store, &item, err) &&
           answer_original(request, answer, store, &item, err);
}

bool kr_web_rendition(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      const struct kr_rendition *rendition, struct kr_err *err)
{
    struct stat st;
    int fd;
    if (!kr_rendition_open(store, rendition, &fd, err))
        return false;
    uint64_t size = fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
    kr_answer_header(answer, "Content-Disposition", disposition(request->mem, rendition->mime, ""));
    return kr_answer_file_take(request, answer, fd, size, rendition->mime,
                               kr_arena_format(request->mem, "\"%s\"", rendition->id));
}

// The newest rendition of one kind of a subject; KR_E_NOT_FOUND.
static bool newest_of_kind(struct kr_store *store, struct kr_arena *mem, const char *subject,
                           const char *kind, struct kr_rendition *out, struct kr_err *err)
{
    struct kr_rendition *all;
    size_t n;
    if (!kr_renditions_of(store, mem, subject, &all, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].kind, kind) == 0) {
            *out = all[i];
            return true;
        }
    return kr_fail(err, KR_E_NOT_FOUND, "nothing of the kind %s has been made", kind);
}

bool kr_web_send_play(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      const struct kr_item *item, struct kr_err *err)
{
    struct kr_claim_list claims;
    struct kr_rendition proxy;
    if (!kr_claims_of(store, request->mem, item->id, &claims, err))
        return false;
    if (!*item->damaged && kr_is_playable(item->mime, kr_seen_of(&claims)))
        return answer_original(request, answer, store, item, err);
    return newest_of_kind(store, request->mem, item->id, "proxy", &proxy, err) &&
           kr_web_rendition(request, answer, store, &proxy, err);
}

KR_HANDLER(play)
{
    struct kr_store *store;
    struct kr_item item;
    return kr_desk_read(request->desk, &store, err) && kr_web_item_of(request, store, &item, err) &&
           kr_web_send_play(request, answer, store, &item, err);
}

// A rendition is shown where what it was made of is: an item, or the story of a film.
static bool may_show(struct kr_store *store, struct kr_arena *mem, const char *subject,
                     struct kr_err *err)
{
    struct kr_item item;
    bool may;
    if (kr_item_get(store, mem, subject, &item, NULL))
        return kr_item_may_get(store, mem, subject, &KR_VIEW_HOME, &item, err);
    return kr_film_may(store, mem, subject, &KR_VIEW_HOME, &may, err) &&
           (may || kr_fail(err, KR_E_NOT_FOUND, "no film %.36s", subject));
}

KR_HANDLER(rendition_file)
{
    struct kr_store *store;
    struct kr_rendition rendition;
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_desk_read(request->desk, &store, err) &&
           kr_rendition_get(store, request->mem, request->params[0], &rendition, err) &&
           may_show(store, request->mem, rendition.subject, err) &&
           kr_web_rendition(request, answer, store, &rendition, err);
}
