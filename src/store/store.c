// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/store.h"

#include "base/file.h"
#include "base/newfile.h"
#include "base/settings.h"
#include "base/words.h"
#include "store/tmp.h"
#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A family's pictures in a work tree are one `git clean` away from their end.
static bool inside_git(int dir)
{
    KR_AUTO(kr_fd_close) int here = fcntl(dir, F_DUPFD_CLOEXEC, 0);
    struct stat now, above;
    while (here >= 0 && fstat(here, &now) == 0) {
        if (faccessat(here, ".git", F_OK, 0) == 0)
            return true;
        int up = openat(here, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        kr_fd_close(&here);
        here = up;
        if (here < 0 || fstat(here, &above) != 0 ||
            (above.st_ino == now.st_ino && above.st_dev == now.st_dev))
            return false;
    }
    return false;
}

static bool write_readme(int dir, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    if (!kr_newfile_begin(dir, &file, err))
        return false;
    for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
        const char *text = kr_word((enum kr_lang)lang, "archive.readme");
        if (!kr_newfile_write(&file, text, strlen(text), err) ||
            !kr_newfile_write(&file, "\n", 1, err))
            return false;
    }
    return kr_newfile_publish(&file, "README.txt", err);
}

static bool open_db(const char *path, bool write, struct kr_db **out, struct kr_err *err)
{
    KR_AUTO(kr_free_at) char *file = kr_alloc(strlen(path) + sizeof "/kinreel.db");
    kr_format(file, strlen(path) + sizeof "/kinreel.db", "%s/kinreel.db", path);
    return kr_db_open(file, write, out, err);
}

static bool make_home(struct kr_db *db, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    char id[KR_UUID_TEXT];
    kr_uuid_new_text(id);
    return kr_tx_begin(db, &tx, err) &&
           kr_db_run(db, KR_SQL_HOME_ADD, err, KR_TEXT(id), KR_TEXT("")) &&
           kr_db_run(db, KR_SQL_META_SET, err, KR_TEXT("archive"), KR_TEXT(id)) &&
           kr_tx_commit(&tx, err);
}

static bool fill_archive(const char *path, int dir, struct kr_err *err)
{
    static const char *const folders[] = {"blobs", "cache", "claims", "tmp"};
    for (size_t i = 0; i < KR_COUNT(folders); i++)
        if (mkdirat(dir, folders[i], 0777) != 0)
            return kr_fail_errno(err, "make the folder '%s'", folders[i]);
    KR_AUTO(kr_db_close) struct kr_db *db = NULL;
    return open_db(path, true, &db, err) && kr_db_migrate(db, err) && make_home(db, err) &&
           write_readme(dir, err);
}

bool kr_store_init(const char *path, bool anywhere, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int dir = -1;
    if (!kr_open_folder(AT_FDCWD, path, true, &dir, err))
        return kr_within(err, "make an archive");
    if (!kr_is_empty_folder(dir))
        return kr_fail(err, KR_E_EXISTS, "make an archive in '%s': the folder is not empty", path);
    if (!anywhere && inside_git(dir))
        return kr_fail(err, KR_E_REFUSED, "make an archive in '%s': inside a git work tree", path);
    return fill_archive(path, dir, err) || kr_within(err, "make an archive in '%s'", path);
}

static bool read_home(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_HOME_FIRST, &rows, err) || !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_DAMAGED, "the archive holds no home");
    kr_format(store->home, sizeof store->home, "%.36s", kr_row_text(rows, 0));
    return true;
}

// Whoever only reads cannot migrate: a writer does it first.
static bool bring_up(const char *path, struct kr_db *reader, struct kr_err *err)
{
    KR_AUTO(kr_db_close) struct kr_db *writer = NULL;
    bool current;
    return kr_db_is_current(reader, &current, err) &&
           (current || (open_db(path, true, &writer, err) && kr_db_migrate(writer, err)));
}

static bool open_parts(const char *path, bool write, struct kr_store *store, struct kr_err *err)
{
    if (faccessat(store->dir, "kinreel.db", F_OK, 0) != 0)
        return kr_fail(err, KR_E_NOT_FOUND, "no archive here");
    if (!kr_blobs_open(store->dir, &store->blobs, err) ||
        !kr_open_folder(store->dir, "cache", true, &store->cache, err) ||
        !open_db(path, write, &store->db, err))
        return false;
    if (write ? !kr_db_migrate(store->db, err) || !kr_tmp_sweep(store->dir, err)
              : !bring_up(path, store->db, err))
        return false;
    return read_home(store, err);
}

bool kr_store_open(const char *path, enum kr_store_mode mode, struct kr_store **out,
                   struct kr_err *err)
{
    KR_AUTO(kr_store_close) struct kr_store *store = kr_new(struct kr_store);
    store->dir = store->cache = -1;
    if (!kr_open_folder(AT_FDCWD, path, false, &store->dir, err) ||
        !open_parts(path, mode == KR_STORE_WRITE, store, err))
        return kr_within(err, "open the archive '%s'", path);
    *out = store;
    store = NULL;
    return true;
}

void kr_store_enter(struct kr_store *store, const char *home)
{
    if (home && *home)
        kr_format(store->home, sizeof store->home, "%.36s", home);
}

void kr_store_close(struct kr_store **store)
{
    if (*store) {
        kr_db_close(&(*store)->db);
        kr_blobs_close(&(*store)->blobs);
        kr_fd_close(&(*store)->cache);
        kr_fd_close(&(*store)->dir);
    }
    kr_free(store);
}

bool kr_store_setting(struct kr_store *store, struct kr_arena *mem, const char *key,
                      const char **out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_SETTING_GET, &rows, err, KR_TEXT(key)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_arena_strdup(mem, kr_row_text(rows, 0)) : NULL;
    return true;
}

bool kr_store_set_setting(struct kr_store *store, const char *key, const char *value,
                          struct kr_err *err)
{
    if (!value)
        return kr_db_run(store->db, KR_SQL_SETTING_DROP, err, KR_TEXT(key));
    return kr_db_run(store->db, KR_SQL_SETTING_SET, err, KR_TEXT(key), KR_TEXT(value));
}

bool kr_store_number(struct kr_store *store, const char *key, int64_t *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const struct kr_setting *setting = kr_setting_of(key);
    const char *in_archive;
    enum kr_setting_from from;
    assert(setting && setting->type == KR_SETTING_INT);
    if (!kr_store_setting(store, mem, key, &in_archive, err))
        return false;
    const char *value = kr_setting_value(mem, setting, in_archive, &from);
    return kr_parse_int(value, setting->least, setting->most, out) ||
           kr_fail(err, KR_E_INVALID, "the setting %s", key);
}

const char *kr_store_own_key(const struct kr_store *store, const char *key,
                             char out[static KR_NOTE_KEY])
{
    kr_format(out, KR_NOTE_KEY, "%s %s", key, store->home);
    return out;
}

bool kr_store_note(struct kr_store *store, const char *key, const char *note, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_META_SET, err, KR_TEXT(key), KR_TEXT(note));
}

bool kr_store_noted(struct kr_store *store, struct kr_arena *mem, const char *key, const char **out,
                    struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_META_GET, &rows, err, KR_TEXT(key)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_arena_strdup(mem, kr_row_text(rows, 0)) : "";
    return true;
}

bool kr_store_swap_note(struct kr_store *store, const char *key, const char *before,
                        const char *now, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_META_SWAP, err, KR_TEXT(key), KR_TEXT(before), KR_TEXT(now));
}
