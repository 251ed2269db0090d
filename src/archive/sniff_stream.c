// SPDX-License-Identifier: AGPL-3.0-or-later
// Containers and bare streams: ISO base media, Ogg, MPEG audio and transport, DV.
#include "archive/sniff_priv.h"

static uint32_t big32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool starts(const uint8_t *brand, const char *with)
{
    return memcmp(brand, with, strlen(with)) == 0;
}

struct brand {
    const char *start; // of a brand's four letters
    struct kr_sniff what;
};
static const struct brand brands[] = {
    {"avif", {KR_SNIFF_PHOTO, "image/avif", "avif", "AVIF picture"}},
    {"avis", {KR_SNIFF_PHOTO, "image/avif", "avif", "AVIF picture"}},
    {"hei", {KR_SNIFF_PHOTO, "image/heic", "heic", "HEIC picture"}},
    {"hev", {KR_SNIFF_PHOTO, "image/heic", "heic", "HEIC picture"}},
    {"crx ", {KR_SNIFF_PHOTO, "image/x-canon-cr3", "cr3", "Canon raw picture", true}},
    {"M4A", {KR_SNIFF_AUDIO, "audio/mp4", "m4a", "M4A sound"}},
    {"M4B", {KR_SNIFF_AUDIO, "audio/mp4", "m4b", "M4B sound"}},
    {"M4P", {KR_SNIFF_AUDIO, "audio/mp4", "m4p", "M4P sound"}},
    {"F4A", {KR_SNIFF_AUDIO, "audio/mp4", "m4a", "M4A sound"}},
    {"M4V", {KR_SNIFF_VIDEO, "video/x-m4v", "m4v", "M4V clip", false, true}},
    {"qt  ", {KR_SNIFF_VIDEO, "video/quicktime", "mov", "QuickTime clip", false, true}},
    {"3g2", {KR_SNIFF_VIDEO, "video/3gpp2", "3g2", "3GPP2 clip", false, true}},
    {"3g", {KR_SNIFF_VIDEO, "video/3gpp", "3gp", "3GPP clip", false, true}},
};

static bool brand_known(const uint8_t *brand, struct kr_sniff *out)
{
    for (size_t i = 0; i < KR_COUNT(brands); i++) {
        if (starts(brand, brands[i].start)) {
            *out = brands[i].what;
            return true;
        }
    }
    return false;
}

// The major brand decides; "mif1" and its kin say only "a picture", then the
// compatible brands tell which (ISO/IEC 23008-12, section 10).
static void by_brands(const struct kr_sniff_bytes *b, size_t end, struct kr_sniff *out)
{
    const uint8_t *major = b->at + 8;
    if (brand_known(major, out))
        return;
    if (starts(major, "mif") || starts(major, "msf") || starts(major, "miaf")) {
        *out = PHOTO("image/heif", "heif", "HEIF picture");
        for (size_t i = 16; i + 4 <= end; i += 4)
            if (brand_known(b->at + i, out) && out->kind == KR_SNIFF_PHOTO)
                return;
        *out = PHOTO("image/heif", "heif", "HEIF picture");
        return;
    }
    *out = EITHER("video/mp4", "mp4", "MP4 clip");
}

// QuickTime before "ftyp": the boxes it may begin with, each plausibly long.
static bool old_quicktime(const struct kr_sniff_bytes *b)
{
    static const char *const first[] = {"moov", "mdat", "wide", "free", "skip", "pnot"};
    uint32_t size = big32(b->at);
    for (size_t i = 0; i < KR_COUNT(first); i++) {
        if (memcmp(b->at + 4, first[i], 4) != 0)
            continue;
        if (i < 2)
            return size >= 8 || size <= 1;
        return size >= 8 && size < b->size; // something must follow what says nothing
    }
    return false;
}

bool kr_sniff_boxes(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    if (b->n < 12)
        return false;
    if (HAS(b, 4, "ftyp")) {
        size_t end = big32(b->at);
        by_brands(b, end < b->n ? end : b->n, out);
        return true;
    }
    if (!old_quicktime(b))
        return false;
    *out = EITHER("video/quicktime", "mov", "QuickTime clip");
    return true;
}

// The first page of each stream stands at the beginning (RFC 3533): film where one
// of them is film.
bool kr_sniff_ogg(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    if (!HAS(b, 0, "OggS\0"))
        return false;
    *out = AUDIO("audio/ogg", "ogg", "Ogg sound");
    out->unsure = true;
    for (size_t at = 0; at + 27 < b->n && HAS(b, at, "OggS\0") && (b->at[at + 5] & 2);) {
        size_t segments = b->at[at + 26], body = at + 27 + segments, length = 0;
        for (size_t i = 0; i < segments && at + 27 + i < b->n; i++)
            length += b->at[at + 27 + i];
        if (HAS(b, body, "\x80theora") || HAS(b, body, "\1video\0\0\0") || HAS(b, body, "BBCD\0")) {
            *out = VIDEO("video/ogg", "ogv", "Ogg clip");
            return true;
        }
        if (HAS(b, body, "OpusHead"))
            *out = AUDIO("audio/ogg", "opus", "Opus sound");
        else if (HAS(b, body,
                     "\x7F"
                     "FLAC"))
            *out = AUDIO("audio/ogg", "oga", "FLAC sound in Ogg");
        else if (HAS(b, body, "Speex   "))
            *out = AUDIO("audio/ogg", "spx", "Speex voice recording");
        else if (HAS(b, body, "\1vorbis"))
            *out = AUDIO("audio/ogg", "ogg", "Ogg sound");
        at = body + length;
    }
    return true;
}

