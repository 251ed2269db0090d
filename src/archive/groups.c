// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/groups.h"

#include "archive/alike.h"
#include "archive/stacks.h"
#include "base/clock.h"
#include "base/json.h"
#include "store/door.h"
#include "store/items.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WRITES = 100 }; // rows a transaction: under 50 ms

struct member {
    char id[KR_UUID_TEXT];
    char hash[KR_SHA256_HEX];
    const char *stack, *near; // as the index has them now
    int stack_n;
    struct kr_stack_place *places;
    size_t place_count, place_room;
};

struct set {
    struct kr_arena *mem;
    struct member *members; // sorted by id
    struct kr_stack_in *stacks;
    struct kr_alike *alikes;
    size_t n, room;
};

static void make_room(struct set *set)
{
    if (set->n < set->room)
        return;
    set->room = set->room * 2 + 256;
    set->members = kr_realloc_array(set->members, set->room, sizeof *set->members);
    set->stacks = kr_realloc_array(set->stacks, set->room, sizeof *set->stacks);
    set->alikes = kr_realloc_array(set->alikes, set->room, sizeof *set->alikes);
}

static const char *copy(struct set *set, const char *text)
{
    return *text ? kr_arena_strdup(set->mem, text) : "";
}

static bool see_item(void *context, const struct kr_item *item, struct kr_err *err)
{
    struct set *set = context;
    KR_AUTO(kr_json_drop) json_t *extra = NULL;
    if (item->trashed_ms)
        return true;
    if (!kr_json_parse(kr_str_of(item->extra), 1 << 24, &extra, err))
        return false;
    // The file's own time: a date that a person states does not part what was shot at once.
    int64_t wall_ms = kr_json_int(extra, "wall_ms", 0);
    make_room(set);
    struct member *member = &set->members[set->n];
    *member = (struct member){
        .stack = copy(set, item->stack), .near = copy(set, item->near), .stack_n = item->stack_n};
    kr_format(member->id, sizeof member->id, "%s", item->id);
    kr_blob_hex(&item->blob, member->hash);
    set->stacks[set->n] =
        (struct kr_stack_in){.kind = copy(set, item->kind),
                             .mime = copy(set, item->mime),
                             .raw = kr_json_bool(extra, "raw", false),
                             .has_wall = wall_ms != 0,
                             .wall_ms = wall_ms,
                             .content_id = copy(set, kr_json_str(extra, "content_id", "")),
                             .burst_id = copy(set, kr_json_str(extra, "burst_id", "")),
                             .burst_pick = kr_json_bool(extra, "burst_pick", false),
                             .camera = copy(set, item->camera),
                             .width = item->width,
                             .height = item->height};
    set->alikes[set->n] = (struct kr_alike){.phash = item->phash};
    memcpy(set->alikes[set->n].sha256, item->blob.sha256, KR_SHA256_SIZE);
    set->n++;
    return true;
}

static int by_id(const void *id, const void *member)
{
    return strcmp(id, ((const struct member *)member)->id);
}

// A side-car's place is known with its picture's, but it is no second picture there.
static bool is_note(struct kr_str path)
{
    return (path.n > 4 && strncasecmp(path.at + path.n - 4, ".xmp", 4) == 0) ||
           (path.n > 5 && strncasecmp(path.at + path.n - 5, ".json", 5) == 0);
}

static void see_place(void *context, const char *item, struct kr_str path)
{
    struct set *set = context;
    struct member *member =
        set->n ? bsearch(item, set->members, set->n, sizeof *set->members, by_id) : NULL;
    if (!member || is_note(path))
        return;
    if (member->place_count == member->place_room) {
        struct kr_stack_place *larger =
            kr_arena_array(set->mem, struct kr_stack_place, member->place_room * 2 + 1);
        if (member->place_count)
            memcpy(larger, member->places, member->place_count * sizeof *larger);
        member->places = larger;
        member->place_room = member->place_room * 2 + 1;
    }
    char *whole = kr_arena_copy(set->mem, path.at, path.n), *slash = strrchr(whole, '/');
    if (slash)
        *slash = '\0';
    member->places[member->place_count++] =
        (struct kr_stack_place){slash ? whole : "", slash ? slash + 1 : whole};
}

// Ids ascend with the time they were made, so the list by row is nearly sorted
// by id; two processes may have made it uneven.
static int compare_members(const void *left, const void *right)
{
    return strcmp(((const struct member *)left)->id, ((const struct member *)right)->id);
}

struct row { // one item with its three faces, to sort them together
    struct member member;
    struct kr_stack_in stack;
    struct kr_alike alike;
};

