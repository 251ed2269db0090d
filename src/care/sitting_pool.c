// SPDX-License-Identifier: AGPL-3.0-or-later
// What could be laid before somebody: drawn from the archive, and along a thread.
#include "care/sitting_priv.h"

#include "archive/cared.h"
#include "archive/marks.h"
#include "archive/search.h"
#include "store/cache.h"
#include <string.h>

enum { DRAWN = 40, THREAD = 60, LIT_MOST = 24, YEARS_WIDE = 40 * 366 };

uint64_t kr_lot(uint64_t seed, int64_t step, const char *text)
{
    uint64_t hash = (seed ^ UINT64_C(14695981039346656037)) + (uint64_t)step * 0x9E3779B97F4A7C15u;
    for (const char *at = text; *at; at++) // FNV-1a (Fowler, Noll, Vo 1991)
        hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
    hash ^= hash >> 31; // its low bits alone are poor dice: Stafford's finish of 2011
    hash *= UINT64_C(0x7FB5D329728EA185);
    return hash ^ (hash >> 27);
}

static struct kr_candidate *find(const struct kr_pool *pool, const char *thing)
{
    for (size_t i = 0; i < pool->n; i++)
        if (strcmp(pool->at[i].thing, thing) == 0)
            return &pool->at[i];
    return NULL;
}

static struct kr_candidate *add(struct kr_arena *mem, struct kr_pool *pool, const char *thing)
{
    if (pool->n == pool->room) {
        struct kr_candidate *larger = kr_arena_array(mem, struct kr_candidate, pool->room * 2 + 64);
        if (pool->n)
            memcpy(larger, pool->at, pool->n * sizeof *larger);
        pool->at = larger;
        pool->room = pool->room * 2 + 64;
    }
    struct kr_candidate *one = &pool->at[pool->n++];
    *one = (struct kr_candidate){.thing = thing, .place = "", .from = 1};
    return one;
}

static bool add_item(struct kr_store *store, struct kr_arena *mem, struct kr_pool *pool,
                     const struct kr_item *item, struct kr_candidate **out, struct kr_err *err)
{
    const char *thing = kr_arena_format(mem, "item:%s", item->id);
    *out = find(pool, thing);
    if (*out || *item->damaged || item->trashed_ms)
        return true;
    struct kr_candidate *one = add(mem, pool, thing);
    one->item = kr_arena_new(mem, struct kr_item);
    *one->item = *item;
    one->medium = item->kind;
    one->place = item->place;
    if (*item->date_edtf) {
        one->from = item->date_from;
        one->to = item->date_to;
    }
    *out = one;
    return kr_pictured_of(store, mem, item->id, &one->persons, &one->person_count, err);
}

static bool add_items(struct kr_store *store, struct kr_arena *mem, struct kr_pool *pool,
                      const struct kr_item_list *list, struct kr_err *err)
{
    struct kr_candidate *added;
    for (size_t i = 0; i < list->n; i++)
        if (!add_item(store, mem, pool, &list->at[i], &added, err))
            return false;
    return true;
}

static struct kr_candidate *add_card(struct kr_arena *mem, struct kr_pool *pool,
                                     const struct kr_era_card *card)
{
    const char *thing = kr_arena_format(mem, "card:%s", card->id);
    struct kr_candidate *one = find(pool, thing);
    if (one)
        return one;
    one = add(mem, pool, thing);
    one->card = card;
    one->medium = "card";
    one->from = card->date.from;
    one->to = card->date.to;
    return one;
}

static struct kr_candidate *add_film(struct kr_arena *mem, struct kr_pool *pool,
                                     const struct kr_rendition *film)
{
    const char *thing = kr_arena_format(mem, "film:%s", film->subject);
    struct kr_candidate *one = find(pool, thing);
    if (one)
        return one;
    one = add(mem, pool, thing);
    one->film = kr_arena_strdup(mem, film->subject);
    one->film_title = kr_json_str(film->recipe, "title", "");
    one->medium = "film";
    return one;
}

static struct kr_candidate *add_theme(struct kr_arena *mem, struct kr_pool *pool,
                                      const struct kr_starter_theme *theme)
{
    const char *thing = kr_arena_format(mem, "theme:%s", theme->name);
    struct kr_candidate *one = find(pool, thing);
    if (one)
        return one;
    one = add(mem, pool, thing);
    one->theme = theme;
    one->medium = "words";
    return one;
}

static bool film_of(struct kr_store *store, struct kr_arena *mem, struct kr_pool *pool,
                    const char *id, struct kr_candidate **out, struct kr_err *err)
{
    struct kr_rendition *files;
    size_t n;
    if (!kr_renditions_of(store, mem, id, &files, &n, err))
        return false;
    for (size_t i = 0; i < n && !*out; i++)
        if (strcmp(files[i].kind, "film") == 0)
            *out = add_film(mem, pool, &files[i]);
    return true;
}

bool kr_pool_one(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                 struct kr_pool *pool, const char *thing, struct kr_candidate **out,
                 struct kr_err *err)
{
    const char *id = strchr(thing, ':');
    const struct kr_era_card *card;
    struct kr_item item;
    *out = find(pool, thing);
    if (*out || !id++)
        return true;
    if (kr_starts_with(thing, "item:"))
        return !kr_item_get(store, mem, id, &item, NULL) ||
               add_item(store, mem, pool, &item, out, err);
    if (kr_starts_with(thing, "film:"))
        return film_of(store, mem, pool, id, out, err);
    if (kr_starts_with(thing, "card:") && kr_era_card(era, id, &card, NULL) && card->care)
        *out = add_card(mem, pool, card);
    for (size_t i = 0; kr_starts_with(thing, "theme:") && i < kr_starter_themes_count; i++)
        if (strcmp(kr_starter_themes[i].name, id) == 0)
            *out = add_theme(mem, pool, &kr_starter_themes[i]);
    return true;
}

