// SPDX-License-Identifier: AGPL-3.0-or-later
// Where packs lie: beside the program, and in the archive.
#include "archive/era_priv.h"

#include "base/file.h"
#include "base/newfile.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char CARDS[] = "cards.json";
static const char OWN[] = "era"; // in the archive

// O_NONBLOCK: a pipe must not hold us up.
bool kr_era_open_file(int dir, const char *name, int64_t most, int *out, struct kr_err *err)
{
    KR_AUTO(kr_fd_close)
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    if (fd < 0)
        return kr_fail_errno(err, "open '%s'", name);
    if (fstat(fd, &about) != 0)
        return kr_fail_errno(err, "look at '%s'", name);
    if (!S_ISREG(about.st_mode))
        return kr_fail(err, KR_E_INVALID, "'%s' is no file", name);
    if (about.st_size > most)
        return kr_fail(err, KR_E_TOO_BIG, "'%s' has more than %jd bytes", name, (intmax_t)most);
    *out = fd;
    fd = -1;
    return true;
}

static int open_folder_in(int root, const char *name)
{
    return openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void take_pack(struct kr_era_shelf *shelf, const char *name, bool own, int dir)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_str text;
    struct kr_err why = {0};
    if (kr_era_open_file(dir, CARDS, KR_ERA_PACK_MOST, &fd, &why) &&
        kr_read_all(shelf->mem, fd, KR_ERA_PACK_MOST, &text, &why))
        kr_era_read(shelf, name, own, dir, text);
    else
        kr_era_refuse(shelf, name, "", "%s", why.text);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// The names of packs in a folder, in the order of the alphabet; the rest is not ours.
static size_t names_in(struct kr_arena *mem, int root, const char **names)
{
    int copy = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    size_t n = 0;
    if (!list) {
        kr_fd_close(&copy);
        return 0;
    }
    for (struct dirent *entry; n < KR_ERA_PACKS_MOST && (entry = readdir(list));)
        if (kr_era_is_name(entry->d_name))
            names[n++] = kr_arena_strdup(mem, entry->d_name);
    closedir(list);
    qsort(names, n, sizeof *names, by_name);
    return n;
}

static void take_packs(struct kr_era_shelf *shelf, int root, bool own)
{
    const char *names[KR_ERA_PACKS_MOST];
    size_t n = names_in(shelf->mem, root, names);
    for (size_t i = 0; i < n; i++) {
        KR_AUTO(kr_fd_close) int dir = open_folder_in(root, names[i]);
        if (dir >= 0)
            take_pack(shelf, names[i], own, dir);
    }
}

// $KINREEL_ERA, else what came with the program.
static int open_shipped(void)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *told = getenv("KINREEL_ERA");
    const char *path = told && *told ? told : kr_shipped(mem, "era");
    return path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

static int open_own(const struct kr_store *store)
{
    return store ? open_folder_in(store->dir, OWN) : -1;
}

bool kr_era_open(struct kr_arena *mem, const struct kr_store *store, struct kr_era *out,
                 struct kr_err *err)
{
    KR_AUTO(kr_era_shelf_finish) struct kr_era_shelf shelf = {.mem = mem};
    KR_AUTO(kr_fd_close) int shipped = open_shipped(), own = open_own(store);
    (void)err; // an archive without packs is whole
    if (shipped >= 0)
        take_packs(&shelf, shipped, false);
    if (own >= 0)
        take_packs(&shelf, own, true);
    kr_era_shelf_end(&shelf, out);
    return true;
}

// The last name of a path is the pack's.
static const char *pack_of(struct kr_arena *mem, const char *path)
{
    char *whole = kr_arena_strdup(mem, path);
    size_t n = strlen(whole);
    while (n > 1 && whole[n - 1] == '/')
        whole[--n] = '\0';
    const char *slash = strrchr(whole, '/');
    return slash ? slash + 1 : whole;
}

static bool open_pack(struct kr_arena *mem, const char *path, const char **name, int *dir,
                      struct kr_err *err)
{
    *name = pack_of(mem, path);
    if (!kr_era_is_name(*name))
        return kr_fail(err, KR_E_INVALID, "a pack's folder is called by a-z, 0-9 and '-'");
    *dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *dir >= 0 || kr_fail_errno(err, "open the pack");
}

bool kr_era_open_folder(struct kr_arena *mem, const char *path, struct kr_era *out,
                        struct kr_err *err)
{
    KR_AUTO(kr_era_shelf_finish) struct kr_era_shelf shelf = {.mem = mem};
    KR_AUTO(kr_fd_close) int dir = -1;
    const char *name;
    if (!open_pack(mem, path, &name, &dir, err))
        return false;
    take_pack(&shelf, name, true, dir);
    kr_era_shelf_end(&shelf, out);
    return true;
}

static bool copy_in(int from, int to, const char *name, int64_t most, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_fd_close) int fd = -1;
    return kr_era_open_file(from, name, most, &fd, err) && kr_newfile_begin(to, &file, err) &&
           kr_copy(fd, file.fd, (uint64_t)most, NULL, err) && kr_newfile_replace(&file, name, err);
}

