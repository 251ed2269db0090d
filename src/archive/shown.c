// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/shown.h"

#include "archive/consent.h"
#include "archive/edtf.h"
#include "archive/heard.h"
#include "archive/marks_priv.h"
#include "archive/pictured_priv.h"
#include "archive/reading.h"
#include "archive/searchtext.h"
#include "base/clock.h"
#include "store/albums.h"
#include "store/asks.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 100 };

static bool is_person(const char *who)
{
    return !kr_is_source(who);
}

// Of two equally sure words of files: a side-car's first (somebody wrote it), its later one
// before its earlier; of all others the order of their texts decides and not that of their
// coming, which is chance where threads take them: the earlier of two days in two names.
static bool breaks_tie(const struct kr_claim *a, const struct kr_claim *b)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    bool beside_a = strcmp(a->who, "sidecar") == 0, beside_b = strcmp(b->who, "sidecar") == 0;
    if (beside_a != beside_b)
        return beside_a;
    int order = beside_a ? 0 : strcmp(a->who, b->who);
    if (!order && !beside_a)
        order = strcmp(kr_json_canonical(mem, a->value), kr_json_canonical(mem, b->value));
    return order ? order < 0 : a->seq > b->seq;
}

// Whether `a` comes before `b`.
static bool beats(const struct kr_claim *a, const struct kr_claim *b)
{
    if (!b)
        return true;
    bool person_a = is_person(a->who), person_b = is_person(b->who);
    if (person_a != person_b)
        return person_a;
    if (person_a)
        return a->seq > b->seq; // the last word counts, however sure the first was
    if (a->certain != b->certain)
        return a->certain > b->certain;
    return breaks_tie(a, b);
}

static bool counts(const struct kr_claim_list *claims, size_t i, const char *predicate)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, predicate) == 0 &&
           kr_is_heard(&claims->at[i]);
}

static const struct kr_claim *best(const struct kr_claim_list *claims, const char *predicate)
{
    const struct kr_claim *found = NULL;
    for (size_t i = 0; i < claims->n; i++)
        if (counts(claims, i, predicate) && beats(&claims->at[i], found))
            found = &claims->at[i];
    return found;
}

const struct kr_claim *kr_shown_claim(const struct kr_claim_list *claims, const char *predicate)
{
    return best(claims, predicate);
}

static const char *best_text(const struct kr_claim_list *claims, const char *predicate)
{
    const struct kr_claim *claim = best(claims, predicate);
    return claim && json_is_string(claim->value) ? json_string_value(claim->value) : "";
}

// "2019-03-21T11:04:22.5" as if it were UTC; 0 when it is no such time.
static int64_t wall_of(const char *wall)
{
    char text[KR_TIME_TEXT];
    int64_t ms = 0;
    if (strlen(wall) < 19)
        return 0;
    kr_format(text, sizeof text, "%.19sZ", wall);
    return kr_time_parse(text, &ms) ? ms : 0;
}

// A time that a person states stands in the date itself.
static int64_t wall_in_date(const struct kr_claim *claim, const struct kr_edtf *date)
{
    int64_t wall_ms = wall_of(kr_json_str(claim->value, "wall", ""));
    if (!wall_ms && date->precision == KR_EDTF_TIME && date->second >= 0)
        wall_ms = date->from * 86400000 + (int64_t)date->second * 1000;
    return wall_ms;
}

static void show_date(const struct kr_claim_list *claims, struct kr_arena *mem,
                      struct kr_item *item)
{
    item->date_edtf = "";
    item->date_source = "none";
    item->section = "none";
    item->wall_ms = 0;
    const struct kr_claim *claim = best(claims, "date");
    struct kr_edtf date;
    const char *edtf = claim ? kr_json_str(claim->value, "edtf", "") : "";
    if (!*edtf || !kr_edtf_parse(edtf, &date, NULL))
        return;
    char section[KR_EDTF_SECTION];
    kr_edtf_section(&date, section);
    item->section = kr_arena_strdup(mem, section);
    item->date_edtf = kr_arena_strdup(mem, date.text);
    item->date_from = date.from;
    item->date_to = date.to;
    item->date_source = is_person(claim->who) ? "person" : kr_arena_strdup(mem, claim->who);
    item->date_certain = claim->certain;
    item->wall_ms = wall_in_date(claim, &date);
}

// A degree from outside; NAN where it cannot be one.
static double degree(const json_t *gps, const char *name, double most)
{
    double value = kr_json_real(gps, name, NAN);
    return value >= -most && value <= most ? value : NAN;
}

static void show_place(const struct kr_claim_list *claims, struct kr_item *item)
{
    item->lat = item->lon = NAN;
    item->place = best_text(claims, "place");
    const struct kr_claim *gps = best(claims, "gps");
    if (gps) {
        item->lat = degree(gps->value, "lat", 90);
        item->lon = degree(gps->value, "lon", 180);
    }
}

static int64_t number(const json_t *sight, const char *name, int64_t most)
{
    int64_t value = kr_json_int(sight, name, 0);
    return value < 0 ? 0 : value > most ? most : value;
}