bool kr_shares_person(const struct kr_candidate *a, const struct kr_candidate *b)
{
    for (size_t i = 0; i < a->person_count; i++)
        for (size_t k = 0; k < b->person_count; k++)
            if (strcmp(a->persons[i], b->persons[k]) == 0)
                return true;
    return false;
}

bool kr_shares_place(const struct kr_candidate *a, const struct kr_candidate *b)
{
    return *a->place && strcmp(a->place, b->place) == 0;
}

// What spans half a life shares its years with everything, and so with nothing.
static bool is_dated(const struct kr_candidate *one)
{
    return one->from <= one->to && one->to - one->from <= YEARS_WIDE;
}

bool kr_shares_years(const struct kr_candidate *a, const struct kr_candidate *b)
{
    enum { NEAR = 5 * 366 };
    return is_dated(a) && is_dated(b) && a->from <= b->to + NEAR && b->from <= a->to + NEAR;
}

// Pictures in which the same thing is marked: all our bicycles.
static bool add_marked(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                       struct kr_pool *pool, const struct kr_era_card *after, struct kr_err *err)
{
    const struct kr_era_card *card;
    struct kr_mark *marks;
    size_t n;
    if (!kr_marks_of(store, mem, era, "", after->id, &marks, &n, &card, err))
        return false;
    for (size_t i = 0; i < n && i < THREAD; i++) {
        struct kr_candidate *one = NULL;
        const char *thing = kr_arena_format(mem, "item:%s", marks[i].item);
        if (!kr_pool_one(store, mem, era, pool, thing, &one, err))
            return false;
        if (one)
            one->same_thing = true;
    }
    return true;
}

static bool add_found(struct kr_store *store, struct kr_arena *mem, struct kr_pool *pool,
                      const char *question, int64_t from, int64_t to, struct kr_err *err)
{
    struct kr_search search = {.limit = THREAD, .cursor = "", .match = "", .from = 1};
    struct kr_item_list found;
    kr_search_parse(mem, question, &search);
    if (from <= to) {
        search.from = from;
        search.to = to;
    }
    search.cursor = "";
    search.limit = THREAD;
    return kr_items_search(store, mem, &search, &found, err) &&
           add_items(store, mem, pool, &found, err);
}

// What hangs together with the last thing: people, place, years, the thing itself.
static bool add_thread(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                       const struct kr_candidate *after, struct kr_pool *pool, struct kr_err *err)
{
    enum { PERSONS = 4 };
    for (size_t i = 0; i < after->person_count && i < PERSONS; i++) {
        struct kr_item_list list;
        if (!kr_items_of_person(store, mem, after->persons[i], "", THREAD, &list, err) ||
            !add_items(store, mem, pool, &list, err))
            return false;
    }
    if (*after->place && !strchr(after->place, '"') &&
        !add_found(store, mem, pool, kr_arena_format(mem, "place:\"%s\"", after->place), 1, 0, err))
        return false;
    if (is_dated(after) && !add_found(store, mem, pool, "", after->from, after->to, err))
        return false;
    return !after->card || add_marked(store, mem, era, pool, after->card, err);
}

static bool add_lit(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                    const char *sitter, struct kr_pool *pool, struct kr_err *err)
{
    struct kr_lit *lit;
    size_t n;
    if (!kr_lit_up_of(store, mem, sitter, &lit, &n, err))
        return false;
    for (size_t i = 0; i < n && i < LIT_MOST; i++) {
        struct kr_candidate *one = NULL;
        if (!kr_pool_one(store, mem, era, pool, lit[i].thing, &one, err))
            return false;
        if (one)
            one->lit = true;
    }
    return true;
}

static bool add_common(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                       struct kr_pool *pool, struct kr_err *err)
{
    struct kr_rendition *films;
    size_t n;
    for (size_t i = 0; i < era->count; i++)
        if (era->cards[i].care)
            add_card(mem, pool, &era->cards[i]);
    for (size_t i = 0; i < kr_starter_themes_count; i++)
        add_theme(mem, pool, &kr_starter_themes[i]);
    if (!kr_renditions_kind(store, mem, "film", &films, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        add_film(mem, pool, &films[i]);
    return true;
}

// Two draws, so that the three do not all come from one day's roll of film.
static bool add_drawn(struct kr_store *store, struct kr_arena *mem,
                      const struct kr_sitting_ask *ask, struct kr_pool *pool, struct kr_err *err)
{
    static const char *const draws[] = {"one", "two"};
    for (size_t i = 0; i < KR_COUNT(draws); i++) {
        struct kr_item_list drawn;
        if (!kr_items_drawn(store, mem, kr_lot(ask->seed, ask->step, draws[i]), DRAWN, &drawn,
                            err) ||
            !add_items(store, mem, pool, &drawn, err))
            return false;
    }
    return true;
}

bool kr_pool_fill(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                  const struct kr_sitting_ask *ask, struct kr_pool *pool, struct kr_err *err)
{
    struct kr_candidate *after = NULL;
    if (*ask->after && !kr_pool_one(store, mem, era, pool, ask->after, &after, err))
        return false;
    if (after) { // the pool may move as it grows
        struct kr_candidate *own = kr_arena_new(mem, struct kr_candidate);
        *own = *after;
        pool->after = own;
        if (!add_thread(store, mem, era, own, pool, err))
            return false;
    }
    if (ask->sitter && !add_lit(store, mem, era, ask->sitter, pool, err))
        return false;
    return add_drawn(store, mem, ask, pool, err) &&
           (ask->pictures || add_common(store, mem, era, pool, err));
}
