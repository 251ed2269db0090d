// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/ingest_priv.h"

#include "archive/look.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NOTE_MOST = 1 << 20 };

static bool refuse(struct kr_finding *finding, enum kr_code code, const char *reason)
{
    finding->outcome.fate = KR_REFUSED;
    finding->outcome.code = code;
    finding->outcome.id[0] = '\0';
    finding->outcome.reason = kr_arena_strdup(finding->mem, reason);
    return true;
}

// Refuses for what lies in the file, fails for what lies in the archive.
static bool refuse_or_fail(struct kr_finding *finding, const struct kr_err *why, struct kr_err *err)
{
    if (why->code == KR_E_FULL)
        return kr_fail(err, KR_E_FULL, "%s", why->text);
    return refuse(finding, why->code, why->text);
}

static bool has_room(const struct kr_taker *taker, uint64_t size)
{
    struct statvfs disk;
    if (fstatvfs(taker->store->dir, &disk) != 0)
        return true;
    return (uint64_t)disk.f_bavail * disk.f_frsize >= taker->floor + size;
}

static bool sniff_and_keep(struct kr_taker *taker, int fd, uint64_t size,
                           struct kr_finding *finding, bool *taken, struct kr_err *err)
{
    struct kr_err why = {0};
    *taken = false;
    if (size == 0)
        return refuse(finding, KR_E_INVALID, "an empty file");
    if (size > taker->most)
        return refuse(finding, KR_E_TOO_BIG, "larger than add.most_mib allows");
    if (!kr_sniff_fd(fd, &finding->sniff, &why))
        return refuse_or_fail(finding, &why, err);
    if (!kr_sniff_media(&finding->sniff))
        return refuse(
            finding, KR_E_UNSUPPORTED,
            kr_arena_format(finding->mem, "no photograph, film or sound: %s", finding->sniff.name));
    if (!has_room(taker, size))
        return kr_fail(err, KR_E_FULL, "the disk has too little room left");
    if (!kr_blobs_keep(taker->store->blobs, fd, taker->most, &finding->outcome.blob, &finding->size,
                       &why))
        return refuse_or_fail(finding, &why, err);
    *taken = true;
    return true;
}

static bool look(struct kr_taker *taker, struct kr_finding *finding, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    if (!kr_look_at_blob(taker->store, taker->wall, &finding->outcome.blob,
                         kr_sniff_media(&finding->sniff), finding->sniff.mime,
                         finding->sniff.ending, &answer, err))
        return false;
    finding->outcome.damaged =
        kr_text_in(finding->mem, kr_str_of(kr_json_str(answer, "damaged", "")));
    kr_reading_look(&finding->reading, &finding->sniff, answer);
    return true;
}

static void read_xmp(struct kr_taker *taker, int fd, struct kr_finding *finding)
{
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    struct kr_question question = {.task = "sidecar", .fds = &fd, .fd_count = 1};
    if (kr_wall_ask(taker->wall, &question, &answer, NULL))
        kr_reading_meta(&finding->reading,
                        kr_json_get(answer, "meta") ? kr_json_get(answer, "meta") : answer,
                        "sidecar");
}

static void read_takeout(int fd, struct kr_finding *finding)
{
    KR_AUTO(kr_json_drop) json_t *note = NULL;
    struct kr_str text;
    if (kr_read_all(finding->mem, fd, KR_TAKEOUT_MOST, &text, NULL) &&
        kr_takeout_parse(finding->mem, text, &note, NULL))
        kr_reading_takeout(&finding->reading, note);
}

