// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/blobs.h"

#include "base/newfile.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    CHUNK = 1 << 18,
    SHELVES = 256,
    PATH = sizeof "blobs/ab/" + KR_SHA256_HEX,
    WRITE_BEHIND = 8 << 20, // so much may wait in memory before the disk is set to work
};

struct kr_blobs {
    int archive; // borrowed
    int dir;     // owned: blobs/
    // Shelves (blobs/ab/) whose own name this process has flushed already.
    atomic_bool flushed[SHELVES];
};

bool kr_blobs_open(int dir, struct kr_blobs **out, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int tmp = -1;
    int fd;
    if (!kr_open_folder(dir, "tmp", true, &tmp, err) ||
        !kr_open_folder(dir, "blobs", true, &fd, err))
        return kr_within(err, "open the drawer");
    *out = kr_new(struct kr_blobs);
    (*out)->archive = dir;
    (*out)->dir = fd;
    return true;
}

void kr_blobs_close(struct kr_blobs **blobs)
{
    if (*blobs)
        kr_fd_close(&(*blobs)->dir);
    kr_free(blobs);
}

void kr_blob_hex(const struct kr_blob_id *id, char out[static KR_SHA256_HEX])
{
    kr_hex(id->sha256, sizeof id->sha256, out);
}

bool kr_blob_of_hex(const char *hex, struct kr_blob_id *out)
{
    struct kr_blob_id id;
    if (strlen(hex) != KR_SHA256_HEX - 1 || strspn(hex, "0123456789abcdef") != strlen(hex) ||
        !kr_unhex(hex, id.sha256, sizeof id.sha256))
        return false;
    *out = id;
    return true;
}

// "blobs/ab/cdef…": 256 shelves, few enough to list, enough to share a million
// files. `path` is below the archive; path + 6 below blobs/, path + 9 on the shelf.
static void path_of(const struct kr_blob_id *id, char path[static PATH])
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(id, hex);
    kr_format(path, PATH, "blobs/%.2s/%s", hex, hex + 2);
}
enum { IN_DRAWER = sizeof "blobs/" - 1, ON_SHELF = sizeof "blobs/ab/" - 1 };

