// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/recording.h"

#include "base/clock.h"
#include "base/newfile.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool put_about(const struct kr_recording *recording, struct kr_arena *mem,
                      struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_json_drop) json_t *about = kr_recording_about_new_json(&recording->about);
    const char *text = kr_json_text(mem, about);
    return kr_newfile_begin(recording->folder.fd, &file, err) &&
           kr_newfile_write(&file, text, strlen(text), err) &&
           kr_newfile_replace(&file, "about.json", err);
}

bool kr_recording_begin(int archive, struct kr_arena *mem, const struct kr_recording_about *about,
                        struct kr_recording *out, struct kr_err *err)
{
    struct kr_recording recording = KR_RECORDING_NONE;
    recording.about = *about;
    recording.result = "";
    recording.changed_ms = kr_now_ms();
    kr_uuid_new_text(recording.id);
    if (!kr_tmp_recording(archive, recording.id, true, &recording.folder, err))
        return false;
    if (!put_about(&recording, mem, err)) {
        kr_tmp_end(&recording.folder);
        return false;
    }
    *out = recording;
    return true;
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static int by_number(const void *left, const void *right)
{
    const struct kr_piece *a = left, *b = right;
    return a->number < b->number ? -1 : a->number > b->number;
}

// Adds a piece that lies in the folder.
static void note_piece(struct kr_recording *recording, struct kr_arena *mem, size_t *room,
                       const struct kr_piece *piece, uint64_t size)
{
    if (recording->n == *room) {
        size_t more = *room ? *room * 2 : 64;
        struct kr_piece *pieces = kr_arena_array(mem, struct kr_piece, more);
        if (recording->n)
            memcpy(pieces, recording->pieces, recording->n * sizeof *pieces);
        recording->pieces = pieces;
        *room = more;
    }
    recording->pieces[recording->n++] = *piece;
    recording->bytes += size;
}

static bool read_pieces(struct kr_recording *recording, struct kr_arena *mem, struct kr_err *err)
{
    int fd = openat(recording->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    KR_AUTO(close_dir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    size_t room = 0;
    struct stat st;
    if (!dir) {
        kr_fail_errno(err, "list the pieces of a recording");
        kr_fd_close(&fd);
        return false;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct kr_piece piece;
        if (kr_piece_name_read(entry->d_name, &piece) &&
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode))
            note_piece(recording, mem, &room, &piece, (uint64_t)st.st_size);
    }
    if (recording->n)
        qsort(recording->pieces, recording->n, sizeof *recording->pieces, by_number);
    while (recording->run < recording->n &&
           recording->pieces[recording->run].number == recording->run)
        recording->run++;
    return true;
}

static bool read_about(struct kr_recording *recording, struct kr_arena *mem, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *about = NULL;
    int folder = recording->folder.fd;
    struct stat st;
    recording->changed_ms = fstat(folder, &st) == 0 ? (int64_t)st.st_mtime * 1000 : 0;
    return kr_json_read_file(folder, "about.json", 2 * KR_RECORDING_ABOUT_MOST, &about, err) &&
           kr_recording_about_read(mem, about, 0, &recording->about, err);
}

// What became of it, where something did. A result that cannot be read is none.
static void read_result(struct kr_recording *recording, struct kr_arena *mem)
{
    KR_AUTO(kr_json_drop) json_t *result = NULL;
    recording->result = "";
    if (!kr_json_read_file(recording->folder.fd, "result.json", KR_RECORDING_ABOUT_MOST, &result,
                           NULL) ||
        !json_is_object(result))
        return;
    recording->result = kr_json_text(mem, result);
    recording->whole = kr_json_bool(result, "whole", false);
}

static bool read_all(struct kr_recording *recording, struct kr_arena *mem, const char *id,
                     struct kr_err *err)
{
    kr_format(recording->id, sizeof recording->id, "%.36s", id);
    read_result(recording, mem);
    return read_about(recording, mem, err) && read_pieces(recording, mem, err);
}

bool kr_recording_take(int archive, struct kr_arena *mem, const char *id, struct kr_recording *out,
                       struct kr_err *err)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    if (!kr_tmp_recording(archive, id, false, &recording.folder, err) ||
        !read_all(&recording, mem, id, err))
        return kr_within(err, "open a recording");
    *out = recording;
    recording = KR_RECORDING_NONE;
    return true;
}

bool kr_recording_see(int archive, struct kr_arena *mem, const char *id, struct kr_recording *out,
                      struct kr_err *err)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_uuid checked;
    if (!kr_uuid_parse(id, &checked))
        return kr_fail(err, KR_E_NOT_FOUND, "no recording has such an id");
    recording.folder.archive = archive;
    kr_format(recording.folder.path, sizeof recording.folder.path, "tmp/recording-%s", id);
    recording.folder.fd =
        openat(archive, recording.folder.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (recording.folder.fd < 0)
        return kr_fail_errno(err, "look at a recording");
    if (!read_all(&recording, mem, id, err))
        return false;
    *out = recording;
    recording = KR_RECORDING_NONE;
    return true;
}

void kr_recording_leave(struct kr_recording *recording)
{
    kr_tmp_leave(&recording->folder);
}

void kr_recording_forget(struct kr_recording *recording)
{
    kr_tmp_end(&recording->folder);
}

static const struct kr_piece *piece_here(const struct kr_recording *recording, uint32_t number)
{
    const struct kr_piece key = {.number = number};
    return recording->n ? bsearch(&key, recording->pieces, recording->n, sizeof key, by_number)
                        : NULL;
}

static bool hashes_to(struct kr_str bytes, const uint8_t sha256[static KR_SHA256_SIZE])
{
    uint8_t is[KR_SHA256_SIZE];
    kr_sha256(bytes.at, bytes.n, is);
    return memcmp(is, sha256, sizeof is) == 0;
}

bool kr_recording_put(struct kr_recording *recording, const struct kr_piece *piece,
                      struct kr_str bytes, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    const struct kr_piece *here = piece_here(recording, piece->number);
    char name[KR_PIECE_NAME];
    if (here && memcmp(here->sha256, piece->sha256, sizeof here->sha256) == 0)
        // (2); its bytes were flushed before it had its name, the name itself perhaps not (1).
        return fsync(recording->folder.fd) == 0 || kr_fail_errno(err, "flush a recording");
    if (here || recording->whole)
        return kr_fail(err, KR_E_EXISTS, "piece %u has another content", piece->number);
    if (piece->number >= KR_RECORDING_PIECES_MOST || bytes.n > KR_RECORDING_PIECE_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "too many pieces, or one too large");
    if (bytes.n == 0 || !hashes_to(bytes, piece->sha256))
        return kr_fail(err, KR_E_INVALID, "a piece of %zu bytes that are not those meant", bytes.n);
    kr_piece_name(piece, name);
    if (!kr_newfile_begin(recording->folder.fd, &file, err) ||
        !kr_newfile_write(&file, bytes.at, bytes.n, err) || !kr_newfile_publish(&file, name, err))
        return kr_within(err, "put a piece of a recording"); // (1)
    return true;
}
