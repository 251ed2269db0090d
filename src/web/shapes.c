// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/shapes.h"

#include "archive/edtf.h"
#include "archive/heard.h"
#include "archive/marks.h"
#include "archive/may.h"
#include "archive/personshape.h"
#include "archive/shown.h"
#include "base/clock.h"
#include "store/albums.h"
#include <math.h>
#include <string.h>

static void tell_day(struct kr_buf *out, const char *name, int64_t days)
{
    char text[24];
    int year, month, day;
    kr_day_of(days, &year, &month, &day);
    kr_format(text, sizeof text, year < 0 ? "%05d-%02d-%02d" : "%04d-%02d-%02d", year, month, day);
    kr_tell_text(out, name, text);
}

static void tell_time(struct kr_buf *out, const char *name, int64_t ms)
{
    char text[KR_TIME_TEXT];
    kr_time_text(ms, text);
    kr_tell_text(out, name, text);
}

static void tell_date(struct kr_buf *out, struct kr_arena *mem, const struct kr_item *item,
                      enum kr_lang lang)
{
    bool known = *item->date_edtf != '\0';
    kr_tell_open(out, "date", '{');
    kr_tell_text(out, "edtf", item->date_edtf);
    if (known) {
        tell_day(out, "from", item->date_from);
        tell_day(out, "to", item->date_to);
    } else {
        kr_tell_text(out, "from", "");
        kr_tell_text(out, "to", "");
    }
    kr_tell_text(out, "text", kr_edtf_words(mem, lang, item->date_edtf));
    kr_tell_real(out, "certain", known ? item->date_certain : 0);
    kr_tell_text(out, "source", known ? item->date_source : "none");
    kr_tell_close(out, '}');
}

static void tell_brief_members(struct kr_buf *out, struct kr_arena *mem, const struct kr_item *item,
                               enum kr_lang lang)
{
    char thumb[80] = "";
    if (item->width > 0 && item->height > 0 && !*item->damaged)
        kr_format(thumb, sizeof thumb, "/api/v1/items/%s/thumb/", item->id);
    kr_tell_text(out, "id", item->id);
    kr_tell_text(out, "kind", item->kind);
    kr_tell_int(out, "width", item->width);
    kr_tell_int(out, "height", item->height);
    kr_tell_int(out, "duration_ms", item->duration_ms);
    tell_date(out, mem, item, lang);
    kr_tell_text(out, "caption", item->caption);
    kr_tell_text(out, "title", item->title);
    kr_tell_bool(out, "favourite", item->favourite);
    kr_tell_text(out, "damaged", item->damaged);
    kr_tell_text(out, "preview", item->preview);
    kr_tell_text(out, "thumb", thumb);
    kr_tell_int(out, "stack", item->stack_n > 0 ? item->stack_n : 1);
    kr_tell_int(out, "renditions", item->renditions);
}

void kr_shape_brief(struct kr_buf *out, const char *name, struct kr_arena *mem,
                    const struct kr_item *item, enum kr_lang lang)
{
    kr_tell_open(out, name, '{');
    tell_brief_members(out, mem, item, lang);
    kr_tell_close(out, '}');
}

// Films and their parts are no versions of an item.
static bool is_version(const struct kr_rendition *rendition)
{
    return strcmp(rendition->kind, "restore") == 0 || strcmp(rendition->kind, "kit") == 0 ||
           strcmp(rendition->kind, "proxy") == 0;
}

static void tell_briefs(struct kr_buf *out, const char *name, const struct kr_item *items, size_t n,
                        enum kr_lang lang)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    kr_tell_open(out, name, '[');
    for (size_t i = 0; i < n; i++)
        kr_shape_brief(out, NULL, mem, &items[i], lang);
    kr_tell_close(out, ']');
}

void kr_shape_leaf(struct kr_buf *out, const struct kr_item_list *list, enum kr_lang lang)
{
    kr_tell_open(out, NULL, '{');
    tell_briefs(out, "items", list->at, list->n, lang);
    kr_tell_text(out, "next", list->next);
    kr_tell_int(out, "total", list->total >= 0 ? list->total : (int64_t)list->n);
    kr_tell_close(out, '}');
}

static void tell_names(struct kr_buf *out, const char *names)
{
    kr_tell_open(out, "names", '[');
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    while (*names) {
        size_t n = strcspn(names, "\n");
        if (n > 0)
            kr_tell_text(out, NULL, kr_arena_copy(mem, names, n));
        names += n + (names[n] == '\n');
    }
    kr_tell_close(out, ']');
}

// A list that `extra` may hold; never anything else, whatever is in there.
static void tell_extra_list(struct kr_buf *out, const json_t *extra, const char *name)
{
    const json_t *list = kr_json_get(extra, name);
    if (json_is_array(list)) {
        kr_tell_json(out, name, list);
        return;
    }
    kr_tell_open(out, name, '[');
    kr_tell_close(out, ']');
}

