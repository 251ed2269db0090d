// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/walk.h"

#include "archive/sniff.h"
#include "base/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 100 };

struct walk {
    struct kr_arena *mem;
    struct kr_walk_file *files;
    size_t n, room;
    uint64_t bytes;
};

static struct kr_walk_file *next_file(struct walk *walk)
{
    if (walk->n == walk->room) {
        walk->room = walk->room * 2 + 256;
        walk->files = kr_realloc_array(walk->files, walk->room, sizeof *walk->files);
    }
    struct kr_walk_file *file = &walk->files[walk->n++];
    *file = (struct kr_walk_file){0};
    return file;
}

static struct kr_str join(struct kr_arena *mem, struct kr_str folder, const char *name)
{
    size_t n = strlen(name);
    bool slash = folder.n && folder.at[folder.n - 1] != '/';
    char *path = kr_arena_alloc(mem, folder.n + slash + n + 1);
    memcpy(path, folder.at, folder.n);
    if (slash)
        path[folder.n] = '/';
    memcpy(path + folder.n + slash, name, n);
    return (struct kr_str){path, folder.n + slash + n};
}

static struct kr_str last_part(struct kr_str path)
{
    size_t start = path.n;
    while (start > 0 && path.at[start - 1] != '/')
        start--;
    return (struct kr_str){path.at + start, path.n - start};
}

static void add_refused(struct walk *walk, struct kr_str path, int cause)
{
    struct kr_walk_file *file = next_file(walk);
    struct kr_err err = {0};
    errno = cause;
    kr_fail_errno(&err, "open");
    file->path = path;
    file->name = last_part(path);
    file->code = err.code;
    file->reason = kr_arena_strdup(walk->mem, err.text);
}

static bool is_junk(const char *name)
{
    static const char *const junk[] = {".DS_Store", "Thumbs.db", "desktop.ini", "ehthumbs.db"};
    for (size_t i = 0; i < KR_COUNT(junk); i++)
        if (strcasecmp(name, junk[i]) == 0)
            return true;
    return kr_starts_with(name, "._");
}

static bool ends_like(struct kr_str name, const char *ending)
{
    size_t n = strlen(ending);
    return name.n > n && strncasecmp(name.at + name.n - n, ending, n) == 0;
}