// The shelf of an id, opened. Its own name is on the disk afterwards, whoever
// made it: another process may have, and died before it flushed blobs/ (3).
static bool open_shelf(struct kr_blobs *blobs, const struct kr_blob_id *id, int *out,
                       struct kr_err *err)
{
    char name[3];
    unsigned number = id->sha256[0];
    kr_format(name, sizeof name, "%02x", number);
    int fd = openat(blobs->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        blobs->flushed[number] = false;
        if (mkdirat(blobs->dir, name, 0777) != 0 && errno != EEXIST)
            return kr_fail_errno(err, "make the shelf %s", name);
        fd = openat(blobs->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (fd < 0)
        return kr_fail_errno(err, "open the shelf %s", name);
    if (!blobs->flushed[number] && (fsync(blobs->dir) != 0 || fsync(blobs->archive) != 0)) {
        kr_fail_errno(err, "flush the drawer");
        close(fd);
        return false;
    }
    blobs->flushed[number] = true;
    *out = fd;
    return true;
}

static bool same_source(const struct stat *before, const struct stat *after)
{
    return before->st_size == after->st_size && before->st_mtim.tv_sec == after->st_mtim.tv_sec &&
           before->st_mtim.tv_nsec == after->st_mtim.tv_nsec;
}

// Copies and hashes in one pass.
static bool gather(int from, struct kr_newfile *to, uint64_t most, struct kr_blob_id *out,
                   uint64_t *size, struct kr_err *err)
{
    KR_AUTO(kr_sha256_discard) struct kr_sha256 *hash = kr_sha256_begin();
    KR_AUTO(kr_free_at) char *chunk = kr_alloc(CHUNK);
    uint64_t total = 0, behind = 0;
    ssize_t n;
    while ((n = kr_read(from, chunk, CHUNK)) > 0) {
        if ((uint64_t)n > most - total)
            return kr_fail(err, KR_E_TOO_BIG, "more than %ju bytes", (uintmax_t)most);
        if (!kr_newfile_write(to, chunk, (size_t)n, err))
            return false;
        kr_sha256_add(hash, chunk, (size_t)n);
        total += (uint64_t)n;
        // The disk writes while we read on; the flush at the end waits the less.
        if (total - behind >= WRITE_BEHIND) {
            sync_file_range(to->fd, (off_t)behind, (off_t)(total - behind), SYNC_FILE_RANGE_WRITE);
            behind = total;
        }
    }
    if (n < 0)
        return kr_fail_errno(err, "read the arriving bytes");
    kr_sha256_end(&hash, out->sha256);
    *size = total;
    return true;
}

// Gathers from a source that must not change meanwhile: half of an old and half
// of a new picture is nobody's original.
static bool gather_still(int from, struct kr_newfile *to, uint64_t most, struct kr_blob_id *out,
                         uint64_t *size, struct kr_err *err)
{
    struct stat before, after;
    if (fstat(from, &before) != 0)
        return kr_fail_errno(err, "look at the arriving file");
    off_t start = lseek(from, 0, SEEK_CUR); // -1 for a pipe
    posix_fadvise(from, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (!gather(from, to, most, out, size, err))
        return false;
    if (!S_ISREG(before.st_mode) || before.st_size == 0 || start < 0)
        return true;
    bool whole = start > before.st_size || *size == (uint64_t)(before.st_size - start);
    if (fstat(from, &after) != 0 || !same_source(&before, &after) || !whole)
        return kr_fail(err, KR_E_CONFLICT, "the file changed while it was read");
    return true;
}

// A full disk must still let the database commit what it has acknowledged: the
// last 4 MiB (of a tiny disk its last 32nd) are not for originals.
static bool leaves_reserve(int fd, struct kr_err *err)
{
    struct statvfs disk;
    if (fstatvfs(fd, &disk) != 0)
        return kr_fail_errno(err, "ask for free space");
    uint64_t total = (uint64_t)disk.f_blocks * disk.f_frsize;
    uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;
    uint64_t reserve = total / 32 < (4 << 20) ? total / 32 : (4 << 20);
    if (total > 0 && left < reserve)
        return kr_fail(err, KR_E_FULL, "%ju bytes are left on the disk", (uintmax_t)left);
    return true;
}

static bool begin(struct kr_blobs *blobs, struct kr_newfile *out, struct kr_err *err)
{
    if (!kr_newfile_begin(blobs->archive, out, err))
        return false;
    if (fchmod(out->fd, 0444) != 0 && errno != EPERM) // some file systems know no modes
        return kr_fail_errno(err, "make it read-only");
    return true;
}

// Gives the gathered bytes their name: flush, name, flush the shelf (1) (3).
// A nameless file can be named from the shelf itself, which saves a flush of the
// archive's folder; one with a passing name (a replacement needs one) can not.
static bool put_on_shelf(struct kr_blobs *blobs, struct kr_newfile *file,
                         const struct kr_blob_id *id, bool over, struct kr_err *err)
{
    char path[PATH];
    KR_AUTO(kr_fd_close) int shelf = -1;
    path_of(id, path);
    if (!leaves_reserve(file->fd, err) || !open_shelf(blobs, id, &shelf, err))
        return false;
    const char *name = path;
    if (!file->name[0] && !over) {
        file->dir = shelf;
        name = path + ON_SHELF;
    }
    bool put = over ? kr_newfile_replace(file, name, err) : kr_newfile_publish(file, name, err);
    if (!put)
        kr_newfile_discard(file); // its folder, the shelf, closes here
    return put;
}

// The blob is there already. Its name may not be on the disk yet: whoever gave
// it may have died before the last flush (3).
static bool flush_shelf(struct kr_blobs *blobs, const struct kr_blob_id *id, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int shelf = -1;
    if (!open_shelf(blobs, id, &shelf, err))
        return false;
    return fsync(shelf) == 0 || kr_fail_errno(err, "flush the shelf");
}

// Whether what lies under this name is broken for certain. Another length is
// the sign; the hash is the proof.
static bool is_broken(struct kr_blobs *blobs, const struct kr_blob_id *id, uint64_t there,
                      uint64_t size)
{
    struct kr_err why = {0};
    return there != size && !kr_blobs_verify(blobs, id, NULL, &why) && why.code == KR_E_DAMAGED;
}

bool kr_blobs_keep(struct kr_blobs *blobs, int fd, uint64_t most, struct kr_blob_id *out,
                   uint64_t *size, struct kr_err *err)
{
    // A half copy never bears a blob's name (1): it has none, and leaving this
    // function by any road lets it go.
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    struct kr_blob_id id;
    uint64_t total, there;

    if (!begin(blobs, &file, err) || !gather_still(fd, &file, most, &id, &total, err))
        return kr_within(err, "keep an original");
    bool known = kr_blobs_size(blobs, &id, &there);
    bool heal = known && is_broken(blobs, &id, there, total);
    if (known && !heal ? !flush_shelf(blobs, &id, err) // (2)
                       : !put_on_shelf(blobs, &file, &id, heal, err))
        return kr_within(err, "keep original %02x%02x…", id.sha256[0], id.sha256[1]);
    *out = id;
    if (size)
        *size = total;
    return true;
}

bool kr_blobs_mend(struct kr_blobs *blobs, int fd, const struct kr_blob_id *id, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    struct kr_blob_id is;
    uint64_t size;
    if (!begin(blobs, &file, err) || !gather(fd, &file, UINT64_MAX, &is, &size, err))
        return kr_within(err, "mend a blob");
    if (memcmp(&is, id, sizeof is) != 0)
        return kr_fail(err, KR_E_DAMAGED, "mend a blob: the other copy has other bytes");
    bool over = kr_blobs_has(blobs, id);
    return put_on_shelf(blobs, &file, id, over, err) || kr_within(err, "mend a blob");
}

bool kr_blobs_size(struct kr_blobs *blobs, const struct kr_blob_id *id, uint64_t *out)
{
    char path[PATH];
    struct stat st;
    path_of(id, path);
    if (fstatat(blobs->dir, path + IN_DRAWER, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(st.st_mode))
        return false;
    *out = (uint64_t)st.st_size;
    return true;
}

bool kr_blobs_has(struct kr_blobs *blobs, const struct kr_blob_id *id)
{
    uint64_t size;
    return kr_blobs_size(blobs, id, &size);
}

bool kr_blobs_read(struct kr_blobs *blobs, const struct kr_blob_id *id, int *out,
                   struct kr_err *err)
{
    char path[PATH];
    path_of(id, path);
    int fd = openat(blobs->dir, path + IN_DRAWER, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "open '%s'", path);
    *out = fd;
    return true;
}

bool kr_blobs_verify(struct kr_blobs *blobs, const struct kr_blob_id *id, uint64_t *size,
                     struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_blob_id is;
    uint64_t total;
    if (!kr_blobs_read(blobs, id, &fd, err))
        return false;
    // What memory remembers proves nothing about the disk.
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (!kr_sha256_fd(fd, is.sha256, &total, err))
        return kr_within(err, "verify a blob");
    if (memcmp(&is, id, sizeof is) != 0)
        return kr_fail(err, KR_E_DAMAGED, "a blob of %ju bytes does not hash to its name",
                       (uintmax_t)total);
    if (size)
        *size = total;
    return true;
}

bool kr_blobs_forget(struct kr_blobs *blobs, const struct kr_blob_id *id, struct kr_err *err)
{
    char path[PATH];
    path_of(id, path);
    if (unlinkat(blobs->dir, path + IN_DRAWER, 0) != 0)
        return errno == ENOENT || kr_fail_errno(err, "forget '%s'", path);
    return flush_shelf(blobs, id, err) || kr_within(err, "forget '%s'", path);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static int by_name(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct kr_blob_id));
}

// The ids on one shelf, sorted, in a list that grows. No shelf: none.
static bool list_shelf(struct kr_blobs *blobs, unsigned number, struct kr_buf *ids,
                       struct kr_err *err)
{
    char hex[2 + 256];
    kr_format(hex, sizeof hex, "%02x", number);
    int fd = openat(blobs->dir, hex, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || kr_fail_errno(err, "open the shelf %s", hex);
    KR_AUTO(close_dir) DIR *dir = fdopendir(fd);
    ids->n = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct kr_blob_id id;
        kr_format(hex + 2, sizeof hex - 2, "%s", entry->d_name);
        if (kr_blob_of_hex(hex, &id))
            kr_buf_add(ids, &id, sizeof id);
    }
    if (ids->n)
        qsort(ids->at, ids->n / sizeof(struct kr_blob_id), sizeof(struct kr_blob_id), by_name);
    return true;
}

bool kr_blobs_each(struct kr_blobs *blobs, bool (*see)(void *context, const struct kr_blob_id *id),
                   void *context, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf ids = {0};
    for (unsigned number = 0; number < SHELVES; number++) {
        ids.n = 0;
        if (!list_shelf(blobs, number, &ids, err))
            return false;
        for (size_t at = 0; at < ids.n; at += sizeof(struct kr_blob_id)) {
            struct kr_blob_id id;
            memcpy(&id, ids.at + at, sizeof id);
            if (!see(context, &id))
                return true;
        }
    }
    return true;
}
