// SPDX-License-Identifier: AGPL-3.0-or-later
// recording_driver ARCHIVE MEDIA: records PIECES pieces, ends, and tells on standard output what
// it promises from then on:
//   begun ID          a recording can be fed and found under this id
//   piece ID N        its piece N is safe
//   item ID           the whole is an item
// recording_driver --tend ARCHIVE MEDIA: keeps what nobody ended, and tells `item ID` of each.
// MEDIA stands for kinreel-media; any program will do that ends at once: what cannot be looked
// at is kept all the same. What fails is told on standard error.

#include "archive/recordings.h"
#include "base/clock.h"
#include "recorded.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int failures;

static void complain(const struct kr_err *err)
{
    dprintf(STDERR_FILENO, "%s\n", err->text);
    failures++;
}

static void tell_item(const struct kr_recording *recording)
{
    KR_AUTO(kr_json_drop) json_t *result = NULL;
    if (kr_json_parse(kr_str_of(recording->result), SIZE_MAX, &result, NULL) &&
        *kr_json_str(result, "id", ""))
        dprintf(STDOUT_FILENO, "item %s\n", kr_json_str(result, "id", ""));
    else
        failures++;
}

// As a browser does: each piece again until it is acknowledged, or three times.
static bool put(int archive, const char *id, uint32_t number)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    char bytes[RECORDED_PIECE];
    struct kr_piece piece = {.number = number};
    recorded_fill(number, bytes);
    kr_sha256(bytes, sizeof bytes, piece.sha256);
    for (int tries = 0; tries < 3; tries++) {
        KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
        struct kr_err err = {0};
        if (kr_recording_take(archive, mem, id, &recording, &err) &&
            kr_recording_put(&recording, &piece, (struct kr_str){bytes, sizeof bytes}, &err)) {
            dprintf(STDOUT_FILENO, "piece %s %u\n", id, number);
            return true;
        }
        complain(&err);
    }
    return false;
}

static bool begin(int archive, char id[static KR_UUID_TEXT])
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    const struct kr_recording_about about = {
        .kind = "sound",
        .mime = "audio/wav",
        .device = "",
        .cause = kr_json_lend(mem, kr_json_new_object()),
        .began_ms = kr_now_ms(),
    };
    struct kr_err err = {0};
    if (!kr_recording_begin(archive, mem, &about, &recording, &err)) {
        complain(&err);
        return false;
    }
    kr_format(id, KR_UUID_TEXT, "%s", recording.id);
    dprintf(STDOUT_FILENO, "begun %s\n", id);
    return true;
}

static void end(int archive, const struct kr_ingest_params *by, const char *id)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_err err = {0};
    if (!kr_recording_take(archive, mem, id, &recording, &err) ||
        !kr_recording_keep(&recording, by, mem, recording.run, true, &err))
        complain(&err);
    else
        tell_item(&recording);
}

static void tend(int archive, const struct kr_ingest_params *by)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_recordings_tended tended;
    struct kr_recording *all;
    struct kr_err err = {0};
    size_t n;
    if (!kr_recordings_tend(by, 0, &tended, &err) ||
        !kr_recordings_list(archive, mem, &all, &n, &err)) {
        complain(&err);
        return;
    }
    failures += (int)tended.failed;
    for (size_t i = 0; i < n; i++)
        if (*all[i].result)
            tell_item(&all[i]);
}

int main(int argc, char **argv)
{
    bool tends = argc == 4 && strcmp(argv[1], "--tend") == 0;
    if (argc != 3 + tends)
        return 2;
    const struct kr_wall_params wall_params = {.workers = 1, .program = argv[2 + tends]};
    struct kr_ingest_params by = {.archive = argv[1 + tends]};
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_fd_close) int archive = -1;
    struct kr_err err = {0};
    char id[KR_UUID_TEXT] = "";
    if (!kr_wall_open(&wall_params, &wall, &err) ||
        !kr_open_folder(AT_FDCWD, by.archive, false, &archive, &err)) {
        complain(&err);
        return 1;
    }
    by.wall = wall;
    if (tends) {
        tend(archive, &by);
    } else if (begin(archive, id)) {
        for (uint32_t i = 0; i < RECORDED_PIECES; i++)
            if (!put(archive, id, i))
                return 1;
        end(archive, &by, id);
    }
    return failures ? 1 : 0;
}