static void show_file(const struct kr_claim_list *claims, struct kr_item *item)
{
    const struct kr_claim *kept = best(claims, "kept"), *seen = best(claims, "seen");
    const json_t *file = kept ? kept->value : NULL, *sight = seen ? seen->value : NULL;
    uint8_t phash[8] = {0};
    if (!kr_blob_of_hex(kr_json_str(file, "sha256", ""), &item->blob))
        item->blob = (struct kr_blob_id){0};
    item->size = (uint64_t)kr_json_int(file, "size", 0);
    item->added_ms = kept ? kept->at_ms : 0;
    item->kind = kr_json_str(sight, "kind", kr_json_str(file, "kind", "photo"));
    item->mime = kr_json_str(sight, "mime", kr_json_str(file, "mime", "application/octet-stream"));
    item->damaged = kr_json_str(sight, "damaged", "");
    item->width = (int)number(sight, "width", 1000000);
    item->height = (int)number(sight, "height", 1000000);
    item->preview = kr_json_str(sight, "preview", "");
    item->duration_ms = number(sight, "duration_ms", INT64_C(1) << 40);
    if (kr_unhex(kr_json_str(sight, "phash", ""), phash, sizeof phash))
        for (size_t i = 0; i < sizeof phash; i++)
            item->phash = item->phash << 8 | phash[i];
}

// The last part of a place and the folder above it, as a person reads them.
static void parts_of(struct kr_arena *mem, const char *path, const char **name, const char **folder)
{
    char *whole = kr_arena_strdup(mem, kr_text_in(mem, kr_path_unescape(mem, path)));
    for (char *c = whole; *c; c++)
        *c = *c == '\n' || *c == '\t' ? ' ' : *c;
    char *slash = strrchr(whole, '/');
    *name = slash ? slash + 1 : whole;
    *folder = "";
    if (!slash)
        return;
    *slash = '\0';
    char *above = strrchr(whole, '/');
    *folder = above ? above + 1 : whole;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool has_line(const struct kr_buf *lines, const char *line)
{
    size_t n = strlen(line);
    for (const char *at = lines->at; at && *at;) {
        size_t length = strcspn(at, "\n");
        if (length == n && memcmp(at, line, n) == 0)
            return true;
        at += length + (at[length] == '\n');
    }
    return false;
}

// Each name once, whatever order the places came in; NAMES_MOST of them, for a file that
// lies in a thousand folders.
static void join_names(const struct kr_claim_list *claims, struct kr_arena *mem,
                       struct kr_item *item, const char **folders)
{
    KR_AUTO(kr_buf_finish) struct kr_buf names = {0}, above = {0};
    const char **paths = kr_arena_array(mem, const char *, claims->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++)
        if (counts(claims, i, "found"))
            paths[n++] = kr_json_str(claims->at[i].value, "path", "");
    qsort(paths, n, sizeof *paths, by_text);
    for (size_t i = 0; i < n && i < NAMES_MOST; i++) {
        const char *name, *folder;
        parts_of(mem, paths[i], &name, &folder);
        if (!has_line(&names, name))
            kr_buf_format(&names, "%s%s", names.n ? "\n" : "", name);
        if (!has_line(&above, folder))
            kr_buf_format(&above, "%s\n", folder);
    }
    item->names = kr_arena_copy(mem, names.at, names.n);
    *folders = kr_arena_copy(mem, above.at, above.n);
}

// The values of a predicate that stand, each once, as an array.
static json_t *new_list(const struct kr_claim_list *claims, const char *predicate)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < claims->n; i++) {
        if (!counts(claims, i, predicate))
            continue;
        bool there = false;
        for (size_t k = 0; k < json_array_size(list) && !there; k++)
            there = json_equal(json_array_get(list, k), claims->at[i].value);
        if (!there)
            kr_json_append_take(list, json_deep_copy(claims->at[i].value));
    }
    return list;
}

static void set_best(json_t *extra, const struct kr_claim_list *claims, const char *predicate)
{
    const struct kr_claim *claim = best(claims, predicate);
    if (claim)
        kr_json_set_take(extra, predicate, json_deep_copy(claim->value));
}

static json_t *new_extra(const struct kr_claim_list *claims)
{
    static const char *const lists[][2] = {
        {"keyword", "keywords"}, {"person", "people"}, {"region", "regions"}};
    static const char *const singles[] = {"burst_id", "burst_pick", "content_id", "motion",
                                          "raw",      "rating",     "saved",      "scanned"};
    json_t *extra = kr_json_new_object();
    for (size_t i = 0; i < KR_COUNT(lists); i++) {
        json_t *list = new_list(claims, lists[i][0]);
        if (json_array_size(list))
            kr_json_set_take(extra, lists[i][1], list);
        else
            kr_json_drop(&list);
    }
    for (size_t i = 0; i < KR_COUNT(singles); i++)
        set_best(extra, claims, singles[i]);
    return extra;
}