static void tell_gps(struct kr_buf *out, const struct kr_item *item)
{
    if (isnan(item->lat) || isnan(item->lon)) {
        kr_tell_null(out, "gps");
        return;
    }
    kr_tell_open(out, "gps", '{');
    kr_tell_real(out, "lat", item->lat);
    kr_tell_real(out, "lon", item->lon);
    kr_tell_close(out, '}');
}

// What a date says, in the asker's language; of all others the value is what is read.
static void tell_in_words(struct kr_buf *out, struct kr_arena *mem, const struct kr_claim *claim,
                          enum kr_lang lang)
{
    const char *edtf = kr_json_str(claim->value, "edtf", "");
    struct kr_edtf date;
    if (strcmp(claim->predicate, "date") != 0 || !kr_edtf_parse(edtf, &date, NULL))
        return;
    kr_tell_text(out, "text", kr_edtf_words(mem, lang, edtf));
    tell_day(out, "from", date.from);
    tell_day(out, "to", date.to);
}

// A person's name where the archive knows it; the id, the name as it was given, or the source.
static void tell_who(struct kr_buf *out, struct kr_store *store, struct kr_arena *mem,
                     const char *who)
{
    struct kr_person person;
    struct kr_uuid id;
    bool known = kr_uuid_parse(who, &id) && kr_person_get(store, mem, who, &person, NULL);
    kr_tell_text(out, "who", who);
    kr_tell_text(out, "who_name", known ? person.shown : "");
}

static void tell_claims(struct kr_buf *out, struct kr_store *store, struct kr_arena *mem,
                        const struct kr_claim_list *claims, enum kr_lang lang)
{
    kr_tell_open(out, "claims", '[');
    for (size_t i = 0; i < claims->n; i++) {
        const struct kr_claim *claim = &claims->at[i];
        if (!kr_is_heard(claim))
            continue;
        KR_AUTO(kr_json_drop) json_t *value = kr_heard_new_value(store, claim);
        kr_tell_open(out, NULL, '{');
        kr_tell_text(out, "id", claim->id);
        kr_tell_text(out, "predicate", claim->predicate);
        kr_tell_json(out, "value", value);
        tell_who(out, store, mem, kr_heard_who(claim));
        kr_tell_real(out, "certain", claim->certain);
        tell_time(out, "at", claim->at_ms);
        kr_tell_bool(out, "retracted", claims->retracted[i]);
        tell_in_words(out, mem, claim, lang);
        kr_tell_bool(out, "counts", kr_shown_claim(claims, claim->predicate) == claim);
        kr_tell_close(out, '}');
    }
    kr_tell_close(out, ']');
}

static void tell_renditions(struct kr_buf *out, const struct kr_rendition *renditions, size_t n)
{
    kr_tell_open(out, "rendition_list", '[');
    for (size_t i = 0; i < n; i++) {
        const struct kr_rendition *r = &renditions[i];
        char file[80];
        if (!is_version(r))
            continue;
        kr_format(file, sizeof file, "/api/v1/renditions/%s/file", r->id);
        kr_tell_open(out, NULL, '{');
        kr_tell_text(out, "id", r->id);
        kr_tell_text(out, "kind", r->kind);
        kr_tell_text(out, "mime", r->mime);
        tell_time(out, "at", r->at_ms);
        kr_tell_json(out, "recipe", r->recipe);
        kr_tell_text(out, "file", file);
        kr_tell_close(out, '}');
    }
    kr_tell_close(out, ']');
}

// What is one picture seen by several eyes, the item itself left out.
static void tell_company(struct kr_buf *out, const char *name, struct kr_item_list *list,
                         const struct kr_item *item, enum kr_lang lang)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i].id, item->id) != 0)
            list->at[n++] = list->at[i];
    tell_briefs(out, name, list->at, n, lang);
}

static void tell_marks(struct kr_buf *out, struct kr_store *store, struct kr_arena *mem,
                       const json_t *extra, enum kr_lang lang)
{
    KR_AUTO(kr_json_drop) json_t *marks = kr_marks_new_list(store, mem, lang, extra);
    kr_tell_json(out, "marks", marks);
}

static void tell_facts(struct kr_buf *out, struct kr_store *store, struct kr_arena *mem,
                       const struct kr_item *item, const json_t *seen, enum kr_lang lang)
{
    KR_AUTO(kr_json_drop) json_t *extra = NULL;
    char hex[KR_SHA256_HEX], path[80];
    if (!kr_json_parse(kr_str_of(item->extra), SIZE_MAX, &extra, NULL))
        extra = kr_json_new_object();
    kr_blob_hex(&item->blob, hex);
    kr_tell_text(out, "mime", item->mime);
    kr_tell_int(out, "size", (int64_t)item->size);
    kr_tell_text(out, "sha256", hex);
    tell_time(out, "added", item->added_ms);
    tell_names(out, item->names);
    kr_tell_text(out, "camera", item->camera);
    tell_gps(out, item);
    kr_tell_text(out, "place", item->place);
    tell_extra_list(out, extra, "keywords");
    tell_extra_list(out, extra, "people");
    tell_extra_list(out, extra, "regions");
    tell_marks(out, store, mem, extra, lang);
    kr_format(path, sizeof path, "/api/v1/items/%s/original", item->id);
    kr_tell_text(out, "original", path);
    kr_format(path, sizeof path, "/api/v1/items/%s/play", item->id);
    kr_tell_text(out, "play", path);
    kr_tell_bool(out, "playable", !*item->damaged && kr_is_playable(item->mime, seen));
    kr_tell_bool(out, "trashed", item->trashed_ms > 0);
    kr_tell_bool(out, "hidden", item->hidden);
}

