// SPDX-License-Identifier: AGPL-3.0-or-later
// shim.c: the disk on its worst day, as a library to preload.
//
// Counts the calls that change something below the folder FAULT_DIR. At the
// n-th (FAULT_AT) it does what FAULT_KIND says:
//   kill   the process dies at once
//   power  the plug is pulled: every file is cut back to its last flush, every
//          name whose folder was not flushed since is undone, then it dies
//   full, broken   the call answers ENOSPC or EIO, once
//   full_on, broken_on   so does every one from here on
//   short  a write takes half of what it was given, then the disk is full
// SQLite's own files (kinreel.db*) are counted, but a power cut leaves them as
// they are: SQLite has its own crash tests. Names that were removed do not come
// back. FAULT_NO_TMPFILE=1 and FAULT_NO_LINK=1 play a file system without
// nameless files and without hard links. One thread, few hundred files.

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 4096, PATH = 512 };

static struct {
    bool ready, hit, no_tmpfile, no_link;
    char dir[PATH];
    const char *kind, *blind;
    long at, n;
} fault;

// Files by inode: how long they were at their last flush.
static struct {
    ino_t inode;
    off_t flushed;
} files[MOST];
static int file_n;

// Names whose folder has not been flushed since; `before` is a second name of
// the file that stood there, or empty.
static struct {
    char path[PATH], before[PATH];
} names[MOST];
static int name_n, saved_n;

static void get_ready(void)
{
    const char *dir = getenv("FAULT_DIR"), *at = getenv("FAULT_AT");
    fault.ready = true;
    fault.kind = getenv("FAULT_KIND");
    fault.blind = getenv("FAULT_BLIND");
    fault.no_tmpfile = getenv("FAULT_NO_TMPFILE") != NULL;
    fault.no_link = getenv("FAULT_NO_LINK") != NULL;
    fault.at = at ? strtol(at, NULL, 10) : 0;
    if (!dir || !realpath(dir, fault.dir))
        fault.dir[0] = '\0';
}

// The path of a descriptor, or of a name below one; "" when it is not ours.
static void path_at(int dir, const char *name, char out[static PATH])
{
    char link[64], folder[PATH];
    out[0] = '\0';
    if (!fault.ready)
        get_ready();
    if (!fault.dir[0])
        return;
    if (name && name[0] == '/') {
        snprintf(out, PATH, "%s", name);
    } else {
        if (dir == AT_FDCWD)
            snprintf(link, sizeof link, "/proc/self/cwd");
        else
            snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        ssize_t n = readlink(link, folder, sizeof folder - 1);
        folder[n > 0 ? n : 0] = '\0';
        if (!name || strcmp(name, ".") == 0)
            snprintf(out, PATH, "%s", folder);
        else if (snprintf(out, PATH, "%s/%s", folder, name) >= PATH)
            abort();
    }
    size_t own = strlen(fault.dir);
    if (strncmp(out, fault.dir, own) != 0 || (out[own] && out[own] != '/'))
        out[0] = '\0';
}

static bool is_sqlite(const char *path)
{
    return strstr(path, "/kinreel.db") != NULL;
}

static int file_of(ino_t inode, bool make)
{
    for (int i = 0; i < file_n; i++)
        if (files[i].inode == inode)
            return i;
    if (!make)
        return -1;
    if (file_n == MOST)
        abort();
    files[file_n].inode = inode;
    return file_n++;
}

static int cut_back(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)where;
    int i = file_of(st->st_ino, false);
    if (type == FTW_F && i >= 0 && !is_sqlite(path) && st->st_size > files[i].flushed) {
        chmod(path, 0644); // as root it would not matter
        if (truncate(path, files[i].flushed) != 0)
            abort();
        chmod(path, st->st_mode);
    }
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st, (void)where;
    if (type == FTW_DP)
        syscall(SYS_rmdir, path);
    else
        syscall(SYS_unlink, path);
    return 0;
}