// The length of one frame of MPEG audio, or 0 (ISO/IEC 11172-3 section 2.4.1.3,
// 13818-3 section 2.4.2.3). A free bit rate is not taken.
static size_t mpeg_frame(const uint8_t *h)
{
    static const uint16_t kbits[2][3][16] = {
        {{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
         {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
         {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
        {{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
         {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
         {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}}};
    static const unsigned rates[] = {44100, 48000, 32000};
    unsigned version = h[1] >> 3 & 3, layer = h[1] >> 1 & 3, rate = h[2] >> 2 & 3;
    if (h[0] != 0xFF || h[1] < 0xE0 || version == 1 || layer == 0 || rate == 3)
        return 0;
    bool low = version != 3; // MPEG-2 and 2.5
    unsigned hz = rates[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    unsigned bits = kbits[low][3 - layer][h[2] >> 4] * 1000U;
    unsigned padding = h[2] >> 1 & 1;
    if (!bits)
        return 0;
    if (layer == 3)
        return (12 * bits / hz + padding) * 4;
    return (layer == 1 && low ? 72 : 144) * bits / hz + padding;
}

// The length of one ADTS frame of AAC, or 0 (ISO/IEC 13818-7 section 6.2).
static size_t adts_frame(const uint8_t *h)
{
    if (h[0] != 0xFF || (h[1] & 0xF6) != 0xF0 || (h[2] >> 2 & 15) > 12)
        return 0;
    size_t n = (size_t)(h[3] & 3) << 11 | (size_t)h[4] << 3 | h[5] >> 5;
    return n > 7 ? n : 0;
}

// Whether frame follows frame, two further ones at least or to the very end.
static bool frames_follow(const uint8_t *at, size_t n, bool whole,
                          size_t (*length)(const uint8_t *))
{
    int seen = 0;
    for (size_t i = 0; seen < 3; seen++) {
        if (n - i < 7)
            return whole && seen && i == n;
        size_t frame = length(at + i);
        if (!frame)
            return false;
        if (frame > n - i)
            return seen > 1;
        i += frame;
    }
    return true;
}

static bool sound_frames(const uint8_t *at, size_t n, bool whole, struct kr_sniff *out)
{
    if (n < 7)
        return false;
    if (frames_follow(at, n, whole, adts_frame))
        *out = AUDIO("audio/aac", "aac", "AAC sound");
    else if (frames_follow(at, n, whole, mpeg_frame))
        *out = AUDIO("audio/mpeg", "mp3", "MP3 sound");
    else
        return false;
    return true;
}

// Behind an ID3v2 tag may stand MP3, and also AAC, FLAC or Monkey's Audio. The tag
// holds a cover picture often, so what follows may lie far on.
static bool behind_id3(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    uint8_t piece[8192];
    if (!HAS(b, 0, "ID3") || b->n < 10 || b->at[3] < 2 || b->at[3] > 4 ||
        ((b->at[6] | b->at[7] | b->at[8] | b->at[9]) & 0x80))
        return false;
    uint64_t skip = 10 + ((uint64_t)b->at[6] << 21 | (uint64_t)b->at[7] << 14 |
                          (uint64_t)b->at[8] << 7 | b->at[9]);
    size_t n = kr_sniff_piece(b, skip + (b->at[5] & 0x10 ? 10 : 0), piece, sizeof piece);
    if (n >= 4 && memcmp(piece, "fLaC", 4) == 0)
        *out = AUDIO("audio/flac", "flac", "FLAC sound");
    else if (n >= 4 && memcmp(piece, "MAC ", 4) == 0)
        *out = AUDIO("audio/x-ape", "ape", "Monkey's Audio sound");
    else if (!sound_frames(piece, n, false, out))
        *out = AUDIO("audio/mpeg", "mp3", "MP3 sound");
    return true;
}

// A packet every `step` bytes begins with 0x47 (ISO/IEC 13818-1 section 2.4.3.2).
static bool packets(const struct kr_sniff_bytes *b, size_t first, size_t step)
{
    int seen = 0;
    for (size_t at = first; at < b->n && seen < 8; at += step, seen++)
        if (b->at[at] != 0x47)
            return false;
    return seen >= 3;
}

// The header block of the first DIF sequence, and the subcode behind it (IEC 61834-2).
static bool is_dv(const struct kr_sniff_bytes *b)
{
    return b->n >= 480 && HAS(b, 0, "\x1F\7\0") && (b->at[3] & 0x7F) == 0x3F &&
           (b->at[80] & 0xE0) == 0x20;
}

bool kr_sniff_streams(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    size_t zeros = 0; // some encoders pad the front
    if (behind_id3(b, out))
        return true;
    if (packets(b, 0, 188))
        *out = EITHER("video/mp2t", "ts", "MPEG transport stream");
    else if (packets(b, 4, 192))
        *out = EITHER("video/mp2t", "mts", "camcorder clip (AVCHD)");
    else if (is_dv(b))
        *out = VIDEO("video/dv", "dv", "DV clip");
    else {
        while (zeros < b->n && zeros < 4096 && !b->at[zeros])
            zeros++;
        return sound_frames(b->at + zeros, b->n - zeros, b->n == b->size, out);
    }
    return true;
}
