// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/exportfiles.h"

#include "archive/edtf.h"
#include "archive/heard.h"
#include "archive/may.h"
#include "base/file.h"
#include "base/json.h"
#include "base/newfile.h"
#include "store/albums.h"
#include "store/claims.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { NAME_MOST = 200 };

struct export
{
    struct kr_store *store;
    int dest;
    struct kr_newfile lines, sums; // manifest.jsonl and manifest-sha256.txt
    struct kr_export_counts counts;
    int64_t all, done;
    bool (*progress)(void *context, double done);
    void *context;
};

// The year that is shown, or "undated": a folder's name.
static void folder_of(const struct kr_item *item, char out[static 16])
{
    struct kr_edtf date;
    char section[KR_EDTF_SECTION] = "none";
    if (*item->date_edtf && kr_edtf_parse(item->date_edtf, &date, NULL))
        kr_edtf_section(&date, section);
    bool none = strcmp(section, "none") == 0;
    size_t n = section[0] == '-' ? 5 : 4;
    kr_format(out, 16, "%.*s", none ? 7 : (int)n, none ? "undated" : section);
}

// A name that every file system takes: its first found name, made tame.
static const char *tame_name(struct kr_arena *mem, const struct kr_item *item)
{
    size_t n = strcspn(item->names, "\n");
    char *name = kr_arena_copy(mem, item->names, n);
    for (char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || strchr("<>:\"/\\|?*\x7F", *c))
            *c = '_';
    size_t length = strlen(name);
    if (length > NAME_MOST) { // keep the ending: it tells what the file is
        char *tail = name + length - 12;
        while (((unsigned char)*tail & 0xC0) == 0x80)
            tail++;
        size_t head = NAME_MOST - 12;
        while (((unsigned char)name[head] & 0xC0) == 0x80)
            head--;
        name = kr_arena_format(mem, "%.*s%s", (int)head, name, tail);
    }
    return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 ? name : "unnamed";
}