static void pull_the_plug(void)
{
    nftw(fault.dir, cut_back, 16, FTW_PHYS);
    for (int i = name_n - 1; i >= 0; i--) {
        if (names[i].before[0])
            syscall(SYS_rename, names[i].before, names[i].path);
        else
            nftw(names[i].path, remove_one, 16, FTW_PHYS | FTW_DEPTH);
    }
}

// Every call that changes something below the folder comes by here first.
// False: it shall fail, errno is set.
static bool goes_on(const char *path)
{
    if (!path[0] || !fault.kind)
        return true;
    fault.n++;
    if (fault.n < fault.at || fault.at == 0)
        return true;
    bool stays = strcmp(fault.kind, "full_on") == 0 || strcmp(fault.kind, "broken_on") == 0;
    if (fault.n > fault.at && !stays)
        return true;
    if (!fault.hit)
        fprintf(stderr, "fault: %s\n", fault.kind);
    fault.hit = true;
    if (strcmp(fault.kind, "power") == 0)
        fault.kind = NULL, pull_the_plug(), kill(getpid(), SIGKILL);
    if (strcmp(fault.kind, "kill") == 0)
        kill(getpid(), SIGKILL);
    errno = strncmp(fault.kind, "broken", 6) == 0 ? EIO : ENOSPC;
    return false;
}

static void note_name(const char *path, const char *before)
{
    if (!path[0] || is_sqlite(path))
        return;
    if (name_n == MOST)
        abort();
    snprintf(names[name_n].path, PATH, "%s", path);
    snprintf(names[name_n++].before, PATH, "%s", before);
}

static void forget_name(const char *path)
{
    int kept = 0;
    for (int i = 0; i < name_n; i++)
        if (strcmp(names[i].path, path) != 0)
            names[kept++] = names[i];
    name_n = kept;
}

// A folder is flushed: the names in it, not those deeper down, are on the disk.
static void flushed_folder(const char *path)
{
    int kept = 0;
    size_t n = strlen(path);
    for (int i = 0; i < name_n; i++) {
        const char *rest = names[i].path + n;
        if (strncmp(names[i].path, path, n) != 0 || *rest != '/' || strchr(rest + 1, '/'))
            names[kept++] = names[i];
    }
    name_n = kept;
}

static void note_flush(int fd, const char *path)
{
    struct stat st;
    if (!path[0] || fstat(fd, &st) != 0)
        return;
    if (S_ISDIR(st.st_mode))
        flushed_folder(path);
    else
        files[file_of(st.st_ino, true)].flushed = st.st_size;
}

// A file we write to that was there before counts as flushed so far.
static void note_write(int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && file_of(st.st_ino, false) < 0)
        files[file_of(st.st_ino, true)].flushed = st.st_size;
}

static ssize_t write_some(long number, int fd, const void *bytes, size_t n, off_t at)
{
    char path[PATH];
    path_at(fd, NULL, path);
    bool fine = goes_on(path);
    if (path[0])
        note_write(fd);
    if (!fine && strcmp(fault.kind, "short") == 0 && n > 1) {
        fault.kind = "full"; // and the next one finds it full
        fault.at = fault.n + 1;
        n /= 2;
    } else if (!fine) {
        return -1;
    }
    return number == SYS_write ? syscall(number, fd, bytes, n) : syscall(number, fd, bytes, n, at);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    return write_some(SYS_write, fd, bytes, n, 0);
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return write_some(SYS_pwrite64, fd, bytes, n, at);
}

static bool is_left_out(int fd, const char *path)
{
    struct stat st;
    if (!fault.blind || !path[0] || is_sqlite(path) || fstat(fd, &st) != 0)
        return false;
    return strcmp(fault.blind, S_ISDIR(st.st_mode) ? "folders" : "files") == 0;
}

static int flush_some(long number, int fd)
{
    char path[PATH];
    path_at(fd, NULL, path);
    if (is_left_out(fd, path))
        return 0;
    if (!goes_on(path))
        return -1;
    int result = (int)syscall(number, fd);
    if (result == 0)
        note_flush(fd, path);
    return result;
}