// A name alone does not make a side-car: its content must be one.
static enum kr_sidecar_kind note_kind(const struct kr_walk_file *file)
{
    if (!ends_like(file->name, ".xmp") && !ends_like(file->name, ".json"))
        return KR_SIDECAR_NONE;
    KR_AUTO(kr_fd_close) int fd = open(file->path.at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct kr_sniff sniff;
    if (fd < 0 || !kr_sniff_fd(fd, &sniff, NULL))
        return KR_SIDECAR_NONE;
    return sniff.kind == KR_SNIFF_XMP       ? KR_SIDECAR_XMP
           : sniff.kind == KR_SNIFF_TAKEOUT ? KR_SIDECAR_TAKEOUT
                                            : KR_SIDECAR_NONE;
}

static void add_file(struct walk *walk, struct kr_str path, const struct stat *st)
{
    struct kr_walk_file *file = next_file(walk);
    file->path = path;
    file->name = last_part(path);
    if (!S_ISREG(st->st_mode)) {
        file->code = KR_E_UNSUPPORTED;
        file->reason = "no file but a device, pipe or socket";
        return;
    }
    file->size = (uint64_t)st->st_size;
    file->mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
    file->note = note_kind(file);
    walk->bytes += file->size;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// *cause is what ended the reading early, or 0.
static char **sorted_names(struct kr_arena *mem, DIR *dir, size_t *n, int *cause)
{
    size_t room = 64;
    char **names = kr_new_array(char *, room);
    *n = 0;
    for (struct dirent *entry; errno = 0, (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (*n == room) {
            room *= 2;
            names = kr_realloc_array(names, room, sizeof *names);
        }
        names[(*n)++] = kr_arena_strdup(mem, entry->d_name);
    }
    *cause = errno;
    qsort(names, *n, sizeof *names, by_bytes);
    return names;
}

// Finds the side-cars among the files of one folder: those from `first` to `end`.
static void pair_notes(struct walk *walk, size_t first, size_t end)
{
    size_t n = end - first, pairs_n = 0;
    if (n == 0)
        return;
    struct kr_walk_file *files = walk->files + first;
    struct kr_sidecar_file *listed = kr_arena_array(walk->mem, struct kr_sidecar_file, n);
    struct kr_sidecar_pair *pairs = NULL;
    for (size_t i = 0; i < n; i++)
        listed[i] = (struct kr_sidecar_file){files[i].name, files[i].note};
    kr_sidecar_match(walk->mem, listed, n, &pairs, &pairs_n);
    size_t *notes = kr_arena_array(walk->mem, size_t, pairs_n);
    for (size_t i = 0; i < pairs_n; i++) {
        struct kr_walk_file *media = &files[pairs[i].media];
        notes[i] = first + pairs[i].note;
        if (!media->note_count)
            media->notes = &notes[i]; // pairs come by media: its notes lie together
        media->note_count++;
        files[pairs[i].note].has_owner = true;
    }
}

// A file, a device, what cannot be looked at; a link to a folder is nothing.
static void visit_file(struct walk *walk, struct kr_str path)
{
    struct stat st;
    if (stat(path.at, &st) != 0)
        add_refused(walk, path, errno);
    else if (!S_ISDIR(st.st_mode))
        add_file(walk, path, &st);
}

static bool is_archive(struct kr_arena *mem, struct kr_str folder)
{
    struct stat st;
    return lstat(join(mem, folder, "kinreel.db").at, &st) == 0 && S_ISREG(st.st_mode) &&
           lstat(join(mem, folder, "blobs").at, &st) == 0 && S_ISDIR(st.st_mode);
}

static void refuse_archive(struct walk *walk, struct kr_str path)
{
    struct kr_walk_file *file = next_file(walk);
    file->path = path;
    file->name = last_part(path);
    file->code = KR_E_UNSUPPORTED;
    file->reason = "a folder that kinreel keeps itself";
}

// First the files of a folder (their side-cars pair among themselves), then its folders.
static void walk_folder(struct walk *walk, struct kr_str path, int depth)
{
    DIR *dir = depth > DEEPEST ? NULL : opendir(path.at);
    if (!dir) {
        add_refused(walk, path, depth > DEEPEST ? ELOOP : errno);
        return;
    }
    size_t n, first = walk->n, folders = 0;
    int cause;
    char **names = sorted_names(walk->mem, dir, &n, &cause);
    closedir(dir);
    if (cause)
        add_refused(walk, path, cause);
    for (size_t i = 0; i < n; i++) {
        struct kr_str full = join(walk->mem, path, names[i]);
        struct stat st;
        if (is_junk(names[i]))
            continue;
        if (lstat(full.at, &st) == 0 && S_ISDIR(st.st_mode))
            names[folders++] = names[i];
        else
            visit_file(walk, full);
    }
    pair_notes(walk, first, walk->n);
    for (size_t i = 0; i < folders; i++) {
        struct kr_str full = join(walk->mem, path, names[i]);
        if (is_archive(walk->mem, full))
            refuse_archive(walk, full);
        else
            walk_folder(walk, full, depth + 1);
    }
    free(names);
}

static int compare_parts(struct kr_str a, struct kr_str b)
{
    int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static struct kr_str folder_of(const struct kr_walk_file *file)
{
    return (struct kr_str){file->path.at, file->path.n - file->name.n};
}

static int by_folder(const void *left, const void *right)
{
    const struct kr_walk_file *a = left, *b = right;
    int order = compare_parts(folder_of(a), folder_of(b));
    return order ? order : compare_parts(a->name, b->name);
}

// Files named one by one ("add *"): those of one folder pair among themselves.
static void pair_named(struct walk *walk)
{
    if (walk->n)
        qsort(walk->files, walk->n, sizeof *walk->files, by_folder);
    for (size_t from = 0, to; from < walk->n; from = to) {
        for (to = from + 1; to < walk->n && compare_parts(folder_of(&walk->files[to]),
                                                          folder_of(&walk->files[from])) == 0;)
            to++;
        pair_notes(walk, from, to);
    }
}

static struct kr_str absolute(struct kr_arena *mem, const char *path)
{
    KR_AUTO(kr_free_at) char *real = realpath(path, NULL);
    if (real)
        return kr_str_of(kr_arena_strdup(mem, real));
    return kr_str_of(kr_arena_strdup(mem, path));
}

void kr_walk_paths(struct kr_arena *mem, const char *const *paths, size_t n, struct kr_walk *out)
{
    struct walk walk = {.mem = mem};
    struct kr_str *folders = kr_arena_array(mem, struct kr_str, n + 1);
    size_t folder_count = 0;
    for (size_t i = 0; i < n; i++) {
        struct kr_str path = absolute(mem, paths[i]);
        struct stat st;
        if (stat(path.at, &st) == 0 && S_ISDIR(st.st_mode))
            folders[folder_count++] = path;
        else
            visit_file(&walk, path);
    }
    pair_named(&walk);
    for (size_t i = 0; i < folder_count; i++) {
        if (is_archive(mem, folders[i]))
            refuse_archive(&walk, folders[i]);
        else
            walk_folder(&walk, folders[i], 1);
    }
    struct kr_walk_file *files = kr_arena_array(mem, struct kr_walk_file, walk.n);
    if (walk.n)
        memcpy(files, walk.files, walk.n * sizeof *files);
    free(walk.files);
    *out = (struct kr_walk){files, walk.n, walk.bytes};
}
