// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/cache.h"

#include "base/clock.h"
#include "base/newfile.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 128, MOST_THUMB = 64 << 20, MOST_RECIPE = 4 << 20 };

const int kr_thumb_px[KR_THUMB_COUNT] = {256, 1024, 2048};

// "thumbs/ab/cdef….256.jpg" below cache/.
static void thumb_path(const struct kr_blob_id *blob, enum kr_thumb size, char path[static PATH])
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(blob, hex);
    kr_format(path, PATH, "thumbs/%.2s/%s.%d.jpg", hex, hex + 2, kr_thumb_px[size]);
}

// A JPEG ends with an EOI marker (ITU-T T.81, B.1.1.3). Thumbnails are not
// flushed, so a power cut may leave one short: the marker tells a whole one.
static bool is_whole_jpeg(int fd, uint64_t length)
{
    uint8_t last[2];
    return length >= sizeof last && length <= MOST_THUMB &&
           pread(fd, last, sizeof last, (off_t)(length - sizeof last)) == sizeof last &&
           last[0] == 0xFF && last[1] == 0xD9;
}

static bool length_of(int fd, uint64_t *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    *out = (uint64_t)st.st_size;
    return true;
}

static bool make_folders(int cache, const char *path, struct kr_err *err)
{
    char folder[PATH];
    kr_format(folder, sizeof folder, "%.9s", path); // "thumbs/ab"
    if (mkdirat(cache, folder, 0777) == 0 || errno == EEXIST)
        return true;
    if (errno == ENOENT && (mkdirat(cache, "thumbs", 0777) == 0 || errno == EEXIST) &&
        (mkdirat(cache, folder, 0777) == 0 || errno == EEXIST))
        return true;
    return kr_fail_errno(err, "make the folder '%s'", folder);
}

