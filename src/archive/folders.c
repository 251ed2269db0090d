// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/folders.h"

#include "base/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { MOST = 2000 };

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static const char *home_folder(void)
{
    const char *home = getenv("HOME");
    return home && *home == '/' ? home : "/";
}

// What was asked for as the disk has it; a zero byte in it is nobody's name.
static bool real_path(struct kr_arena *mem, const char *path, const char **out, struct kr_err *err)
{
    struct kr_str raw = kr_path_unescape(mem, *path ? path : home_folder());
    if (raw.n == 0 || *raw.at != '/' || strlen(raw.at) != raw.n)
        return kr_fail(err, KR_E_INVALID, "no path from the root");
    KR_AUTO(kr_free_at) char *real = realpath(raw.at, NULL);
    if (!real)
        return kr_fail_errno(err, "find the folder");
    *out = kr_arena_strdup(mem, real);
    return true;
}

static bool is_folder(int dir, const struct dirent *entry)
{
    struct stat st;
    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
        return entry->d_type == DT_DIR;
    return fstatat(dir, entry->d_name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static const char *below(struct kr_arena *mem, const char *folder, const char *name)
{
    const char *path = kr_arena_format(mem, "%s/%s", folder[1] ? folder : "", name);
    return kr_path_escape(mem, kr_str_of(path));
}

static int by_name(const void *left, const void *right)
{
    const struct kr_folder *a = left, *b = right;
    int order = strcasecmp(a->name, b->name);
    return order ? order : strcmp(a->name, b->name);
}

static void list(DIR *dir, struct kr_arena *mem, const char *path, struct kr_folders *out)
{
    out->at = kr_arena_array(mem, struct kr_folder, MOST);
    out->empty = true;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        out->empty = false;
        bool folder = is_folder(dirfd(dir), entry);
        out->files += !folder && *name != '.';
        if (!folder || *name == '.')
            continue;
        if (out->n < MOST)
            out->at[out->n++] =
                (struct kr_folder){kr_path_escape(mem, kr_str_of(name)), below(mem, path, name)};
        else
            out->more = true;
    }
    qsort(out->at, out->n, sizeof *out->at, by_name);
}

static void look_at_disk(const struct kr_store *store, int folder, struct kr_folders *out)
{
    struct statvfs disk;
    struct stat here, ours;
    if (fstatvfs(folder, &disk) == 0)
        out->free_bytes = (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize);
    out->same_disk =
        fstat(folder, &here) == 0 && fstat(store->dir, &ours) == 0 && here.st_dev == ours.st_dev;
    out->archive = faccessat(folder, "kinreel.db", F_OK, 0) == 0;
    out->writable = faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) == 0;
}

bool kr_folders_of(const struct kr_store *store, struct kr_arena *mem, const char *path,
                   struct kr_folders *out, struct kr_err *err)
{
    struct kr_folders found = {.parent = ""};
    const char *real = "/";
    if (!real_path(mem, path, &real, err))
        return false;
    KR_AUTO(close_dir) DIR *dir = opendir(real);
    if (!dir) {
        errno = errno == ENOTDIR ? ENOENT : errno;
        return kr_fail_errno(err, "open the folder");
    }
    found.path = kr_path_escape(mem, kr_str_of(real));
    if (real[1]) {
        size_t n = (size_t)(strrchr(real, '/') - real);
        found.parent = kr_path_escape(mem, (struct kr_str){real, n ? n : 1});
    }
    list(dir, mem, real, &found);
    look_at_disk(store, dirfd(dir), &found);
    *out = found;
    return true;
}

static void add_place(struct kr_arena *mem, struct kr_folder *places, size_t *n, const char *name,
                      const char *path)
{
    KR_AUTO(kr_fd_close) int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0 && !kr_is_empty_folder(folder))
        places[(*n)++] = (struct kr_folder){name, kr_path_escape(mem, kr_str_of(path))};
}

void kr_folder_places(struct kr_arena *mem, struct kr_folder **out, size_t *n)
{
    static const char *const disks[] = {"/media", "/run/media", "/mnt"};
    struct kr_folder *places = kr_arena_array(mem, struct kr_folder, KR_COUNT(disks) + 2);
    *n = 0;
    add_place(mem, places, n, "home", home_folder());
    for (size_t i = 0; i < KR_COUNT(disks); i++)
        add_place(mem, places, n, "disks", disks[i]);
    add_place(mem, places, n, "all", "/");
    *out = places;
}
