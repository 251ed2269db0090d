// SPDX-License-Identifier: AGPL-3.0-or-later
// items.h: the index of items: what lists, pages and searches read.
//
// Index, not truth: archive/shown makes every row from claims, and rebuild
// makes them all again. An item is one blob in one home. Lists hold what is
// visible: not in the trash, not hidden, and of a stack only its cover.

#pragma once
#include "store/store.h"

struct kr_item {
    int64_t num; // the row's number; 0 when new
    char id[KR_UUID_TEXT];
    struct kr_blob_id blob;
    uint64_t size;
    const char *kind; // "photo", "video", "audio"
    const char *mime;
    const char *damaged; // why it cannot be shown, or ""
    int width, height;   // as displayed; 0 where there is no picture
    int64_t duration_ms;
    int64_t added_ms;
    const char *date_edtf;      // "" where nobody knows
    int64_t date_from, date_to; // days since 1970-01-01, inclusive; both 0 with an empty edtf
    const char *date_source;    // "exif", "person" … "none"
    double date_certain;
    int64_t wall_ms;     // order inside a day: wall time of the capture as if it were UTC
    const char *section; // "1985-06", "1985", "198X", "none"
    const char *title, *caption, *place, *camera, *names; // names: found as, '\n' between
    double lat, lon;                                      // NAN where unknown
    bool favourite;
    int64_t trashed_ms;  // 0: not in the trash
    const char *stack;   // the cover's id, or "" when alone
    int stack_n;         // files in its stack
    const char *near;    // name of its group of look-alikes, or ""
    uint64_t phash;      // 0: no fingerprint
    const char *preview; // data: URL or ""
    const char *extra;   // a JSON object: keywords, regions, motion, content_id …
    int renditions;      // how many restorations, treatments and copies it has; not put
    bool hidden;         // out of sight, and not in the trash for that
};

// Puts the row (insert, or update by id) with its search text (see
// archive/searchtext.h) and keeps the sections' counts right. Inside a transaction.
KR_CHECK bool kr_item_put(struct kr_store *store, const struct kr_item *item,
                          const char *search_text, struct kr_err *err);
// KR_E_NOT_FOUND when there is none. Text lives in the arena.
KR_CHECK bool kr_item_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                          struct kr_item *out, struct kr_err *err);
KR_CHECK bool kr_item_by_blob(struct kr_store *store, struct kr_arena *mem,
                              const struct kr_blob_id *blob, struct kr_item *out, bool *found,
                              struct kr_err *err);
KR_CHECK bool kr_item_drop(struct kr_store *store, const char *id, struct kr_err *err);

// Makes the search forget the words of items that were dropped, and empties the write-ahead
// log where nobody reads it: for forgetting. In small steps, outside a transaction.
KR_CHECK bool kr_items_tidy(struct kr_store *store, struct kr_err *err);

struct kr_item_list {
    size_t n;
    struct kr_item *at;
    char next[64]; // cursor of the page after, "" at the end
    int64_t total; // of the whole query; -1 where it was not counted
};
struct kr_items_query {
    const char *section; // NULL: all
    const char *kind;    // NULL: all
    const char *cursor;  // NULL or "": from the start
    int limit;           // [1,500]
    bool trashed;        // the trash instead, its latest first
    int64_t before_ms;   // of the trash: what was put there until then; 0: all
    bool hidden;         // what is hidden instead
};
// Newest first.
KR_CHECK bool kr_items_page(struct kr_store *store, struct kr_arena *mem,
                            const struct kr_items_query *query, struct kr_item_list *out,
                            struct kr_err *err);
// At most `limit` visible items in order of row, from a place along the rows that `lot` draws;
// after the last the first ones follow. The same lot draws the same while nothing comes in.
KR_CHECK bool kr_items_drawn(struct kr_store *store, struct kr_arena *mem, uint64_t lot, int limit,
                             struct kr_item_list *out, struct kr_err *err);
// The visible items before and after on the line of time ("" at an end).
KR_CHECK bool kr_item_neighbours(struct kr_store *store, const struct kr_item *item,
                                 char previous[static KR_UUID_TEXT], char next[static KR_UUID_TEXT],
                                 struct kr_err *err);
KR_CHECK bool kr_items_of_stack(struct kr_store *store, struct kr_arena *mem, const char *stack,
                                struct kr_item_list *out, struct kr_err *err);
KR_CHECK bool kr_items_near(struct kr_store *store, struct kr_arena *mem, const char *near,
                            struct kr_item_list *out, struct kr_err *err);

struct kr_section {
    const char *key;
    int year, month;
    int64_t count;
    double ratio_sum; // of width/height
};
// Newest first, "none" last.
KR_CHECK bool kr_sections(struct kr_store *store, struct kr_arena *mem, struct kr_section **out,
                          size_t *n, struct kr_err *err);

// A search as archive/search prepared it: an FTS expression over the tokens of
// archive/searchtext ("" for none) and bounds.
struct kr_search {
    const char *match;
    const char *kind; // NULL: all
    int64_t from, to; // days; from > to: no bound
    bool undated;     // only items nobody has dated
    bool hidden;      // among the hidden, and only there
    const char *cursor;
    int limit;
};
KR_CHECK bool kr_items_search(struct kr_store *store, struct kr_arena *mem,
                              const struct kr_search *search, struct kr_item_list *out,
                              struct kr_err *err);

struct kr_totals {
    int64_t items, photos, videos, sounds, undated, bytes, films, trash, hidden;
};
KR_CHECK bool kr_items_totals(struct kr_store *store, struct kr_totals *out, struct kr_err *err);

// Every item, trashed ones too, in order of row; for rebuild, check, groups, export.
KR_CHECK bool kr_items_each(struct kr_store *store,
                            bool (*see)(void *context, const struct kr_item *item,
                                        struct kr_err *err),
                            void *context, struct kr_err *err);

// Places found: the quick way to know a file again without reading it.
KR_CHECK bool kr_found_put(struct kr_store *store, const char *item, struct kr_str path,
                           uint64_t size, int64_t mtime_ns, struct kr_err *err);
// Whether it was found there as it is now, as (or as a side-car of) the item `item`;
// with an empty `item`: of any, and fills in which.
KR_CHECK bool kr_found_known(struct kr_store *store, struct kr_str path, uint64_t size,
                             int64_t mtime_ns, char item[static KR_UUID_TEXT], bool *known,
                             struct kr_err *err);
KR_CHECK bool kr_found_drop(struct kr_store *store, const char *item, struct kr_err *err);
// Every place found, in order of path and item.
KR_CHECK bool kr_found_each(struct kr_store *store,
                            void (*see)(void *context, const char *item, struct kr_str path),
                            void *context, struct kr_err *err);
// Stack and group columns alone (they follow from the whole set).
KR_CHECK bool kr_item_set_groups(struct kr_store *store, const char *id, const char *stack,
                                 int stack_n, const char *near, struct kr_err *err);

// Counts sections and totals anew from the rows. Inside a transaction.
KR_CHECK bool kr_items_recount(struct kr_store *store, struct kr_err *err);

// What was forgotten does not come back: a nameless mark of a blob in this home.
KR_CHECK bool kr_tombstone_put(struct kr_store *store, const struct kr_blob_id *blob,
                               struct kr_err *err);
KR_CHECK bool kr_tombstone_known(struct kr_store *store, const struct kr_blob_id *blob, bool *known,
                                 struct kr_err *err);
