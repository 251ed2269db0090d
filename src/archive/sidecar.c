// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sidecar.h"

enum {
    NAME = 512, // bytes of a name that is looked at
    CUT_FIRST = 51,
    CUT_LAST = 43, // characters that Takeout leaves of a long name, about
};
#define META ".supplemental-metadata"

// One note, by the name it has without what makes it a note: "a.jpg" of "a.jpg.xmp".
struct note {
    const char *key; // NFC, small ASCII letters
    struct kr_str name;
    size_t index;
    enum kr_sidecar_kind kind;
};
struct shelf {
    struct kr_arena *mem;
    struct note *at;
    size_t n;
};

static char *key_of(struct kr_arena *mem, struct kr_str name)
{
    if (name.n >= NAME)
        name.n = NAME;
    const char *text = kr_text_in(mem, name);
    char *key = kr_arena_strdup(mem, text);
    for (char *c = key; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return key;
}

static int compare_bytes(struct kr_str a, struct kr_str b)
{
    int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_key(const void *left, const void *right)
{
    const struct note *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = strcmp(a->key, b->key);
    return order ? order : compare_bytes(a->name, b->name);
}

// The first note of a kind and key; NULL when there is none. Of several that differ in
// capitals alone, the first by its bytes.
static const struct note *find(const struct shelf *shelf, enum kr_sidecar_kind kind,
                               const char *key)
{
    size_t low = 0, high = shelf->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct note *note = &shelf->at[middle];
        int order = note->kind != kind ? (note->kind < kind ? -1 : 1) : strcmp(note->key, key);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == shelf->n || shelf->at[low].kind != kind || strcmp(shelf->at[low].key, key) != 0)
        return NULL;
    return &shelf->at[low];
}

static void fill_shelf(struct shelf *shelf, const struct kr_sidecar_file *files, size_t n)
{
    shelf->at = kr_arena_array(shelf->mem, struct note, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (files[i].kind == KR_SIDECAR_NONE)
            continue;
        char *key = key_of(shelf->mem, files[i].name);
        const char *ending = files[i].kind == KR_SIDECAR_XMP ? ".xmp" : ".json";
        if (!kr_ends_with(key, ending))
            continue;
        key[strlen(key) - strlen(ending)] = 0;
        shelf->at[shelf->n++] = (struct note){key, files[i].name, i, files[i].kind};
    }
    qsort(shelf->at, shelf->n, sizeof *shelf->at, by_key);
}

// Where the ending of a name begins ("a.jpg": at the dot), or its end.
static size_t stem_of(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot && dot != key ? (size_t)(dot - key) : strlen(key);
}

static const struct note *find_xmp(const struct shelf *shelf, const char *key)
{
    const struct note *note = find(shelf, KR_SIDECAR_XMP, key);
    if (note)
        return note;
    return find(shelf, KR_SIDECAR_XMP, kr_arena_copy(shelf->mem, key, stem_of(key)));
}

// Bytes of the first `n` characters of UTF-8; all when there are fewer.
static size_t bytes_of(const char *text, size_t n)
{
    size_t i = 0;
    while (text[i] && (((uint8_t)text[i] & 0xC0) == 0x80 || n-- > 0))
        i++;
    return i;
}

// A note of this very name: whole, with the long word behind, or cut off. `counter` is
// "" or "(1)", which Takeout puts at the note's own end.
static const struct note *find_name(const struct shelf *shelf, const char *name,
                                    const char *counter)
{
    const char *whole = kr_arena_format(shelf->mem, "%s" META, name);
    const struct note *note =
        find(shelf, KR_SIDECAR_TAKEOUT, kr_arena_format(shelf->mem, "%s%s", name, counter));
    if (!note)
        note = find(shelf, KR_SIDECAR_TAKEOUT, kr_arena_format(shelf->mem, "%s%s", whole, counter));
    for (size_t cut = CUT_FIRST; !note && cut >= CUT_LAST; cut--) {
        size_t n = bytes_of(whole, cut);
        if (whole[n])
            note = find(shelf, KR_SIDECAR_TAKEOUT,
                        kr_arena_format(shelf->mem, "%.*s%s", (int)n, whole, counter));
    }
    return note;
}

// "name(1)" at the end of a stem: where the counter begins; 0 when there is none.
static size_t counter_of(const char *key, size_t stem)
{
    size_t i = stem;
    if (i < 4 || key[i - 1] != ')')
        return 0;
    for (i--; i && key[i - 1] >= '0' && key[i - 1] <= '9';)
        i--;
    return i > 1 && key[i - 1] == '(' && i < stem - 1 ? i - 1 : 0;
}

// A picture of its own name, then "name(1).ext" by "name.ext(1).json".
static const struct note *find_counted(const struct shelf *shelf, const char *key)
{
    size_t stem = stem_of(key), counter = counter_of(key, stem);
    const struct note *note = find_name(shelf, key, "");
    if (note || !counter)
        return note;
    const char *plain = kr_arena_format(shelf->mem, "%.*s%s", (int)counter, key, key + stem);
    return find_name(shelf, plain, kr_arena_copy(shelf->mem, key + counter, stem - counter));
}

// "name-edited.ext" has no note of its own: that of "name.ext" is its. In the languages
// that Takeout speaks.
static const struct note *find_edited(const struct shelf *shelf, const char *key)
{
    static const char *const words[] = {"-edited",     "-bearbeitet", "-modifié", "-editado",
                                        "-modificato", "-bewerkt",    "-已修改",  "-已编辑",
                                        "-編集済み",   "-edytowane",  "-изменено"};
    size_t stem = stem_of(key);
    for (size_t i = 0; i < KR_COUNT(words); i++) {
        size_t n = strlen(words[i]), counter = counter_of(key, stem);
        size_t end = counter ? counter : stem; // name-edited(1).ext
        if (end <= n || memcmp(key + end - n, words[i], n) != 0)
            continue;
        const char *plain = kr_arena_format(shelf->mem, "%.*s%.*s%s", (int)(end - n), key,
                                            (int)(stem - end), key + end, key + stem);
        return find_counted(shelf, plain);
    }
    return NULL;
}

// The clip of a Live Photo or motion photo shares the note of its still: "a.mov" that of
// "a.heic"; "a.mp" that of "a.mp.jpg".
static const struct note *find_still(const struct shelf *shelf, const char *key)
{
    static const char *const clips[] = {".mov", ".mp4", ".mp"};
    static const char *const stills[] = {".heic", ".jpg", ".jpeg", ".mp.jpg", ".dng"};
    size_t stem = stem_of(key);
    const struct note *note = NULL;
    for (size_t i = 0; i < KR_COUNT(clips); i++) {
        if (strcmp(key + stem, clips[i]) != 0)
            continue;
        for (size_t j = 0; !note && j < KR_COUNT(stills); j++)
            note = find_counted(shelf,
                                kr_arena_format(shelf->mem, "%.*s%s", (int)stem, key, stills[j]));
    }
    return note;
}

static const struct note *find_takeout(const struct shelf *shelf, const char *key)
{
    const struct note *note = find_counted(shelf, key);
    if (!note)
        note = find_edited(shelf, key);
    return note ? note : find_still(shelf, key);
}

void kr_sidecar_match(struct kr_arena *mem, const struct kr_sidecar_file *files, size_t n,
                      struct kr_sidecar_pair **out, size_t *count)
{
    struct kr_arena *own = kr_arena_create();
    struct shelf shelf = {.mem = own};
    struct kr_sidecar_pair *pairs = kr_arena_array(mem, struct kr_sidecar_pair, 2 * n + 1);
    size_t found = 0;
    fill_shelf(&shelf, files, n);
    for (size_t i = 0; i < n && shelf.n; i++) {
        if (files[i].kind != KR_SIDECAR_NONE)
            continue;
        const char *key = key_of(own, files[i].name);
        const struct note *xmp = find_xmp(&shelf, key);
        const struct note *takeout = find_takeout(&shelf, key);
        if (xmp)
            pairs[found++] = (struct kr_sidecar_pair){i, xmp->index};
        if (takeout)
            pairs[found++] = (struct kr_sidecar_pair){i, takeout->index};
    }
    kr_arena_destroy(&own);
    *out = pairs;
    *count = found;
}
