// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/shown.h"

#include "archive/edtf.h"
#include "archive/searchtext.h"
#include "base/clock.h"
#include <math.h>
#include <string.h>

// Sources are words of ours in lower case; everybody else is a person.
static bool is_person(const char *who)
{
    struct kr_uuid id;
    return strcmp(who, "owner") == 0 || kr_uuid_parse(who, &id);
}

// Whether `a` comes before `b`: a person's word, then the surer, then the later.
static bool beats(const struct kr_claim *a, const struct kr_claim *b)
{
    if (!b)
        return true;
    bool person_a = is_person(a->who), person_b = is_person(b->who);
    if (person_a != person_b)
        return person_a;
    if (person_a)
        return a->seq > b->seq; // one's last word counts, however sure the first was
    if (a->certain != b->certain)
        return a->certain > b->certain;
    return a->seq > b->seq;
}

static bool counts(const struct kr_claim_list *claims, size_t i, const char *predicate)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, predicate) == 0;
}

static const struct kr_claim *best(const struct kr_claim_list *claims, const char *predicate)
{
    const struct kr_claim *found = NULL;
    for (size_t i = 0; i < claims->n; i++)
        if (counts(claims, i, predicate) && beats(&claims->at[i], found))
            found = &claims->at[i];
    return found;
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
    item->wall_ms = wall_of(kr_json_str(claim->value, "wall", ""));
}

static void show_place(const struct kr_claim_list *claims, struct kr_item *item)
{
    item->lat = item->lon = NAN;
    item->place = best_text(claims, "place");
    const struct kr_claim *gps = best(claims, "gps");
    if (gps) {
        item->lat = kr_json_real(gps->value, "lat", NAN);
        item->lon = kr_json_real(gps->value, "lon", NAN);
    }
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
    item->width = (int)kr_json_int(sight, "width", 0);
    item->height = (int)kr_json_int(sight, "height", 0);
    item->duration_ms = kr_json_int(sight, "duration_ms", 0);
    item->preview = kr_json_str(sight, "preview", "");
    if (kr_unhex(kr_json_str(sight, "phash", ""), phash, sizeof phash))
        for (size_t i = 0; i < sizeof phash; i++)
            item->phash = item->phash << 8 | phash[i];
}

static void join_names(const struct kr_claim_list *claims, struct kr_arena *mem,
                       struct kr_item *item, const char **folders)
{
    KR_AUTO(kr_buf_finish) struct kr_buf names = {0}, above = {0};
    for (size_t i = 0; i < claims->n; i++) {
        if (!counts(claims, i, "found"))
            continue;
        const char *path = kr_json_str(claims->at[i].value, "path", "");
        const char *slash = strrchr(path, '/');
        kr_buf_format(&names, "%s%s", names.n ? "\n" : "", slash ? slash + 1 : path);
        if (!slash)
            continue;
        const char *start = slash;
        while (start > path && start[-1] != '/')
            start--;
        kr_buf_format(&above, "%.*s\n", (int)(slash - start), start);
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
                                const json_t *extra, const char *folders)
{
    const struct kr_search_field fields[] = {
        {item->title, "", true},
        {item->caption, "", true},
        {item->place, KR_TOKEN_PLACE, true},
        {joined(mem, extra, "keywords", NULL), "", true},
        {joined(mem, extra, "people", NULL), KR_TOKEN_PERSON, true},
        {joined(mem, extra, "regions", "name"), KR_TOKEN_PERSON, true},
        {item->names, "", false},
        {folders, "", false},
        {item->camera, "", false},
    };
    return kr_search_text(mem, fields, KR_COUNT(fields));
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

bool kr_shown_refresh(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    struct kr_item item = {0};
    const char *folders;
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
    const struct kr_claim *trashed = best(&claims, "trashed");
    item.trashed_ms = is_true(trashed) ? trashed->at_ms : 0;
    KR_AUTO(kr_json_drop) json_t *extra = new_extra(&claims);
    item.extra = kr_json_canonical(mem, extra);
    return keep_groups(store, mem, &item, err) &&
           kr_item_put(store, &item, text_to_find(mem, &item, extra, folders), err);
}
