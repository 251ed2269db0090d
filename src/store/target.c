// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/target_priv.h"

#include "base/newfile.h"
#include "store/mirror.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char authority[] = "authority.pem"; // in house/ (base/certs.h)

static bool is_ours(const char *name, bool fresh)
{
    static const char *const ours[] = {".",     "..",    "lost+found", "README.txt",
                                       "blobs", "tmp",   "cache",      "claims",
                                       "era",   "house", "parity"};
    for (size_t i = 0; i < KR_COUNT(ours); i++)
        if (strcmp(name, ours[i]) == 0)
            return true;
    // A name that an earlier copy, cut short, left behind is no stranger's.
    return kr_tmp_is_passing(name) || (!fresh && kr_starts_with(name, "kinreel.db"));
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

// A folder with other things in it is not ours to fill.
static bool is_fillable(int folder, bool fresh, struct kr_err *err)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "list the folder");
    KR_AUTO(close_dir) DIR *dir = fdopendir(fd);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (!is_ours(entry->d_name, fresh))
            return kr_fail(err, KR_E_EXISTS, "the folder holds other things");
    return true;
}

static bool lock_folder(int dir, struct kr_err *err)
{
    if (flock(dir, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return kr_fail(err, KR_E_BUSY, "another copies into this folder");
    return kr_fail_errno(err, "lock the folder");
}

bool kr_target_open(const char *path, int source, bool fresh, struct kr_target *out,
                    struct kr_err *err)
{
    KR_AUTO(kr_target_finish) struct kr_target to = KR_TARGET_NONE;
    to.path = path;
    if (!kr_open_folder(AT_FDCWD, path, true, &to.dir, err))
        return false;
    if (kr_folder_lies_in(to.dir, source) || kr_folder_lies_in(source, to.dir))
        return kr_fail(err, KR_E_REFUSED, "the two folders lie in each other");
    if (!is_fillable(to.dir, fresh, err) || !lock_folder(to.dir, err) ||
        !kr_blobs_open(to.dir, &to.blobs, err) || !kr_tmp_sweep(to.dir, err) ||
        !kr_tmp_begin(to.dir, &to.stage, err))
        return false;
    *out = to;
    to = KR_TARGET_NONE;
    return true;
}

void kr_target_finish(struct kr_target *target)
{
    kr_tmp_end(&target->stage);
    kr_blobs_close(&target->blobs);
    kr_fd_close(&target->dir);
}

// Whether the target's copy is whole already.
static bool is_there(struct kr_target *to, struct kr_blobs *source, const struct kr_blob_id *id,
                     bool all, bool *present)
{
    uint64_t there, here;
    *present = kr_blobs_size(to->blobs, id, &there);
    if (!*present)
        return false;
    bool alike = kr_blobs_size(source, id, &here) && here == there;
    return (alike && !all) || kr_blobs_verify(to->blobs, id, NULL, NULL);
}

bool kr_target_blob(struct kr_target *to, struct kr_blobs *source, const struct kr_blob_id *id,
                    bool all, enum kr_brought *out, struct kr_err *err)
{
    struct kr_err why = {0};
    KR_AUTO(kr_fd_close) int fd = -1;
    bool present;
    *out = KR_BROUGHT_NOTHING;
    if (is_there(to, source, id, all, &present))
        return true;
    // The copy's bytes must hash to the name, or they are not taken: a damaged
    // original never spoils a copy.
    if (!kr_blobs_read(source, id, &fd, &why) || !kr_blobs_mend(to->blobs, fd, id, &why)) {
        *out = KR_BROUGHT_MISSING;
        bool lost = why.code == KR_E_NOT_FOUND || why.code == KR_E_DAMAGED;
        return lost || kr_fail(err, why.code, "copy a blob: %s", why.text);
    }
    *out = present ? KR_BROUGHT_MENDED : KR_BROUGHT_NEW;
    return kr_blobs_verify(to->blobs, id, NULL, err) || kr_within(err, "read the copy back");
}

static bool same_content(int a_dir, int b_dir, const char *name)
{
    KR_AUTO(kr_fd_close) int a = openat(a_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    KR_AUTO(kr_fd_close) int b = openat(b_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    uint8_t hash_a[KR_SHA256_SIZE], hash_b[KR_SHA256_SIZE];
    if (b >= 0)
        posix_fadvise(b, 0, 0, POSIX_FADV_DONTNEED); // what lies on the disk counts
    return a >= 0 && b >= 0 && kr_sha256_fd(a, hash_a, NULL, NULL) &&
           kr_sha256_fd(b, hash_b, NULL, NULL) && memcmp(hash_a, hash_b, sizeof hash_a) == 0;
}

// A whole new file of the same name, read back.
static bool copy_file(int from_dir, int to_dir, const char *name, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_fd_close) int fd = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "open '%s'", name);
    if (!kr_newfile_begin(to_dir, &file, err))
        return false;
    // What nobody else may read they may not read in the copy, where the file system knows modes.
    struct stat from;
    if (fstat(fd, &from) == 0 && (from.st_mode & 0077) == 0)
        (void)!fchmod(file.fd, 0600);
    if (!kr_copy(fd, file.fd, UINT64_MAX, NULL, err) || !kr_newfile_replace(&file, name, err))
        return kr_within(err, "copy '%s'", name);
    return same_content(from_dir, to_dir, name) ||
           kr_fail(err, KR_E_DAMAGED, "copy '%s': it reads back as something else", name);
}

// The source's claims/, which a damaged archive may lack: -1 then.
static int source_claims(int source)
{
    return openat(source, "claims", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool stage_claims(struct kr_target *to, int source, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int from = source_claims(source);
    KR_AUTO(kr_fd_close) int old = -1;
    const char *const *files;
    size_t n = 0;
    if (!kr_open_folder(to->dir, "claims", true, &old, err) ||
        (from >= 0 && !kr_mirror_files(from, mem, &files, &n, err)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same_content(from, old, files[i]) && !copy_file(from, to->stage.fd, files[i], err))
            return false;
    return true;
}

static const char *staged_path(struct kr_target *to, struct kr_arena *mem)
{
    return kr_arena_format(mem, "%s/%s/kinreel.db", to->path, to->stage.path);
}

bool kr_target_staged_db(struct kr_target *to, struct kr_db **out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    return kr_db_open(staged_path(to, mem), false, out, err);
}

bool kr_target_stage(struct kr_target *to, int source, struct kr_db *db, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_db_close) struct kr_db *copy = NULL;
    return stage_claims(to, source, err) && kr_db_copy(db, staged_path(to, mem), err) &&
           kr_target_staged_db(to, &copy, err) && kr_db_check(copy, err);
}

// Months that the source has no more: all that was said in them is forgotten.
static bool drop_old_months(struct kr_target *to, int source, int claims, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int from = source_claims(source);
    const char *const *files;
    size_t n;
    (void)to;
    if (from < 0)
        return true; // nothing to learn from
    if (!kr_mirror_files(claims, mem, &files, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (faccessat(from, files[i], F_OK, 0) != 0 && unlinkat(claims, files[i], 0) != 0)
            return kr_fail_errno(err, "remove the old claims '%s'", files[i]);
    return true;
}

static bool publish_claims(struct kr_target *to, int source, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int claims = -1;
    const char *const *files;
    size_t n;
    if (!kr_open_folder(to->dir, "claims", true, &claims, err) ||
        !kr_mirror_files(to->stage.fd, mem, &files, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (renameat(to->stage.fd, files[i], claims, files[i]) != 0)
            return kr_fail_errno(err, "name the claims '%s'", files[i]);
    if (!drop_old_months(to, source, claims, err))
        return false;
    return fsync(claims) == 0 || kr_fail_errno(err, "flush the claims");
}

// A log of the old database must not be replayed into the new one.
static bool publish_db(struct kr_target *to, struct kr_err *err)
{
    static const char *const logs[] = {"kinreel.db-wal", "kinreel.db-shm"};
    for (size_t i = 0; i < KR_COUNT(logs); i++)
        if (unlinkat(to->dir, logs[i], 0) != 0 && errno != ENOENT)
            return kr_fail_errno(err, "remove '%s'", logs[i]);
    if (renameat(to->stage.fd, "kinreel.db", to->dir, "kinreel.db") != 0 || fsync(to->dir) != 0)
        return kr_fail_errno(err, "name the database");
    return true;
}

// One pack of era cards: the files of its folder; what else lies there is not ours.
static bool copy_pack(int from, int to, struct kr_err *err)
{
    int copy = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    KR_AUTO(close_dir) DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (!list) {
        kr_fd_close(&copy);
        return kr_fail_errno(err, "list a pack of era cards");
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        struct stat about;
        if (entry->d_name[0] == '.' ||
            fstatat(from, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(about.st_mode))
            continue;
        if (!same_content(from, to, entry->d_name) && !copy_file(from, to, entry->d_name, err))
            return false;
    }
    return true;
}

// The family's own era cards; an archive may have none.
static bool copy_era(struct kr_target *target, int source, struct kr_err *err)
{
    int era = openat(source, "era", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    KR_AUTO(close_dir) DIR *list = era < 0 ? NULL : fdopendir(era);
    if (!list) {
        kr_fd_close(&era);
        return errno == ENOENT || kr_fail_errno(err, "list the era cards");
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        KR_AUTO(kr_fd_close) int to = -1;
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        if (entry->d_name[0] == '.')
            continue;
        KR_AUTO(kr_fd_close)
        int from = openat(era, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        const char *path = kr_arena_format(mem, "era/%s", entry->d_name);
        if (from >= 0 &&
            (!kr_open_folder(target->dir, path, true, &to, err) || !copy_pack(from, to, err)))
            return false;
    }
    return true;
}

// What the family's devices trust. The rest of house/ is made again where the copy is served.
static bool publish_house(struct kr_target *to, int source, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int from = openat(source, "house", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0 || faccessat(from, authority, F_OK, 0) != 0)
        return true;
    if (mkdirat(to->dir, "house", 0700) != 0 && errno != EEXIST)
        return kr_fail_errno(err, "make the folder 'house'");
    KR_AUTO(kr_fd_close) int house = -1;
    return kr_open_folder(to->dir, "house", false, &house, err) &&
           (same_content(from, house, authority) || copy_file(from, house, authority, err));
}

bool kr_target_publish(struct kr_target *to, int source, struct kr_err *err)
{
    bool has_readme = faccessat(source, "README.txt", F_OK, 0) == 0;
    if (has_readme && !same_content(source, to->dir, "README.txt") &&
        !copy_file(source, to->dir, "README.txt", err))
        return false;
    if (mkdirat(to->dir, "cache", 0777) != 0 && errno != EEXIST)
        return kr_fail_errno(err, "make the folder 'cache'");
    if (!copy_era(to, source, err))
        return false;
    // A text that is behind its database is brought up to date when it is next
    // opened; a database that is behind its text is not.
    return publish_house(to, source, err) && publish_db(to, err) && publish_claims(to, source, err);
}