int fsync(int fd)
{
    return flush_some(SYS_fsync, fd);
}
int fdatasync(int fd)
{
    return flush_some(SYS_fdatasync, fd);
}

static int open_some(int dir, const char *name, int flags, mode_t mode)
{
    char path[PATH];
    struct stat st;
    bool makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
    path_at(dir, name, path);
    if (fault.no_tmpfile && path[0] && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    bool new = makes &&path[0] && lstat(path, &st) != 0;
    if (makes && !goes_on(path))
        return -1;
    int fd = (int)syscall(SYS_openat, dir, name, flags, mode);
    if (fd >= 0 && new)
        note_name(path, "");
    if (fd >= 0 && path[0] && makes && fstat(fd, &st) == 0 && st.st_size == 0 &&
        S_ISREG(st.st_mode))
        files[file_of(st.st_ino, true)].flushed = 0; // an inode number may come again
    return fd;
}

#define OPEN(function, dir, ...)                                                                   \
    int function(__VA_ARGS__, int flags, ...)                                                      \
    {                                                                                              \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        bool makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;                          \
        mode_t mode = makes ? va_arg(more, mode_t) : 0;                                            \
        va_end(more);                                                                              \
        return open_some(dir, name, flags, mode);                                                  \
    }
OPEN(openat, at, int at, const char *name)
OPEN(open, AT_FDCWD, const char *name)

int mkdirat(int dir, const char *name, mode_t mode)
{
    char path[PATH];
    path_at(dir, name, path);
    if (!goes_on(path))
        return -1;
    int result = (int)syscall(SYS_mkdirat, dir, name, mode);
    if (result == 0)
        note_name(path, "");
    return result;
}

int linkat(int from_dir, const char *from, int dir, const char *name, int flags)
{
    char path[PATH];
    path_at(dir, name, path);
    if (fault.no_link && path[0]) {
        errno = EPERM;
        return -1;
    }
    if (!goes_on(path))
        return -1;
    int result = (int)syscall(SYS_linkat, from_dir, from, dir, name, flags);
    if (result == 0)
        note_name(path, "");
    return result;
}

int unlinkat(int dir, const char *name, int flags)
{
    char path[PATH];
    path_at(dir, name, path);
    if (!goes_on(path))
        return -1;
    int result = (int)syscall(SYS_unlinkat, dir, name, flags);
    if (result == 0 && path[0])
        forget_name(path);
    return result;
}

int unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

// A name that takes another's place: should the folder not be flushed, the
// old file stands there again.
static void save_old(const char *path, char before[static PATH])
{
    before[0] = '\0';
    if (!path[0] || is_sqlite(path) || access(path, F_OK) != 0)
        return;
    if (snprintf(before, PATH, "%s.saved-%d", fault.dir, saved_n++) >= PATH)
        abort();
    syscall(SYS_unlink, before); // of an earlier run
    if (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, before, 0) != 0)
        abort();
}

int renameat2(int from_dir, const char *from, int dir, const char *name, unsigned flags)
{
    char path[PATH], old[PATH], before[PATH];
    path_at(dir, name, path);
    path_at(from_dir, from, old);
    if (!goes_on(path))
        return -1;
    save_old(path, before);
    int result = (int)syscall(SYS_renameat2, from_dir, from, dir, name, flags);
    if (result == 0)
        forget_name(old), note_name(path, before);
    return result;
}
int renameat(int from_dir, const char *from, int dir, const char *name)
{
    return renameat2(from_dir, from, dir, name, 0);
}
int rename(const char *from, const char *name)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, name, 0);
}

// Programs built for 64-bit offsets call these names (this file is not).
int open64(const char *name, int flags, ...) __attribute__((alias("open")));
int openat64(int at, const char *name, int flags, ...) __attribute__((alias("openat")));
ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t at) __attribute__((alias("pwrite")));
