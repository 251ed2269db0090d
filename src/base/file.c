// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 18 };

void kr_fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

ssize_t kr_read(int fd, void *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, (char *)out + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

bool kr_write_all(int fd, const void *bytes, size_t n, struct kr_err *err)
{
    for (size_t done = 0; done < n;) {
        ssize_t now = write(fd, (const char *)bytes + done, n - done);
        if (now < 0 && errno == EINTR)
            continue;
        if (now < 0)
            return kr_fail_errno(err, "write %zu bytes", n);
        done += (size_t)now;
    }
    return true;
}

bool kr_read_all(struct kr_arena *mem, int fd, size_t most, struct kr_str *out, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    KR_AUTO(kr_free_at) char *chunk = kr_alloc(CHUNK);
    for (;;) {
        ssize_t n = kr_read(fd, chunk, CHUNK);
        if (n < 0)
            return kr_fail_errno(err, "read");
        if (n == 0)
            break;
        if ((size_t)n > most - buf.n)
            return kr_fail(err, KR_E_TOO_BIG, "more than %zu bytes", most);
        kr_buf_add(&buf, chunk, (size_t)n);
    }
    *out = (struct kr_str){kr_arena_copy(mem, buf.at, buf.n), buf.n};
    return true;
}

bool kr_read_file(struct kr_arena *mem, int dir, const char *path, size_t most, struct kr_str *out,
                  struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "open '%s'", path);
    if (!kr_read_all(mem, fd, most, out, err))
        return kr_within(err, "read '%s'", path);
    return true;
}

static bool copy_by_hand(int from, int to, uint64_t most, uint64_t *total, struct kr_err *err)
{
    KR_AUTO(kr_free_at) char *chunk = kr_alloc(CHUNK);
    ssize_t n;
    while ((n = kr_read(from, chunk, CHUNK)) > 0) {
        if ((uint64_t)n > most - *total)
            return kr_fail(err, KR_E_TOO_BIG, "more than %ju bytes", (uintmax_t)most);
        if (!kr_write_all(to, chunk, (size_t)n, err))
            return false;
        *total += (uint64_t)n;
    }
    return n == 0 || kr_fail_errno(err, "read");
}

bool kr_copy(int from, int to, uint64_t most, uint64_t *copied, struct kr_err *err)
{
    uint64_t total = 0;
    struct stat st;
    bool bounded = fstat(from, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size <= most;
    while (bounded) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
        if (n <= 0)
            break; // at the end, or not supported here: the loop below finds out which
        total += (uint64_t)n;
    }
    if (!copy_by_hand(from, to, most, &total, err))
        return kr_within(err, "copy");
    if (copied)
        *copied = total;
    return true;
}

static bool make_parents(int at, const char *path, struct kr_err *err)
{
    KR_AUTO(kr_free_at) char *part = kr_strdup(path);
    for (char *slash = part + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdirat(at, part, 0777) != 0 && errno != EEXIST)
            return kr_fail_errno(err, "make the folder '%s'", part);
        *slash = '/';
    }
    if (mkdirat(at, part, 0777) != 0 && errno != EEXIST)
        return kr_fail_errno(err, "make the folder '%s'", part);
    return true;
}

bool kr_open_folder(int at, const char *path, bool make, int *out, struct kr_err *err)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && make) {
        if (!make_parents(at, path, err))
            return false;
        fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (fd < 0)
        return kr_fail_errno(err, "open the folder '%s'", path);
    *out = fd;
    return true;
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static bool empty_folder(int at, const char *path, struct kr_err *err)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "open the folder '%s'", path);
    KR_AUTO(close_dir) DIR *dir = fdopendir(fd);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!kr_remove_tree(fd, entry->d_name, err))
            return false;
    }
    return true;
}

static bool same_folder(int a, int b)
{
    struct stat sa, sb;
    return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

bool kr_folder_lies_in(int inner, int outer)
{
    KR_AUTO(kr_fd_close) int here = dup(inner);
    while (here >= 0) {
        if (same_folder(here, outer))
            return true;
        int up = openat(here, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        bool top = up < 0 || same_folder(here, up);
        kr_fd_close(&here);
        here = up;
        if (top)
            break;
    }
    return false;
}

bool kr_is_empty_folder(int dir)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    KR_AUTO(close_dir) DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    bool empty = list != NULL;
    for (struct dirent *entry; empty && (entry = readdir(list));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    return empty;
}

const char *kr_shipped(struct kr_arena *mem, const char *name)
{
    static const char *const places[] = {"", "../share/kinreel/"};
    char program[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0)
        return NULL;
    program[n] = '\0';
    const char *slash = strrchr(program, '/');
    for (size_t i = 0; i < KR_COUNT(places); i++) {
        const char *path =
            kr_arena_format(mem, "%.*s/%s%s", (int)(slash - program), program, places[i], name);
        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}

bool kr_remove_tree(int at, const char *path, struct kr_err *err)
{
    if (unlinkat(at, path, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return kr_fail_errno(err, "remove '%s'", path);
    if (!empty_folder(at, path, err))
        return false;
    if (unlinkat(at, path, AT_REMOVEDIR) != 0 && errno != ENOENT)
        return kr_fail_errno(err, "remove the folder '%s'", path);
    return true;
}

bool kr_memory_file(const char *name, int *out, struct kr_err *err)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0)
        return kr_fail_errno(err, "make a file in memory");
    *out = fd;
    return true;
}
