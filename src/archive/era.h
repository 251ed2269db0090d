// SPDX-License-Identifier: AGPL-3.0-or-later
// era.h: the years around a family: cards that tell of a thing, a song, a school, a price.
//
// A pack is a folder with one `cards.json` and the pictures it names (docs/formats/era.md).
// Packs come with the program, and a family keeps its own in the archive's `era/`. Every
// field is checked: a card without a date, a source or a licence does not load, and the
// reason is kept beside those that did. Nothing is opened outside a pack's own folder.
// What is read lives in the caller's arena. Threads: no state.

#pragma once
#include "archive/edtf.h"
#include "base/json.h"
#include "store/store.h"

enum {
    KR_ERA_PACK_MOST = 1 << 20,  // bytes of a cards.json
    KR_ERA_CARDS_MOST = 1000,    // of one pack
    KR_ERA_PACKS_MOST = 64,      // of one folder of packs
    KR_ERA_MEDIA_MOST = 8 << 20, // bytes of a card's picture
    KR_ERA_ID = 96,              // "china-daily.bicycle" with its end
};

struct kr_era_card {
    const char *id;   // "PACK.CARD"
    const char *kind; // one of kr_era_kinds
    const char *title[KR_LANG_COUNT], *text[KR_LANG_COUNT];
    struct kr_edtf date;
    const char *region; // "CN", or "" for the world
    const char **words; // by which a mark finds it, titles among them
    size_t word_count;
    const char **sources;
    size_t source_count;
    const char *licence;
    const char *media; // the name of a file in the pack's folder, or ""
    bool care;         // may be laid into a calm sitting
};
struct kr_era_pack {
    const char *name, *title[KR_LANG_COUNT];
    bool own; // the family's: lies in the archive
    size_t count;
};
struct kr_era_refusal {
    const char *pack, *card; // card: its id, its number, or "" for the whole pack
    const char *why;
};
struct kr_era { // in order of date, then id
    struct kr_era_card *cards;
    size_t count;
    struct kr_era_pack *packs;
    size_t pack_count;
    struct kr_era_refusal *refusals;
    size_t refusal_count;
};
extern const char *const kr_era_kinds[]; // sorted, ended by NULL

// Reads the packs that came with the program and, where `store` is not NULL, the
// archive's own. A pack that cannot be read is a refusal, not an error.
KR_CHECK bool kr_era_open(struct kr_arena *mem, const struct kr_store *store, struct kr_era *out,
                          struct kr_err *err);
// One pack's folder alone, before it is taken into an archive.
KR_CHECK bool kr_era_open_folder(struct kr_arena *mem, const char *path, struct kr_era *out,
                                 struct kr_err *err);
// One `cards.json`, of a pack of that name; pictures are not looked for.
KR_CHECK bool kr_era_parse(struct kr_arena *mem, const char *pack, struct kr_str text,
                           struct kr_era *out, struct kr_err *err);

// Copies a pack's folder into the archive's `era/`, in the place of one of the same name:
// its cards.json and the pictures its cards name. KR_E_INVALID where a card is refused.
KR_CHECK bool kr_era_add(struct kr_store *store, const char *path, struct kr_err *err);

// KR_E_NOT_FOUND where no card has this id.
KR_CHECK bool kr_era_card(const struct kr_era *era, const char *id, const struct kr_era_card **out,
                          struct kr_err *err);
// The card one of whose words is exactly this one, whatever its case; NULL.
const struct kr_era_card *kr_era_called(struct kr_arena *mem, const struct kr_era *era,
                                        const char *word);
// Opens a card's picture; *mime is constant. KR_E_NOT_FOUND where it has none.
KR_CHECK bool kr_era_media(const struct kr_store *store, const struct kr_era_card *card, int *fd,
                           const char **mime, struct kr_err *err);

struct kr_era_query {
    const char *q;    // words, in either language or as they sound; "" all
    const char *pack; // "" all
    int from, to;     // years that its date touches; from > to: no bound
    bool calm;        // only what may be laid into a sitting
    bool line;        // only what happened in a year that is known: for the public line
};
// Cards that fit, as pointers into `era`, in its order.
size_t kr_era_find(struct kr_arena *mem, const struct kr_era *era, const struct kr_era_query *query,
                   const struct kr_era_card ***out);
// The year in which a card begins.
int kr_era_year(const struct kr_era_card *card);
// A card as docs/formats/api.md tells it, its title and text in one language.
json_t *kr_era_new_json(struct kr_arena *mem, enum kr_lang lang, const struct kr_era_card *card);
