// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/tmp.h"

#include "base/clock.h"
#include "base/uuid.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY_S = 24 * 60 * 60, MOST_ID = 64, PASSING = 32 };
static const char upload_start[] = "upload-", recording_start[] = "recording-";

// Locks the folder `path` if it is free and still the one of that name: a sweep
// may have taken it between our opening and our locking it.
static int lock_folder(int archive, const char *path)
{
    struct stat mine, named;
    int fd = openat(archive, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        if (fstat(fd, &mine) == 0 && fstatat(archive, path, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
            mine.st_dev == named.st_dev && mine.st_ino == named.st_ino)
            return fd;
        errno = ENOENT;
    }
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static bool ready_tmp(int archive, struct kr_err *err)
{
    if (mkdirat(archive, "tmp", 0777) == 0 || errno == EEXIST)
        return true;
    return kr_fail_errno(err, "make the folder 'tmp'");
}

bool kr_tmp_begin(int archive, struct kr_tmp *out, struct kr_err *err)
{
    struct kr_tmp tmp = {.archive = archive, .fd = -1};
    if (!ready_tmp(archive, err))
        return false;
    for (int tries = 0; tmp.fd < 0 && tries < 8; tries++) {
        char id[KR_UUID_TEXT];
        kr_uuid_new_text(id);
        kr_format(tmp.path, sizeof tmp.path, "tmp/%s", id);
        if (mkdirat(archive, tmp.path, 0700) != 0)
            return kr_fail_errno(err, "make a passing folder");
        tmp.fd = lock_folder(archive, tmp.path);
    }
    if (tmp.fd < 0)
        return kr_fail_errno(err, "lock a passing folder");
    *out = tmp;
    return true;
}

static bool is_waiting_id(const char *id)
{
    size_t n = strlen(id);
    return n > 0 && n <= MOST_ID && strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz-") == n;
}

// A folder that outlives its process: of an upload or of a recording.
static bool waiting(int archive, const char *start, const char *id, bool make, struct kr_tmp *out,
                    struct kr_err *err)
{
    struct kr_tmp tmp = {.archive = archive, .fd = -1};
    if (!is_waiting_id(id))
        return kr_fail(err, KR_E_INVALID, "an id of other letters than a-z, 0-9 and '-'");
    kr_format(tmp.path, sizeof tmp.path, "tmp/%s%s", start, id);
    if (make && !ready_tmp(archive, err))
        return false;
    if (make && mkdirat(archive, tmp.path, 0700) != 0 && errno != EEXIST)
        return kr_fail_errno(err, "make the folder '%s'", tmp.path);
    tmp.fd = lock_folder(archive, tmp.path);
    if (tmp.fd < 0 && errno == EWOULDBLOCK)
        return kr_fail(err, KR_E_BUSY, "another request writes to '%s'", tmp.path);
    if (tmp.fd < 0)
        return kr_fail_errno(err, "open the folder '%s'", tmp.path);
    *out = tmp;
    return true;
}

bool kr_tmp_upload(int archive, const char *id, bool make, struct kr_tmp *out, struct kr_err *err)
{
    return waiting(archive, upload_start, id, make, out, err);
}

static bool flush_folder(int archive, const char *path, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int fd = openat(archive, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return (fd >= 0 && fsync(fd) == 0) || kr_fail_errno(err, "flush the folder '%s'", path);
}

bool kr_tmp_recording(int archive, const char *id, bool make, struct kr_tmp *out,
                      struct kr_err *err)
{
    if (!waiting(archive, recording_start, id, make, out, err))
        return false;
    if (!make || (flush_folder(archive, "tmp", err) && flush_folder(archive, ".", err)))
        return true;
    kr_tmp_end(out);
    return false;
}

const char *kr_tmp_recording_id(const char *name)
{
    const char *id = name + strlen(recording_start);
    return kr_starts_with(name, recording_start) && is_waiting_id(id) ? id : NULL;
}

void kr_tmp_leave(struct kr_tmp *tmp)
{
    kr_fd_close(&tmp->fd); // and with it goes the lock
}

void kr_tmp_end(struct kr_tmp *tmp)
{
    if (tmp->fd < 0)
        return;
    if (!kr_remove_tree(tmp->archive, tmp->path, NULL)) {
        // What cannot be removed now is left to a sweep.
    }
    kr_fd_close(&tmp->fd);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static DIR *list_folder(int at, const char *path)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        kr_fd_close(&fd);
    return dir;
}

// When somebody last changed the folder or a file in it.
static int64_t last_change_s(int folder)
{
    struct stat st;
    int64_t last = fstat(folder, &st) == 0 ? st.st_mtime : 0;
    KR_AUTO(close_dir) DIR *dir = list_folder(folder, ".");
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (strcmp(entry->d_name, "..") != 0 &&
            fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mtime > last)
            last = st.st_mtime;
    return last;
}

// A folder below tmp/: taken only with its lock in hand (1).
static bool sweep_folder(int archive, const char *name, struct kr_err *err)
{
    struct kr_uuid id;
    bool upload = kr_starts_with(name, upload_start);
    if (!upload && !kr_uuid_parse(name, &id))
        return true; // not ours
    char path[300];
    kr_format(path, sizeof path, "tmp/%s", name);
    KR_AUTO(kr_fd_close) int fd = lock_folder(archive, path);
    if (fd < 0)
        return true; // somebody works in it, or has just removed it
    int64_t limit = kr_now_ms() / 1000 - (int64_t)KR_TMP_UPLOAD_DAYS * DAY_S;
    if (upload && last_change_s(fd) > limit)
        return true;
    return kr_remove_tree(archive, path, err);
}

bool kr_tmp_is_passing(const char *name)
{
    return strlen(name) == PASSING && strspn(name, "0123456789abcdef") == PASSING;
}

// Files that kr_newfile named for a moment. They bear no lock, so age decides:
// nobody goes a day without writing to a file he is about to publish.
static bool sweep_names(int archive, const char *folder, struct kr_err *err)
{
    KR_AUTO(close_dir) DIR *dir = list_folder(archive, folder);
    int64_t limit = kr_now_ms() / 1000 - DAY_S;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct stat st;
        if (!kr_tmp_is_passing(entry->d_name) ||
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(st.st_mode) || st.st_mtime > limit)
            continue;
        if (unlinkat(dirfd(dir), entry->d_name, 0) != 0 && errno != ENOENT)
            return kr_fail_errno(err, "sweep a passing file in '%s'", folder);
    }
    return true;
}

bool kr_tmp_sweep(int archive, struct kr_err *err)
{
    KR_AUTO(close_dir) DIR *dir = list_folder(archive, "tmp");
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (!sweep_folder(archive, entry->d_name, err))
            return kr_within(err, "sweep tmp");
    static const char *const folders[] = {".", "tmp", "claims", "blobs", "cache"};
    for (size_t i = 0; i < KR_COUNT(folders); i++)
        if (!sweep_names(archive, folders[i], err))
            return false;
    return true;
}