// kr_newfile would flush; a thumbnail is not worth waiting for the disk. So it
// gathers the same way but only moves to its name, over an older one.
static bool put_unflushed(int cache, int from, const char *path, struct kr_err *err)
{
    char passing[PATH], hex[33];
    struct kr_uuid id = kr_uuid_new();
    kr_hex(id.bytes, sizeof id.bytes, hex);
    kr_format(passing, sizeof passing, "%s", hex); // a name that kr_tmp_sweep knows
    KR_AUTO(kr_fd_close)
    int fd = openat(cache, passing, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return kr_fail_errno(err, "begin a thumbnail");
    if (kr_copy(from, fd, MOST_THUMB, NULL, err) && make_folders(cache, path, err) &&
        (renameat(cache, passing, cache, path) == 0 || kr_fail_errno(err, "name a thumbnail")))
        return true;
    unlinkat(cache, passing, 0);
    return false;
}

bool kr_cache_put_thumb(struct kr_store *store, const struct kr_blob_id *blob, enum kr_thumb size,
                        int fd, struct kr_err *err)
{
    char path[PATH];
    uint64_t length = 0;
    if (!length_of(fd, &length) || !is_whole_jpeg(fd, length))
        return kr_fail(err, KR_E_INVALID, "a thumbnail that is no whole JPEG file");
    if (lseek(fd, 0, SEEK_SET) != 0)
        return kr_fail_errno(err, "read a thumbnail");
    thumb_path(blob, size, path);
    return put_unflushed(store->cache, fd, path, err);
}

bool kr_cache_thumb(struct kr_store *store, const struct kr_blob_id *blob, enum kr_thumb size,
                    int *fd, uint64_t *length, struct kr_err *err)
{
    char path[PATH];
    uint64_t n = 0;
    thumb_path(blob, size, path);
    KR_AUTO(kr_fd_close) int file = openat(store->cache, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return kr_fail_errno(err, "open a thumbnail");
    if (!length_of(file, &n) || !is_whole_jpeg(file, n)) {
        unlinkat(store->cache, path, 0); // it is made again
        return kr_fail(err, KR_E_NOT_FOUND, "a thumbnail that a power cut has torn");
    }
    *fd = file;
    *length = n;
    file = -1;
    return true;
}

void kr_cache_drop_thumbs(struct kr_store *store, const struct kr_blob_id *blob)
{
    for (int size = 0; size < KR_THUMB_COUNT; size++) {
        char path[PATH];
        thumb_path(blob, (enum kr_thumb)size, path);
        unlinkat(store->cache, path, 0);
    }
}

static bool is_ending(const char *ending)
{
    size_t n = strlen(ending);
    return n >= 1 && n <= 12 && strspn(ending, "abcdefghijklmnopqrstuvwxyz0123456789") == n;
}

static void rendition_path(const struct kr_rendition *rendition, char path[static PATH])
{
    kr_format(path, PATH, "renditions/%.36s.%.12s", rendition->id, rendition->ending);
}

static bool keep_file(struct kr_store *store, int fd, const char *path, uint64_t *size,
                      struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return kr_fail_errno(err, "read a rendition");
    return kr_newfile_begin(store->cache, &file, err) &&
           kr_copy(fd, file.fd, UINT64_MAX, size, err) && kr_newfile_publish(&file, path, err);
}

static bool add_row(struct kr_store *store, const struct kr_rendition *one, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *recipe = one->recipe ? kr_json_text(mem, one->recipe) : "null";
    return kr_db_run(store->db, KR_SQL_RENDITION_ADD, err, KR_TEXT(one->id), KR_TEXT(store->home),
                     KR_TEXT(one->subject), KR_TEXT(one->kind), KR_TEXT(one->mime),
                     KR_TEXT(one->ending), KR_TEXT(recipe), KR_INT(one->at_ms), KR_INT(one->size));
}

// The file comes before its row: a row never points into the void.
bool kr_rendition_keep(struct kr_store *store, struct kr_rendition *rendition, int fd,
                       struct kr_err *err)
{
    struct kr_rendition new = *rendition;
    char path[PATH];
    uint64_t size = 0;
    if (!is_ending(new.ending))
        return kr_fail(err, KR_E_INVALID,
                       "a rendition of an ending with other letters than a-z0-9");
    kr_uuid_new_text(new.id);
    new.at_ms = kr_now_ms();
    rendition_path(&new, path);
    if (!keep_file(store, fd, path, &size, err))
        return kr_within(err, "keep a rendition");
    new.size = (int64_t)size;
    if (!add_row(store, &new, err)) {
        unlinkat(store->cache, path, 0);
        return kr_within(err, "keep a rendition");
    }
    *rendition = new;
    return true;
}

static bool rendition_of_row(const struct kr_rows *rows, struct kr_arena *mem,
                             struct kr_rendition *out, struct kr_err *err)
{
    json_t *recipe;
    if (!kr_json_parse(kr_str_of(kr_row_text(rows, 5)), MOST_RECIPE, &recipe, err))
        return kr_within(err, "read a rendition");
    *out = (struct kr_rendition){
        .kind = kr_arena_strdup(mem, kr_row_text(rows, 2)),
        .mime = kr_arena_strdup(mem, kr_row_text(rows, 3)),
        .ending = kr_arena_strdup(mem, kr_row_text(rows, 4)),
        .recipe = kr_json_lend(mem, recipe),
        .at_ms = kr_row_int(rows, 6),
        .size = kr_row_int(rows, 7),
    };
    kr_format(out->id, sizeof out->id, "%.36s", kr_row_text(rows, 0));
    kr_format(out->subject, sizeof out->subject, "%.36s", kr_row_text(rows, 1));
    return true;
}

bool kr_rendition_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                      struct kr_rendition *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_RENDITION_GET, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no rendition of this id");
    return rendition_of_row(rows, mem, out, err);
}

bool kr_rendition_open(struct kr_store *store, const struct kr_rendition *rendition, int *fd,
                       struct kr_err *err)
{
    char path[PATH];
    rendition_path(rendition, path);
    int file = openat(store->cache, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return kr_fail_errno(err, "open a rendition");
    *fd = file;
    return true;
}

static bool list(struct kr_store *store, struct kr_arena *mem, enum kr_sql sql, const char *key,
                 struct kr_rendition **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf all = {0};
    if (!kr_db_query(store->db, sql, &rows, err, KR_TEXT(store->home), KR_TEXT(key)))
        return false;
    for (bool more = true;;) {
        struct kr_rendition one;
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            break;
        if (!rendition_of_row(rows, mem, &one, err))
            return false;
        kr_buf_add(&all, &one, sizeof one);
    }
    *n = all.n / sizeof(struct kr_rendition);
    *out = (struct kr_rendition *)(void *)kr_arena_copy(mem, all.at, all.n);
    return true;
}

bool kr_renditions_of(struct kr_store *store, struct kr_arena *mem, const char *subject,
                      struct kr_rendition **out, size_t *n, struct kr_err *err)
{
    return list(store, mem, KR_SQL_RENDITIONS_OF, subject, out, n, err);
}

bool kr_renditions_kind(struct kr_store *store, struct kr_arena *mem, const char *kind,
                        struct kr_rendition **out, size_t *n, struct kr_err *err)
{
    return list(store, mem, KR_SQL_RENDITIONS_KIND, kind, out, n, err);
}

bool kr_renditions_drop(struct kr_store *store, const char *subject, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_rendition *all;
    size_t n;
    if (!kr_renditions_of(store, mem, subject, &all, &n, err) ||
        !kr_db_run(store->db, KR_SQL_RENDITIONS_DROP, err, KR_TEXT(store->home), KR_TEXT(subject)))
        return kr_within(err, "drop renditions");
    for (size_t i = 0; i < n; i++) {
        char path[PATH];
        rendition_path(&all[i], path);
        if (unlinkat(store->cache, path, 0) != 0 && errno != ENOENT)
            return kr_fail_errno(err, "drop a rendition");
    }
    return true;
}