static const char *joined(struct kr_arena *mem, const json_t *extra, const char *list,
                          const char *member)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    const json_t *values = kr_json_get(extra, list);
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);
        const char *text = member                  ? kr_json_str(value, member, "")
                           : json_is_string(value) ? json_string_value(value)
                                                   : "";
        kr_buf_format(&buf, "%s\n", text);
    }
    return kr_arena_copy(mem, buf.at, buf.n);
}

static const char *text_to_find(struct kr_arena *mem, const struct kr_item *item,
                                const json_t *extra, const char *persons, const char *things,
                                const char *asked, const char *folders)
{
    const struct kr_search_field fields[] = {
        {item->title, "", true},
        {item->caption, "", true},
        {item->place, KR_TOKEN_PLACE, true},
        {joined(mem, extra, "keywords", NULL), "", true},
        {joined(mem, extra, "people", NULL), KR_TOKEN_PERSON, true},
        {joined(mem, extra, "regions", "name"), KR_TOKEN_PERSON, true},
        {persons, KR_TOKEN_PERSON, true},
        {things, "", true},
        {asked, "", true},
        {item->names, "", false},
        {folders, "", false},
        {item->camera, "", false},
    };
    return kr_search_text(mem, fields, KR_COUNT(fields));
}

// When the file itself says it was shot, whatever a person said since: what stacks go by.
static void set_file_wall(json_t *extra, const struct kr_claim_list *claims)
{
    const struct kr_claim *found = NULL;
    for (size_t i = 0; i < claims->n; i++)
        if (counts(claims, i, "date") && !is_person(claims->at[i].who) &&
            beats(&claims->at[i], found))
            found = &claims->at[i];
    int64_t wall_ms = found ? wall_of(kr_json_str(found->value, "wall", "")) : 0;
    if (wall_ms)
        kr_json_set_int(extra, "wall_ms", wall_ms);
}

static bool is_true(const struct kr_claim *claim)
{
    return claim && json_is_true(claim->value);
}

// Stack and group follow from the whole set: they stay until groups are found anew.
static bool keep_groups(struct kr_store *store, struct kr_arena *mem, struct kr_item *item,
                        struct kr_err *err)
{
    struct kr_item before;
    struct kr_err none = {0};
    item->stack = item->near = "";
    item->stack_n = 1;
    if (!kr_item_get(store, mem, item->id, &before, &none))
        return none.code == KR_E_NOT_FOUND || kr_fail(err, none.code, "%s", none.text);
    item->stack = before.stack;
    item->stack_n = before.stack_n;
    item->near = before.near;
    return true;
}

// In which albums it is, each with the claim that put it there first.
static bool put_seats(struct kr_store *store, struct kr_arena *mem, const char *id,
                      const struct kr_claim_list *claims, struct kr_err *err)
{
    struct kr_album_seat *seats = kr_arena_array(mem, struct kr_album_seat, claims->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++) {
        if (!counts(claims, i, "album"))
            continue;
        seats[n].seq = claims->at[i].seq;
        kr_format(seats[n].album, sizeof seats[n].album, "%.36s",
                  kr_json_str(claims->at[i].value, "album", ""));
        n++;
    }
    return kr_album_seats_put(store, id, seats, n, err);
}

bool kr_shown_refresh(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    struct kr_item item = {0};
    const char *folders, *persons, *things, *asked;
    if (!kr_claims_of(store, mem, id, &claims, err))
        return false;
    if (!best(&claims, "kept"))
        return kr_fail(err, KR_E_NOT_FOUND, "no item %.36s", id);
    kr_format(item.id, sizeof item.id, "%.36s", id);
    show_file(&claims, &item);
    show_date(&claims, mem, &item);
    show_place(&claims, &item);
    item.title = best_text(&claims, "title");
    item.caption = best_text(&claims, "caption");
    item.camera = best_text(&claims, "camera");
    join_names(&claims, mem, &item, &folders);
    item.favourite = is_true(best(&claims, "favourite"));
    item.hidden = is_true(best(&claims, "hidden"));
    const struct kr_claim *trashed = best(&claims, "trashed");
    item.trashed_ms = is_true(trashed) ? trashed->at_ms : 0;
    KR_AUTO(kr_json_drop) json_t *extra = new_extra(&claims);
    set_file_wall(extra, &claims);
    if (!kr_pictured_show(store, mem, &item, &claims, extra, &persons, err) ||
        !kr_marks_show(store, mem, &item, &claims, extra, &things, err) ||
        !kr_ask_words(store, mem, id, &asked, err))
        return false;
    item.extra = kr_json_canonical(mem, extra);
    return keep_groups(store, mem, &item, err) && put_seats(store, mem, id, &claims, err) &&
           kr_release_refresh(store, id, &claims, err) &&
           kr_item_put(store, &item,
                       text_to_find(mem, &item, extra, persons, things, asked, folders), err);
}

bool kr_shown_refresh_if_there(struct kr_store *store, const char *item, struct kr_err *err)
{
    struct kr_err why = {0};
    return kr_shown_refresh(store, item, &why) || why.code == KR_E_NOT_FOUND ||
           kr_fail(err, why.code, "%s", why.text);
}