bool kr_shape_item(struct kr_buf *out, struct kr_store *store, struct kr_arena *mem,
                   const struct kr_item *item, enum kr_lang lang, struct kr_err *err)
{
    struct kr_claim_list claims;
    struct kr_item_list stack = {0}, near = {0};
    struct kr_rendition *renditions;
    size_t n = 0;
    char previous[KR_UUID_TEXT], next[KR_UUID_TEXT];
    KR_AUTO(kr_json_drop) json_t *persons = NULL;
    struct kr_album *albums;
    size_t album_count;
    if (!kr_persons_in(store, mem, lang, item, &persons, err) ||
        !kr_albums_all(store, mem, item->id, &albums, &album_count, err) ||
        !kr_claims_of(store, mem, item->id, &claims, err) ||
        (*item->stack && !kr_items_of_stack(store, mem, item->stack, &stack, err)) ||
        (*item->near && !kr_items_near(store, mem, item->near, &near, err)) ||
        !kr_items_may(store, mem, &KR_VIEW_HOME, &stack, err) ||
        !kr_items_may(store, mem, &KR_VIEW_HOME, &near, err) ||
        !kr_renditions_of(store, mem, item->id, &renditions, &n, err) ||
        !kr_item_neighbours(store, item, previous, next, err))
        return false;
    kr_tell_open(out, NULL, '{');
    tell_brief_members(out, mem, item, lang);
    tell_facts(out, store, mem, item, kr_seen_of(&claims), lang);
    tell_claims(out, store, mem, &claims, lang);
    tell_company(out, "stack_items", &stack, item, lang);
    tell_company(out, "near", &near, item, lang);
    tell_renditions(out, renditions, n);
    kr_tell_text(out, "previous", previous);
    kr_tell_text(out, "next", next);
    kr_tell_json(out, "persons", persons);
    kr_tell_open(out, "albums", '[');
    for (size_t i = 0; i < album_count; i++) {
        kr_tell_open(out, NULL, '{');
        kr_tell_text(out, "id", albums[i].id);
        kr_tell_text(out, "title", albums[i].title);
        kr_tell_close(out, '}');
    }
    kr_tell_close(out, ']');
    kr_tell_close(out, '}');
    return true;
}

void kr_shape_film(struct kr_buf *out, const char *name, const struct kr_rendition *film)
{
    const json_t *chapters = kr_json_get(film->recipe, "chapters");
    char path[96];
    kr_tell_open(out, name, '{');
    kr_tell_text(out, "id", film->subject);
    kr_tell_text(out, "title", kr_json_str(film->recipe, "title", ""));
    kr_tell_text(out, "lang", kr_json_str(film->recipe, "lang", ""));
    kr_tell_int(out, "duration_ms", kr_json_int(film->recipe, "duration_ms", 0));
    tell_time(out, "at", film->at_ms);
    kr_format(path, sizeof path, "/api/v1/films/%s/poster", film->subject);
    kr_tell_text(out, "poster", path);
    kr_format(path, sizeof path, "/api/v1/films/%s/file", film->subject);
    kr_tell_text(out, "file", path);
    kr_format(path, sizeof path, "/api/v1/films/%s/captions.vtt", film->subject);
    kr_tell_text(out, "captions", path);
    kr_tell_open(out, "chapters", '[');
    for (size_t i = 0; i < json_array_size(chapters); i++) {
        const json_t *chapter = json_array_get(chapters, i);
        kr_tell_open(out, NULL, '{');
        kr_tell_int(out, "start_ms", kr_json_int(chapter, "start_ms", 0));
        kr_tell_text(out, "title", kr_json_str(chapter, "title", ""));
        kr_tell_close(out, '}');
    }
    kr_tell_close(out, ']');
    kr_tell_close(out, '}');
}

void kr_shape_job(struct kr_buf *out, const char *name, const struct kr_job *job)
{
    kr_tell_open(out, name, '{');
    kr_tell_text(out, "id", job->id);
    kr_tell_text(out, "kind", job->kind);
    kr_tell_text(out, "state", job->state);
    kr_tell_real(out, "progress", job->progress);
    kr_tell_text(out, "error", job->error);
    kr_tell_json(out, "result", job->result);
    kr_tell_text(out, "item", job->item);
    kr_tell_close(out, '}');
}
