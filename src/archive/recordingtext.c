// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/recordingtext.h"

#include "base/clock.h"
#include <string.h>

enum { MIME_MOST = 120, DEVICE_MOST = 400, ZONE_MOST_MIN = 14 * 60, NUMBER_DIGITS = 6 };

static bool is_mime(const char *mime)
{
    size_t n = strlen(mime);
    if (n < strlen("audio/x") || n > MIME_MOST)
        return false;
    for (size_t i = 0; i < n; i++)
        if (mime[i] < ' ' || mime[i] > '~')
            return false;
    return kr_starts_with(mime, "audio/") || kr_starts_with(mime, "video/");
}

static const char *kind_of(const char *kind)
{
    return strcmp(kind, "sound") == 0 ? "sound" : strcmp(kind, "film") == 0 ? "film" : NULL;
}

bool kr_recording_about_read(struct kr_arena *mem, const json_t *from, int64_t now_ms,
                             struct kr_recording_about *out, struct kr_err *err)
{
    const char *mime = kr_json_str(from, "mime", ""), *device = kr_json_str(from, "device", "");
    const char *kind = kind_of(kr_json_str(from, "kind", ""));
    const json_t *cause = kr_json_get(from, "for");
    int64_t zone = kr_json_int(from, "zone_min", 0), began = kr_json_int(from, "began_ms", now_ms);
    if (!kind || !is_mime(mime) || strlen(device) > DEVICE_MOST)
        return kr_fail(err, KR_E_INVALID, "no kind, mime or device of a recording");
    if (cause && !json_is_null(cause) && !json_is_object(cause))
        return kr_fail(err, KR_E_INVALID, "what a recording is for is no object");
    if (zone < -ZONE_MOST_MIN || zone > ZONE_MOST_MIN || began < 0 || began > INT64_C(1) << 46)
        return kr_fail(err, KR_E_INVALID, "a recording of no moment");
    bool told = json_is_object(cause);
    *out = (struct kr_recording_about){
        .kind = kind,
        .mime = kr_arena_strdup(mem, mime),
        .device = kr_text_in(mem, kr_str_of(device)),
        .cause = kr_json_lend(mem, told ? json_deep_copy(cause) : kr_json_new_object()),
        .home = kr_text_in(mem, kr_str_of(kr_json_str(from, "home", ""))),
        .by = kr_text_in(mem, kr_str_of(kr_json_str(from, "by", ""))),
        .began_ms = began,
        .zone_min = (int)zone};
    return true;
}

json_t *kr_recording_about_new_json(const struct kr_recording_about *about)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "kind", about->kind);
    kr_json_set_str(out, "mime", about->mime);
    kr_json_set_str(out, "device", about->device);
    kr_json_set_take(out, "for", json_deep_copy(about->cause));
    if (about->home && *about->home)
        kr_json_set_str(out, "home", about->home);
    if (about->by && *about->by)
        kr_json_set_str(out, "by", about->by);
    kr_json_set_int(out, "began_ms", about->began_ms);
    kr_json_set_int(out, "zone_min", about->zone_min);
    return out;
}

static const char *ending_of(const struct kr_recording_about *about)
{
    static const struct {
        const char *part, *sound, *film;
    } endings[] = {{"/webm", "webm", "webm"},
                   {"/mp4", "m4a", "mp4"},
                   {"matroska", "mka", "mkv"},
                   {"/ogg", "ogg", "ogv"},
                   {"/wav", "wav", "wav"}};
    bool film = strcmp(about->kind, "film") == 0;
    for (size_t i = 0; i < KR_COUNT(endings); i++)
        if (strstr(about->mime, endings[i].part))
            return film ? endings[i].film : endings[i].sound;
    return film ? "film" : "sound";
}

const char *kr_recording_name(struct kr_arena *mem, const struct kr_recording_about *about)
{
    char at[KR_TIME_TEXT];
    kr_time_text(about->began_ms + (int64_t)about->zone_min * 60000, at); // YYYY-MM-DDThh:mm:ss…
    return kr_arena_format(mem, "REC_%.4s%.2s%.2s_%.2s%.2s%.2s.%s", at, at + 5, at + 8, at + 11,
                           at + 14, at + 17, ending_of(about));
}

void kr_piece_name(const struct kr_piece *piece, char out[static KR_PIECE_NAME])
{
    char hex[KR_SHA256_HEX];
    kr_hex(piece->sha256, KR_SHA256_SIZE, hex);
    kr_format(out, KR_PIECE_NAME, "%06u-%s", piece->number % 1000000, hex);
}

bool kr_piece_name_read(const char *name, struct kr_piece *out)
{
    char digits[NUMBER_DIGITS + 1];
    int64_t number;
    struct kr_piece piece;
    if (strlen(name) != KR_PIECE_NAME - 1 || name[NUMBER_DIGITS] != '-' ||
        strspn(name, "0123456789") != NUMBER_DIGITS)
        return false;
    kr_format(digits, sizeof digits, "%.6s", name);
    if (!kr_parse_int(digits, 0, KR_RECORDING_PIECES_MOST - 1, &number) ||
        strspn(name + NUMBER_DIGITS + 1, "0123456789abcdef") != KR_SHA256_HEX - 1 ||
        !kr_unhex(name + NUMBER_DIGITS + 1, piece.sha256, KR_SHA256_SIZE))
        return false;
    piece.number = (uint32_t)number;
    *out = piece;
    return true;
}

void kr_pieces_hash(const struct kr_piece *pieces, size_t n, uint8_t out[static KR_SHA256_SIZE])
{
    struct kr_sha256 *hash = kr_sha256_begin();
    for (size_t i = 0; i < n; i++) {
        char line[KR_SHA256_HEX + 1];
        kr_hex(pieces[i].sha256, KR_SHA256_SIZE, line);
        line[KR_SHA256_HEX - 1] = '\n';
        kr_sha256_add(hash, line, KR_SHA256_HEX);
    }
    kr_sha256_end(&hash, out);
}

bool kr_recording_end_read(const json_t *from, struct kr_recording_end *out, struct kr_err *err)
{
    struct kr_recording_end end;
    int64_t pieces = kr_json_int(from, "pieces", 0);
    const char *hex = kr_json_str(from, "sha256", "");
    if (pieces < 1 || pieces > KR_RECORDING_PIECES_MOST || strlen(hex) != KR_SHA256_HEX - 1 ||
        !kr_unhex(hex, end.sha256, KR_SHA256_SIZE))
        return kr_fail(err, KR_E_INVALID, "no number of pieces, or no hash of them");
    end.pieces = (size_t)pieces;
    *out = end;
    return true;
}

bool kr_content_digest_read(const char *header, uint8_t out[static KR_SHA256_SIZE])
{
    static const char start[] = "sha-256=:";
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_str hash;
    size_t n = header ? strnlen(header, 100) : 0, before = strlen(start);
    if (n != before + 44 + 1 || !kr_starts_with(header, start) || header[n - 1] != ':' ||
        !kr_base64_decode(mem, (struct kr_str){header + before, 44}, &hash, NULL) ||
        hash.n != KR_SHA256_SIZE)
        return false;
    memcpy(out, hash.at, KR_SHA256_SIZE);
    return true;
}
