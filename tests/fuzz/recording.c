// SPDX-License-Identifier: AGPL-3.0-or-later
// What a recorder tells of anybody's making: the beginning, the end, names of pieces, digests.
#include "archive/recordingtext.h"
#include <assert.h>
#include <string.h>

static void read_json(struct kr_arena *mem, struct kr_str text)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    struct kr_recording_about about, again;
    struct kr_recording_end end;
    if (!kr_json_parse(text, KR_RECORDING_ABOUT_MOST, &value, NULL))
        return;
    if (kr_recording_end_read(value, &end, NULL))
        assert(end.pieces >= 1 && end.pieces <= KR_RECORDING_PIECES_MOST);
    if (!kr_recording_about_read(mem, value, 0, &about, NULL))
        return;
    KR_AUTO(kr_json_drop) json_t *told = kr_recording_about_new_json(&about);
    assert(kr_recording_about_read(mem, told, 1, &again, NULL));
    assert(strcmp(about.mime, again.mime) == 0 && about.began_ms == again.began_ms);
    const char *name = kr_recording_name(mem, &about);
    assert(!strchr(name, '/') && strlen(name) < 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *text = kr_arena_copy(mem, data, size);
    struct kr_piece piece;
    uint8_t digest[KR_SHA256_SIZE];
    char name[KR_PIECE_NAME];
    read_json(mem, (struct kr_str){text, size});
    if (kr_piece_name_read(text, &piece)) {
        kr_piece_name(&piece, name);
        assert(strcmp(name, text) == 0);
    }
    if (kr_content_digest_read(text, digest))
        kr_pieces_hash(&piece, 0, digest);
    return 0;
}
