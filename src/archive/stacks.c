// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/stacks.h"

#include "archive/joined_priv.h"

enum {
    LIVE_MS = 3000,  // between a still and its clip
    BURST_MS = 1000, // between one picture of a burst and the next
    BURST_LEAST = 3,
    STEM_MOST = 16, // files of one stem: more are no folder but a pile of uploads of one name
};

// An item at one of its places, or under one of its ids.
struct entry {
    const char *key;  // what must be the same
    const char *name; // in small letters
    const struct kr_stack_in *item;
    size_t index;
};

struct sorter {
    struct kr_arena *mem;
    const struct kr_stack_in *items;
    size_t n, places; // items, and places of all of them
    struct kr_joined sets;
};

static const char *small(struct kr_arena *mem, const char *text)
{
    char *copy = kr_arena_strdup(mem, text ? text : "");
    for (char *c = copy; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return copy;
}

static bool is(const struct kr_stack_in *item, const char *kind)
{
    return item->kind && strcmp(item->kind, kind) == 0;
}

static int by_key(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    if (order)
        return order;
    if (a->item->wall_ms != b->item->wall_ms)
        return a->item->wall_ms < b->item->wall_ms ? -1 : 1;
    return strcmp(a->item->hash, b->item->hash);
}

// Calls `join` for each stretch of entries with one key.
static void each_key(struct sorter *s, struct entry *entries, size_t n,
                     void (*join)(struct sorter *s, const struct entry *first, size_t n))
{
    qsort(entries, n, sizeof *entries, by_key);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && strcmp(entries[to].key, entries[from].key) == 0;)
            to++;
        if (to - from > 1)
            join(s, entries + from, to - from);
    }
}

static void join_all(struct sorter *s, const struct entry *first, size_t n)
{
    for (size_t i = 1; i < n; i++)
        kr_join(s->sets, first[0].index, first[i].index);
}

// A content id joins only where a still and a clip bear it.
static void join_live_ids(struct sorter *s, const struct entry *first, size_t n)
{
    bool still = false, clip = false;
    for (size_t i = 0; i < n; i++) {
        still = still || is(first[i].item, "photo");
        clip = clip || is(first[i].item, "video");
    }
    if (still && clip)
        join_all(s, first, n);
}

static bool has_text(const char *text)
{
    return text && *text;
}

static bool are_live(const struct kr_stack_in *still, const struct kr_stack_in *clip)
{
    if (!is(still, "photo") || !is(clip, "video") || !still->has_wall || !clip->has_wall)
        return false;
    if (has_text(still->content_id) && has_text(clip->content_id))
        return false; // they have said already to whom they belong
    return llabs(still->wall_ms - clip->wall_ms) <= LIVE_MS;
}

static bool are_raw_and_developed(const struct kr_stack_in *a, const struct kr_stack_in *b)
{
    return is(a, "photo") && is(b, "photo") && a->raw && !b->raw;
}

// One folder, one stem.
static void join_same_stem(struct sorter *s, const struct entry *first, size_t n)
{
    for (size_t i = 0; i < n && n <= STEM_MOST; i++)
        for (size_t j = 0; j < n; j++)
            if (are_live(first[i].item, first[j].item) ||
                are_raw_and_developed(first[i].item, first[j].item))
                kr_join(s->sets, first[i].index, first[j].index);
}

// Pictures of one camera, folder and size, in order of time: runs without a longer pause.
static void join_runs(struct sorter *s, const struct entry *first, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1;
             to < n && first[to].item->wall_ms - first[to - 1].item->wall_ms <= BURST_MS;)
            to++;
        if (to - from >= BURST_LEAST)
            join_all(s, first + from, to - from);
    }
}