// A side-car is kept byte for byte like any original, and read.
static bool take_note(struct kr_taker *taker, const struct kr_walk_file *note,
                      struct kr_finding *finding, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int fd = open(note->path.at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct kr_blob_id blob;
    struct kr_err why = {0};
    char hex[KR_SHA256_HEX];
    if (fd < 0 || !kr_blobs_keep(taker->store->blobs, fd, NOTE_MOST, &blob, NULL, &why))
        return why.code != KR_E_FULL || kr_fail(err, KR_E_FULL, "%s", why.text);
    json_t *value = kr_json_new_object();
    kr_blob_hex(&blob, hex);
    kr_json_set_place(finding->mem, value, note->path);
    kr_json_set_str(value, "sha256", hex);
    kr_json_set_int(value, "size", (int64_t)note->size);
    kr_json_set_int(value, "mtime_ns", note->mtime_ns);
    kr_reading_add(&finding->reading, "sidecar", value, "kinreel", 1.0);
    lseek(fd, 0, SEEK_SET);
    if (note->note == KR_SIDECAR_XMP)
        read_xmp(taker, fd, finding);
    else
        read_takeout(fd, finding);
    if (finding->place_count < KR_COUNT(finding->places))
        finding->places[finding->place_count++] =
            (struct kr_place){note->path, note->size, note->mtime_ns};
    return true;
}

// As (or beside) the item `item`; an empty one is filled in.
static bool is_known(struct kr_taker *taker, const struct kr_place *place,
                     char item[static KR_UUID_TEXT], struct kr_err *err)
{
    bool known = false;
    return kr_found_known(taker->store, place->path, place->size, place->mtime_ns, item, &known,
                          err) &&
           known;
}

// Whether the file and each of its side-cars are where and as they were last time.
static bool all_known(struct kr_taker *taker, const struct kr_walk *walk,
                      const struct kr_walk_file *file, struct kr_finding *finding,
                      struct kr_err *err)
{
    struct kr_place place = {file->path, file->size, file->mtime_ns};
    if (!is_known(taker, &place, finding->outcome.id, err))
        return false;
    for (size_t i = 0; i < file->note_count; i++) {
        const struct kr_walk_file *note = &walk->files[file->notes[i]];
        place = (struct kr_place){note->path, note->size, note->mtime_ns};
        if (!is_known(taker, &place, finding->outcome.id, err))
            return false;
    }
    return true;
}

static bool known_item(struct kr_taker *taker, struct kr_finding *finding, struct kr_err *err)
{
    struct kr_item item;
    if (!kr_item_get(taker->store, finding->mem, finding->outcome.id, &item, err))
        return false;
    finding->outcome.fate = KR_DUPLICATE;
    finding->outcome.blob = item.blob;
    finding->outcome.damaged = item.damaged;
    finding->known = true;
    return true;
}

static bool refuse_note(const struct kr_walk_file *file, struct kr_finding *finding)
{
    if (!file->has_owner)
        return refuse(finding, KR_E_UNSUPPORTED, "a side-car without its picture");
    finding->outcome.sidecar = true; // read with its picture
    finding->outcome.fate = KR_ADDED;
    return true;
}

static void found_at(struct kr_finding *finding, struct kr_str path, uint64_t size,
                     int64_t mtime_ns)
{
    finding->places[finding->place_count++] = (struct kr_place){path, size, mtime_ns};
    kr_reading_path(&finding->reading, path);
}

// Content that is already an item is not looked at again; what somebody asked us to
// forget is not looked at at all.
static bool look_once(struct kr_taker *taker, struct kr_finding *finding, struct kr_err *err)
{
    struct kr_item item;
    bool there = false;
    if (!kr_know_again(taker->store, finding, &item, &there, err))
        return false;
    return there || finding->outcome.fate == KR_REFUSED || look(taker, finding, err);
}

bool kr_take_fd(struct kr_taker *taker, int fd, struct kr_str path, int64_t mtime_ns,
                struct kr_finding *finding, struct kr_err *err)
{
    struct stat st;
    bool taken;
    finding->reading.mem = finding->mem;
    finding->outcome.path = path;
    finding->outcome.reason = finding->outcome.damaged = "";
    if (fstat(fd, &st) != 0)
        return kr_fail_errno(err, "look at the file");
    if (!sniff_and_keep(taker, fd, (uint64_t)st.st_size, finding, &taken, err))
        return false;
    if (!taken)
        return true;
    found_at(finding, path, finding->size, mtime_ns);
    return look_once(taker, finding, err);
}

bool kr_take_file(struct kr_taker *taker, const struct kr_walk *walk, size_t index,
                  struct kr_finding *finding, struct kr_err *err)
{
    const struct kr_walk_file *file = &walk->files[index];
    struct kr_err none = {0}, why = {0};
    finding->file = file;
    finding->outcome.path = file->path;
    finding->outcome.reason = finding->outcome.damaged = "";
    if (file->code != KR_OK)
        return refuse(finding, file->code, file->reason);
    if (file->note)
        return refuse_note(file, finding);
    if (all_known(taker, walk, file, finding, &none) && known_item(taker, finding, &none))
        return true;
    KR_AUTO(kr_fd_close) int fd = open(file->path.at, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        kr_fail_errno(&why, "open");
        return refuse_or_fail(finding, &why, err);
    }
    if (!kr_take_fd(taker, fd, file->path, file->mtime_ns, finding, err))
        return false;
    for (size_t i = 0; i < file->note_count && finding->outcome.fate != KR_REFUSED; i++)
        if (!take_note(taker, &walk->files[file->notes[i]], finding, err))
            return false;
    return true;
}
