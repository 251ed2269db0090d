// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/portraits.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 500, PICTURES_MOST = 20000 };

static int by_item(const void *left, const void *right)
{
    const struct kr_region *const *a = left, *const *b = right;
    int order = strcmp((*a)->item, (*b)->item);
    return order ? order : (*a)->pixels < (*b)->pixels ? 1 : (*a)->pixels > (*b)->pixels ? -1 : 0;
}

// The largest frame of hers in an item, out of a list in the order of by_item().
static const struct kr_region *region_in(const struct kr_region *const *regions, size_t n,
                                         const char *item)
{
    size_t from = 0, to = n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (strcmp(regions[middle]->item, item) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < n && strcmp(regions[from]->item, item) == 0 ? regions[from] : NULL;
}

static bool is_shown(const struct kr_item *item)
{
    return item->width > 0 && item->height > 0 && !*item->damaged;
}

static bool portrait_of(const struct kr_person *person, const struct kr_item *item,
                        struct kr_portrait *out)
{
    struct kr_age age;
    if (!is_shown(item) || !kr_age_at(person->born.edtf, item->date_edtf, &age) || age.unborn ||
        age.to - age.from > KR_PORTRAIT_WIDE)
        return false;
    *out = (struct kr_portrait){.at = (age.from + age.to + 1) / 2, .age = age, .item = item};
    return true;
}

static int64_t pixels(const struct kr_portrait *portrait)
{
    return portrait->region ? portrait->region->pixels : 0;
}

static int best_first(const void *left, const void *right)
{
    const struct kr_portrait *a = left, *b = right;
    int wide_a = a->age.to - a->age.from + a->age.about * 2;
    int wide_b = b->age.to - b->age.from + b->age.about * 2;
    if (a->at != b->at)
        return a->at - b->at;
    if (!a->region != !b->region)
        return a->region ? -1 : 1;
    if ((wide_a > 1) != (wide_b > 1)) // five or six is as good as five
        return wide_a > 1 ? 1 : -1;
    if (pixels(a) != pixels(b))
        return pixels(a) < pixels(b) ? 1 : -1;
    return strcmp(a->item->id, b->item->id);
}

static size_t keep_the_best(struct kr_portrait *list, size_t n)
{
    size_t kept = 0, same = 0;
    for (size_t i = 0; i < n; i++) {
        same = kept && list[kept - 1].at == list[i].at ? same + 1 : 1;
        if (same <= KR_PORTRAITS_EACH)
            list[kept++] = list[i];
    }
    return kept;
}

static bool gather(struct kr_store *store, struct kr_arena *mem, const struct kr_person *person,
                   const struct kr_region *const *regions, size_t region_count, struct kr_buf *list,
                   struct kr_err *err)
{
    char cursor[64] = "";
    size_t seen = 0;
    do {
        struct kr_item_list page;
        struct kr_portrait one;
        if (!kr_items_of_person(store, mem, person->id, cursor, PAGE, &page, err))
            return false;
        for (size_t i = 0; i < page.n; i++) {
            if (!portrait_of(person, &page.at[i], &one))
                continue;
            one.region = region_in(regions, region_count, page.at[i].id);
            kr_buf_add(list, &one, sizeof one);
        }
        seen += page.n;
        kr_format(cursor, sizeof cursor, "%s", page.next);
    } while (*cursor && seen < PICTURES_MOST);
    return true;
}

bool kr_portraits(struct kr_store *store, struct kr_arena *mem, const struct kr_person *person,
                  struct kr_portrait **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf list = {0};
    struct kr_region *regions;
    size_t region_count;
    if (!kr_regions_of_person(store, mem, person->id, &regions, &region_count, err))
        return false;
    const struct kr_region **order =
        kr_arena_array(mem, const struct kr_region *, region_count + 1);
    for (size_t i = 0; i < region_count; i++)
        order[i] = &regions[i];
    qsort(order, region_count, sizeof *order, by_item);
    if (!gather(store, mem, person, order, region_count, &list, err))
        return false;
    *out = (struct kr_portrait *)(void *)kr_arena_copy(mem, list.at, list.n);
    *n = list.n / sizeof **out;
    if (*n)
        qsort(*out, *n, sizeof **out, best_first);
    *n = keep_the_best(*out, *n);
    return true;
}

const struct kr_portrait *kr_portrait_at(const struct kr_portrait *portraits, size_t n, int age)
{
    const struct kr_portrait *found = NULL;
    for (size_t i = 0; i < n; i++) {
        int far = abs(portraits[i].at - age);
        if (far <= KR_PORTRAIT_NEAR && (!found || far < abs(found->at - age)))
            found = &portraits[i];
    }
    return found;
}

json_t *kr_region_new_json(const struct kr_region *region)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "claim", region->claim);
    kr_json_set_real(out, "x", region->x);
    kr_json_set_real(out, "y", region->y);
    kr_json_set_real(out, "w", region->w);
    kr_json_set_real(out, "h", region->h);
    return out;
}

json_t *kr_portrait_new_json(struct kr_arena *mem, enum kr_lang lang,
                             const struct kr_portrait *portrait)
{
    json_t *out = kr_json_new_object();
    kr_json_set_int(out, "at", portrait->at);
    kr_json_set_take(out, "age", kr_age_new_json(mem, lang, &portrait->age));
    kr_json_set_take(out, "region",
                     portrait->region ? kr_region_new_json(portrait->region) : json_null());
    return out;
}

bool kr_face_new_json(struct kr_store *store, struct kr_arena *mem, const char *person,
                      json_t **out, struct kr_err *err)
{
    struct kr_region best;
    struct kr_item item;
    bool found;
    if (!kr_region_best(store, mem, person, &best, &found, err) ||
        (found && !kr_item_get(store, mem, best.item, &item, err)))
        return false;
    *out = json_null();
    if (!found)
        return true;
    *out = kr_region_new_json(&best);
    kr_json_set_str(*out, "item", item.id);
    kr_json_set_int(*out, "width", item.width);
    kr_json_set_int(*out, "height", item.height);
    return true;
}