static bool comes_with_us(struct kr_arena *mem, const char *name, struct kr_err *err)
{
    struct kr_era shipped;
    if (!kr_era_open(mem, NULL, &shipped, err))
        return false;
    for (size_t i = 0; i < shipped.pack_count; i++)
        if (strcmp(shipped.packs[i].name, name) == 0)
            return true;
    return false;
}

// Pictures first: a card is never there without its own.
static bool copy_pack(struct kr_store *store, const char *name, int from, const struct kr_era *era,
                      struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int to = -1;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    if (!kr_open_folder(store->dir, kr_arena_format(mem, "%s/%s", OWN, name), true, &to, err))
        return false;
    for (size_t i = 0; i < era->count; i++)
        if (*era->cards[i].media && !copy_in(from, to, era->cards[i].media, KR_ERA_MEDIA_MOST, err))
            return false;
    return copy_in(from, to, CARDS, KR_ERA_PACK_MOST, err);
}

bool kr_era_add(struct kr_store *store, const char *path, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_era_shelf_finish) struct kr_era_shelf shelf = {.mem = mem};
    KR_AUTO(kr_fd_close) int dir = -1;
    const char *name;
    struct kr_era era;
    if (!open_pack(mem, path, &name, &dir, err))
        return false;
    take_pack(&shelf, name, true, dir);
    kr_era_shelf_end(&shelf, &era);
    if (era.refusal_count)
        return kr_fail(err, KR_E_INVALID, "card %s: %s",
                       *era.refusals[0].card ? era.refusals[0].card : "file", era.refusals[0].why);
    if (comes_with_us(mem, name, err))
        return kr_fail(err, KR_E_EXISTS, "a pack called '%s' came with the program", name);
    return copy_pack(store, name, dir, &era, err) || kr_within(err, "add the pack");
}

static int open_pack_of(const struct kr_store *store, const char *pack)
{
    KR_AUTO(kr_fd_close) int shipped = open_shipped(), own = open_own(store);
    int dir = shipped < 0 ? -1 : open_folder_in(shipped, pack);
    return dir >= 0 || own < 0 ? dir : open_folder_in(own, pack);
}

bool kr_era_media(const struct kr_store *store, const struct kr_era_card *card, int *fd,
                  const char **mime, struct kr_err *err)
{
    char pack[KR_ERA_ID];
    if (!*card->media)
        return kr_fail(err, KR_E_NOT_FOUND, "the card has no picture");
    kr_format(pack, sizeof pack, "%.*s", (int)strcspn(card->id, "."), card->id);
    KR_AUTO(kr_fd_close) int dir = open_pack_of(store, pack);
    if (dir < 0)
        return kr_fail(err, KR_E_NOT_FOUND, "the pack is gone");
    *mime = kr_era_mime(card->media);
    return kr_era_open_file(dir, card->media, KR_ERA_MEDIA_MOST, fd, err);
}