static void sort_by_id(struct set *set)
{
    bool sorted = true;
    for (size_t i = 1; i < set->n && sorted; i++)
        sorted = compare_members(&set->members[i - 1], &set->members[i]) <= 0;
    if (sorted)
        return;
    struct row *rows = kr_new_array(struct row, set->n);
    for (size_t i = 0; i < set->n; i++)
        rows[i] = (struct row){set->members[i], set->stacks[i], set->alikes[i]};
    qsort(rows, set->n, sizeof *rows, compare_members); // the member stands first
    for (size_t i = 0; i < set->n; i++) {
        set->members[i] = rows[i].member;
        set->stacks[i] = rows[i].stack;
        set->alikes[i] = rows[i].alike;
    }
    kr_free(&rows);
}

static bool gather(struct kr_store *store, struct set *set, struct kr_err *err)
{
    if (!kr_items_each(store, see_item, set, err))
        return false;
    sort_by_id(set);
    if (!kr_found_each(store, see_place, set, err))
        return false;
    for (size_t i = 0; i < set->n; i++) {
        set->stacks[i].hash = set->members[i].hash;
        set->stacks[i].places = set->members[i].places;
        set->stacks[i].place_count = set->members[i].place_count;
    }
    return true;
}

static bool write_changed(struct kr_store *store, const struct set *set,
                          const struct kr_stack_out *stacks, const char *const *near,
                          struct kr_err *err)
{
    for (size_t i = 0; i < set->n;) {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
        int written = 0;
        for (; i < set->n && written < WRITES; i++) {
            const struct member *member = &set->members[i];
            const char *cover = stacks[i].count > 1 ? set->members[stacks[i].cover].id : "";
            if (strcmp(cover, member->stack) == 0 && stacks[i].count == member->stack_n &&
                strcmp(near[i], member->near) == 0)
                continue;
            if (!tx.db && !kr_tx_begin(store->db, &tx, err))
                return false;
            if (!kr_item_set_groups(store, member->id, cover, stacks[i].count, near[i], err))
                return false;
            written++;
        }
        if (tx.db && !kr_tx_commit(&tx, err))
            return false;
    }
    return true;
}

static void free_set(struct set *set)
{
    kr_free(&set->members);
    kr_free(&set->stacks);
    kr_free(&set->alikes);
    kr_arena_destroy(&set->mem);
}

bool kr_groups_refresh(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(free_set) struct set set = {.mem = kr_arena_create()};
    int64_t bits;
    if (!kr_store_number(store, "near.bits", &bits, err) || !gather(store, &set, err))
        return kr_within(err, "find stacks and look-alikes");
    struct kr_stack_out *stacks = kr_arena_array(set.mem, struct kr_stack_out, set.n);
    const char **near = kr_arena_array(set.mem, const char *, set.n);
    kr_stacks_of(set.mem, set.stacks, set.n, stacks);
    kr_alike_groups(set.mem, set.alikes, set.n, (int)bits, near);
    return write_changed(store, &set, stacks, near, err) ||
           kr_within(err, "write stacks and look-alikes");
}

// A new note each time, so that one written while groups are found is seen.
bool kr_groups_note_due(struct kr_store *store, struct kr_err *err)
{
    char note[KR_UUID_TEXT], key[KR_NOTE_KEY];
    kr_uuid_new_text(note);
    return kr_store_note(store, kr_store_own_key(store, "groups", key), note, err);
}

// A note is a UUID of version 7: it begins with the milliseconds of its making.
static int64_t noted_ms(const char *note)
{
    struct kr_uuid id;
    int64_t ms = 0;
    if (!kr_uuid_parse(note, &id))
        return 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id.bytes[i];
    return ms;
}

bool kr_groups_if_due(struct kr_store *store, int64_t quiet_ms, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *note;
    char key[KR_NOTE_KEY];
    if (!kr_store_noted(store, mem, kr_store_own_key(store, "groups", key), &note, err))
        return false;
    int64_t age_ms = kr_now_ms() - noted_ms(note);
    if (!*note || (age_ms >= 0 && age_ms < quiet_ms)) // a clock set back must not stop it
        return true;
    return kr_groups_refresh(store, err) && kr_store_swap_note(store, key, note, "", err);
}

static bool tend_home(struct kr_store *store, void *quiet_ms, struct kr_err *err)
{
    return kr_groups_if_due(store, *(const int64_t *)quiet_ms, err);
}

bool kr_groups_tend(struct kr_store *store, int64_t quiet_ms, struct kr_err *err)
{
    return kr_homes_each(store, tend_home, &quiet_ms, err);
}
