// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/newfile.h"

#include "base/uuid.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// 32 hex digits, unlikely to meet another.
static void passing_name(char name[static 40])
{
    struct kr_uuid id = kr_uuid_new();
    char hex[2 * sizeof id.bytes + 1];
    kr_hex(id.bytes, sizeof id.bytes, hex);
    kr_format(name, 40, "%s", hex);
}

static int open_passing(int dir, char name[static 40])
{
    passing_name(name);
    char path[48];
    kr_format(path, sizeof path, "tmp/%s", name);
    int fd = openat(dir, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0) {
        kr_format(name, 40, "tmp/%.35s", path + 4);
        return fd;
    }
    return errno == ENOENT ? openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;
}

bool kr_newfile_begin(int dir, struct kr_newfile *out, struct kr_err *err)
{
    struct kr_newfile file = {.dir = dir};
    file.fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
    if (file.fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
        file.fd = open_passing(dir, file.name);
    if (file.fd < 0)
        return kr_fail_errno(err, "begin a file");
    *out = file;
    return true;
}

bool kr_newfile_write(struct kr_newfile *file, const void *bytes, size_t n, struct kr_err *err)
{
    return kr_write_all(file->fd, bytes, n, err);
}

static bool sync_folder(int dir, const char *path, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return kr_fail_errno(err, "flush the folder '%s'", path);
    return true;
}

// The folder of `path` exists afterwards and its own name is on the disk,
// whoever made it (another process may have, a moment ago).
static bool ready_folder(int dir, const char *path, char folder[static 256], struct kr_err *err)
{
    const char *slash = strrchr(path, '/');
    if (!slash) {
        kr_format(folder, 256, ".");
        return true;
    }
    kr_format(folder, 256, "%.*s", (int)(slash - path), path);
    if (faccessat(dir, folder, F_OK, 0) == 0)
        return true;
    if (mkdirat(dir, folder, 0777) != 0 && errno != EEXIST)
        return kr_fail_errno(err, "make the folder '%s'", folder);
    return true;
}

static bool name_by_link(struct kr_newfile *file, const char *path)
{
    if (file->name[0])
        return linkat(file->dir, file->name, file->dir, path, 0) == 0;
    char proc[40];
    kr_format(proc, sizeof proc, "/proc/self/fd/%d", file->fd);
    return linkat(AT_FDCWD, proc, file->dir, path, AT_SYMLINK_FOLLOW) == 0;
}

// Where there are no hard links the passing name moves instead.
static bool give_name(struct kr_newfile *file, const char *path, struct kr_err *err)
{
    if (name_by_link(file, path) || errno == EEXIST)
        return true;
    bool no_links = errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK || errno == ENOSYS;
    if (!no_links || !file->name[0])
        return kr_fail_errno(err, "name '%s'", path);
    if (renameat2(file->dir, file->name, file->dir, path, RENAME_NOREPLACE) != 0) {
        if (errno != EEXIST)
            return kr_fail_errno(err, "name '%s'", path);
    } else {
        file->name[0] = '\0';
    }
    return true;
}

static bool flush(struct kr_newfile *file, struct kr_err *err)
{
    return fsync(file->fd) == 0 || kr_fail_errno(err, "flush");
}

bool kr_newfile_publish(struct kr_newfile *file, const char *path, struct kr_err *err)
{
    char folder[256];
    if (!flush(file, err) || !ready_folder(file->dir, path, folder, err) ||
        !give_name(file, path, err))
        return false;
    if (strchr(path, '/') && !sync_folder(file->dir, ".", err))
        return false;
    if (!sync_folder(file->dir, folder, err))
        return false;
    kr_newfile_discard(file);
    return true;
}

bool kr_newfile_replace(struct kr_newfile *file, const char *path, struct kr_err *err)
{
    char folder[256], passing[40] = "";
    if (!flush(file, err) || !ready_folder(file->dir, path, folder, err))
        return false;
    if (!file->name[0]) {
        passing_name(passing);
        if (!name_by_link(file, passing))
            return kr_fail_errno(err, "name '%s' for a moment", path);
        kr_format(file->name, sizeof file->name, "%s", passing);
    }
    if (renameat(file->dir, file->name, file->dir, path) != 0)
        return kr_fail_errno(err, "name '%s'", path);
    file->name[0] = '\0';
    if (!sync_folder(file->dir, folder, err))
        return false;
    kr_newfile_discard(file);
    return true;
}

void kr_newfile_discard(struct kr_newfile *file)
{
    if (file->fd >= 0 && file->name[0])
        unlinkat(file->dir, file->name, 0);
    kr_fd_close(&file->fd);
    file->name[0] = '\0';
}