static void by_ids(struct sorter *s, bool bursts)
{
    struct entry *entries = kr_arena_array(s->mem, struct entry, s->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const char *id = bursts ? s->items[i].burst_id : s->items[i].content_id;
        if (has_text(id) && (!bursts || is(&s->items[i], "photo")))
            entries[n++] = (struct entry){id, "", &s->items[i], i};
    }
    each_key(s, entries, n, bursts ? join_all : join_live_ids);
}

// The name without its ending, and a key of folder and stem. The folder's length stands in
// front, so that no two pairs make one key.
static void by_stems(struct sorter *s)
{
    struct entry *entries = kr_arena_array(s->mem, struct entry, s->places + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t p = 0; p < s->items[i].place_count; p++) {
            const struct kr_stack_place *place = &s->items[i].places[p];
            const char *name = small(s->mem, place->name);
            const char *dot = strrchr(name, '.');
            int stem = dot && dot != name ? (int)(dot - name) : (int)strlen(name);
            const char *key = kr_arena_format(s->mem, "%zu %s/%.*s", strlen(place->folder),
                                              place->folder, stem, name);
            entries[n++] = (struct entry){key, name, &s->items[i], i};
        }
    }
    each_key(s, entries, n, join_same_stem);
}

static void by_burst_names(struct sorter *s)
{
    struct entry *entries = kr_arena_array(s->mem, struct entry, s->places + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct kr_stack_in *item = &s->items[i];
        if (!is(item, "photo") || !item->has_wall || !has_text(item->camera) ||
            has_text(item->burst_id))
            continue;
        for (size_t p = 0; p < item->place_count; p++) {
            const char *name = small(s->mem, item->places[p].name);
            if (!strstr(name, "burst"))
                continue;
            const char *folder = item->places[p].folder;
            const char *key =
                kr_arena_format(s->mem, "%zu %s/%zu %s %dx%d", strlen(folder), folder,
                                strlen(item->camera), item->camera, item->width, item->height);
            entries[n++] = (struct entry){key, name, item, i};
        }
    }
    each_key(s, entries, n, join_runs);
}

static bool is_pick(const struct kr_stack_in *item)
{
    if (item->burst_pick)
        return true;
    for (size_t p = 0; p < item->place_count; p++)
        if (strcasestr(item->places[p].name, "_COVER"))
            return true;
    return false;
}

// Whether `a` is rather the one to show.
static bool is_better(const struct kr_stack_in *a, const struct kr_stack_in *b)
{
    int64_t pixels_a = (int64_t)a->width * a->height, pixels_b = (int64_t)b->width * b->height;
    if (is(a, "photo") != is(b, "photo"))
        return is(a, "photo");
    if (a->raw != b->raw)
        return b->raw;
    if (is_pick(a) != is_pick(b))
        return is_pick(a);
    if (pixels_a != pixels_b)
        return pixels_a > pixels_b;
    if (a->has_wall != b->has_wall)
        return a->has_wall;
    if (a->has_wall && a->wall_ms != b->wall_ms)
        return a->wall_ms < b->wall_ms;
    return strcmp(a->hash, b->hash) < 0;
}

void kr_stacks_of(struct kr_arena *mem, const struct kr_stack_in *items, size_t n,
                  struct kr_stack_out *out)
{
    struct sorter s = {.mem = mem, .items = items, .n = n, .sets = kr_joined_of(mem, n)};
    size_t *best = kr_arena_array(mem, size_t, n + 1);
    int *count = kr_arena_array(mem, int, n + 1);
    for (size_t i = 0; i < n; i++)
        s.places += items[i].place_count;
    by_ids(&s, false);
    by_ids(&s, true);
    by_stems(&s);
    by_burst_names(&s);
    for (size_t i = 0; i < n; i++) {
        size_t root = kr_joined_root(s.sets, i);
        if (!count[root]++ || is_better(&items[i], &items[best[root]]))
            best[root] = i;
    }
    for (size_t i = 0; i < n; i++) {
        size_t root = kr_joined_root(s.sets, i);
        out[i] = (struct kr_stack_out){best[root], count[root]};
    }
}