// Two different files of one name and year: the later gets its hash into its name.
static const char *free_path(struct export *export, struct kr_arena *mem,
                             const struct kr_item *item, const char *hex)
{
    char folder[16];
    folder_of(item, folder);
    const char *name = tame_name(mem, item), *dot = strrchr(name, '.');
    const char *path = kr_arena_format(mem, "%s/%s", folder, name);
    const char *note = kr_arena_format(mem, "%s.json", path);
    if (faccessat(export->dest, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
        faccessat(export->dest, note, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return path;
    int stem = dot && dot != name ? (int)(dot - name) : (int)strlen(name);
    return kr_arena_format(mem, "%s/%.*s.%.8s%s", folder, stem, name, hex, name + stem);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// Everything that stands and is heard, without ids and times of saying, in order of its text.
static json_t *new_claims(struct kr_store *store, struct kr_arena *mem,
                          const struct kr_claim_list *claims)
{
    const char **lines = kr_arena_array(mem, const char *, claims->n);
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++) {
        const struct kr_claim *claim = &claims->at[i];
        if (claims->retracted[i] || strcmp(claim->predicate, "retract") == 0 || !kr_is_heard(claim))
            continue;
        KR_AUTO(kr_json_drop) json_t *line = kr_json_new_object();
        kr_json_set_str(line, "predicate", claim->predicate);
        kr_json_set_take(line, "value", kr_heard_new_value(store, claim));
        kr_json_set_str(line, "who", kr_heard_who(claim));
        kr_json_set_real(line, "certain", claim->certain);
        lines[n++] = kr_json_canonical(mem, line);
    }
    if (n)
        qsort(lines, n, sizeof *lines, by_text);
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, json_loads(lines[i], 0, NULL));
    return list;
}

// The other files of a stack or group, by their hashes.
static json_t *new_hashes(struct kr_arena *mem, const struct kr_item_list *list)
{
    const char **hashes = kr_arena_array(mem, const char *, list->n);
    for (size_t i = 0; i < list->n; i++) {
        char hex[KR_SHA256_HEX];
        kr_blob_hex(&list->at[i].blob, hex);
        hashes[i] = kr_arena_strdup(mem, hex);
    }
    if (list->n)
        qsort(hashes, list->n, sizeof *hashes, by_text);
    json_t *out = kr_json_new_array();
    for (size_t i = 0; i < list->n; i++)
        kr_json_append_take(out, json_string(hashes[i]));
    return out;
}

static json_t *new_titles(const struct kr_album *albums, size_t n)
{
    json_t *titles = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(titles, json_string(albums[i].title));
    return titles;
}

static bool new_entry(struct export *export, struct kr_arena *mem, const struct kr_item *item,
                      const char *hex, json_t **out, struct kr_err *err)
{
    struct kr_claim_list claims;
    struct kr_item_list stack = {0}, near = {0};
    struct kr_album *albums;
    size_t album_count;
    if (!kr_albums_all(export->store, mem, item->id, &albums, &album_count, err) ||
        !kr_claims_of(export->store, mem, item->id, &claims, err) ||
        (*item->stack && !kr_items_of_stack(export->store, mem, item->stack, &stack, err)) ||
        (*item->near && !kr_items_near(export->store, mem, item->near, &near, err)) ||
        !kr_items_may(export->store, mem, &KR_VIEW_HOME, &stack, err) ||
        !kr_items_may(export->store, mem, &KR_VIEW_HOME, &near, err))
        return false;
    json_t *entry = kr_json_new_object();
    kr_json_set_str(entry, "sha256", hex);
    kr_json_set_str(entry, "date", item->date_edtf);
    kr_json_set_str(entry, "caption", item->caption);
    kr_json_set_bool(entry, "trashed", item->trashed_ms != 0);
    kr_json_set_bool(entry, "hidden", item->hidden);
    kr_json_set_take(entry, "albums", new_titles(albums, album_count));
    kr_json_set_take(entry, "claims", new_claims(export->store, mem, &claims));
    kr_json_set_take(entry, "stack", new_hashes(mem, &stack));
    kr_json_set_take(entry, "near", new_hashes(mem, &near));
    *out = entry;
    return true;
}

static bool write_text(struct export *export, const char *path, const char *text,
                       struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    return kr_newfile_begin(export->dest, &file, err) &&
           kr_newfile_write(&file, text, strlen(text), err) &&
           kr_newfile_write(&file, "\n", 1, err) && kr_newfile_replace(&file, path, err);
}

static bool copy_blob(struct export *export, const struct kr_item *item, const char *path,
                      struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int from = -1;
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    uint64_t copied = 0;
    uint8_t hash[KR_SHA256_SIZE];
    if (!kr_blobs_read(export->store->blobs, &item->blob, &from, err) ||
        !kr_newfile_begin(export->dest, &file, err) ||
        !kr_copy(from, file.fd, UINT64_MAX, &copied, err))
        return false;
    if (lseek(file.fd, 0, SEEK_SET) != 0 || !kr_sha256_fd(file.fd, hash, NULL, err))
        return false;
    if (memcmp(hash, item->blob.sha256, sizeof hash) != 0)
        return kr_fail(err, KR_E_DAMAGED, "the original no longer hashes to its name");
    export->counts.bytes += (int64_t)copied;
    return kr_newfile_publish(&file, path, err);
}

static bool export_item(void *context, const struct kr_item *item, struct kr_err *err)
{
    struct export *export = context;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *entry = NULL;
    char hex[KR_SHA256_HEX];
    bool may;
    if (!kr_may(export->store, mem, item, &KR_VIEW_HOME, &may, err))
        return false;
    if (!may)
        return true; // it rests; a backup has it
    kr_blob_hex(&item->blob, hex);
    const char *path = free_path(export, mem, item, hex);
    if (!new_entry(export, mem, item, hex, &entry, err))
        return false;
    struct kr_err why = {0};
    if (!copy_blob(export, item, path, &why)) {
        if (why.code == KR_E_FULL)
            return kr_fail(err, why.code, "%s", why.text);
        kr_json_set_str(entry, "failed", why.text);
        export->counts.failed++;
    }
    const char *line = kr_json_canonical(mem, entry);
    const char *sum = kr_arena_format(mem, "%s  %s\n", hex, path);
    bool fine = write_text(export, kr_arena_format(mem, "%s.json", path), line, err) &&
                kr_newfile_write(&export->lines, line, strlen(line), err) &&
                kr_newfile_write(&export->lines, "\n", 1, err) &&
                (why.code || kr_newfile_write(&export->sums, sum, strlen(sum), err));
    export->counts.files++;
    export->done++;
    if (fine && export->progress &&
        !export->progress(export->context, (double)export->done / (double)export->all))
        return kr_fail(err, KR_E_INTERRUPTED, "stopped");
    return fine;
}

static bool run(struct export *export, struct kr_err *err)
{
    struct kr_totals totals;
    if (!kr_items_totals(export->store, &totals, err))
        return false;
    export->all = totals.items + totals.trash + totals.hidden + 1;
    return kr_newfile_begin(export->dest, &export->lines, err) &&
           kr_newfile_begin(export->dest, &export->sums, err) &&
           kr_items_each(export->store, export_item, export, err) &&
           kr_newfile_publish(&export->sums, "manifest-sha256.txt", err) &&
           kr_newfile_publish(&export->lines, "manifest.jsonl", err);
}

bool kr_export_files(struct kr_store *store, const char *dest,
                     bool (*progress)(void *context, double done), void *context,
                     struct kr_export_counts *out, struct kr_err *err)
{
    struct export export = {.store = store,
                            .dest = -1,
                            .lines = KR_NEWFILE_NONE,
                            .sums = KR_NEWFILE_NONE,
                            .progress = progress,
                            .context = context};
    if (!kr_open_folder(AT_FDCWD, dest, true, &export.dest, err))
        return kr_within(err, "export");
    bool fine = kr_is_empty_folder(export.dest)
                    ? run(&export, err)
                    : kr_fail(err, KR_E_EXISTS, "'%s': the folder is not empty", dest);
    kr_newfile_discard(&export.lines);
    kr_newfile_discard(&export.sums);
    kr_fd_close(&export.dest);
    if (!fine)
        return kr_within(err, "export");
    *out = export.counts;
    return true;
}
