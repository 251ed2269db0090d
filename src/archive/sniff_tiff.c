// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sniff_priv.h"

// Tags of TIFF 6.0, TIFF/EP and DNG 1.4.
enum {
    TAG_SUBFILE_TYPE = 254,
    TAG_COMPRESSION = 259,
    TAG_PHOTOMETRIC = 262,
    TAG_MAKE = 271,
    TAG_SUB_IFDS = 330,
    TAG_DNG_VERSION = 50706,
    REDUCED = 1,        // a subfile type: this is a preview of something else
    CFA = 32803,        // photometric: the sensor's own mosaic
    LINEAR_RAW = 34892, // photometric: the mosaic, developed half way
    MOST_ENTRIES = 512,
    ENTRY = 12,
};

struct directory {
    bool little;
    size_t n;
    uint8_t entries[MOST_ENTRIES * ENTRY];
};

static uint32_t number(bool little, const uint8_t *at, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << 8 * (little ? i : bytes - 1 - i);
    return value;
}

// The first directory, wherever it lies.
static bool read_directory(const struct kr_sniff_bytes *b, struct directory *dir)
{
    uint8_t head[2];
    if (b->n < 8)
        return false;
    dir->little = b->at[0] == 'I';
    uint64_t offset = number(dir->little, b->at + 4, 4);
    if (kr_sniff_piece(b, offset, head, 2) < 2)
        return false;
    dir->n = number(dir->little, head, 2);
    if (!dir->n || dir->n > MOST_ENTRIES)
        return false;
    dir->n = kr_sniff_piece(b, offset + 2, dir->entries, dir->n * ENTRY) / ENTRY;
    return true;
}

static const uint8_t *entry_of(const struct directory *dir, uint16_t tag)
{
    for (size_t i = 0; i < dir->n; i++)
        if (number(dir->little, dir->entries + i * ENTRY, 2) == tag)
            return dir->entries + i * ENTRY;
    return NULL;
}

static uint32_t value_of(const struct directory *dir, uint16_t tag)
{
    const uint8_t *entry = entry_of(dir, tag);
    if (!entry)
        return 0;
    bool is_short =
        number(dir->little, entry + 2, 2) == 3 && number(dir->little, entry + 4, 4) == 1;
    return number(dir->little, entry + 8, is_short ? 2 : 4);
}

uint32_t kr_sniff_tag(const struct kr_sniff_bytes *b, uint16_t tag)
{
    struct directory dir;
    return read_directory(b, &dir) ? value_of(&dir, tag) : 0;
}

// The first letters of the maker's name, in capitals.
static void make_of(const struct kr_sniff_bytes *b, const struct directory *dir, char out[8])
{
    const uint8_t *entry = entry_of(dir, TAG_MAKE);
    memset(out, 0, 8);
    if (!entry)
        return;
    uint32_t n = number(dir->little, entry + 4, 4);
    if (n <= 4)
        memcpy(out, entry + 8, n);
    else
        kr_sniff_piece(b, number(dir->little, entry + 8, 4), (uint8_t *)out, n < 7 ? n : 7);
    for (int i = 0; i < 8; i++)
        out[i] = out[i] >= 'a' && out[i] <= 'z' ? (char)(out[i] - 32) : out[i];
}

// Raw pictures that look like TIFF from outside: whose camera, and whether the first
// directory is the mosaic itself or only a preview before it.
static bool is_raw(const struct kr_sniff_bytes *b, const struct directory *dir,
                   struct kr_sniff *out)
{
    static const struct {
        const char *make;
        struct kr_sniff what;
    } makers[] = {
        {"NIKON", {KR_SNIFF_PHOTO, "image/x-nikon-nef", "nef", "Nikon raw picture", true}},
        {"SONY", {KR_SNIFF_PHOTO, "image/x-sony-arw", "arw", "Sony raw picture", true}},
        {"PENTAX", {KR_SNIFF_PHOTO, "image/x-pentax-pef", "pef", "Pentax raw picture", true}},
        {"RICOH", {KR_SNIFF_PHOTO, "image/x-pentax-pef", "pef", "Pentax raw picture", true}},
        {"SAMSUNG", {KR_SNIFF_PHOTO, "image/x-samsung-srw", "srw", "Samsung raw picture", true}},
        {"HASSEL",
         {KR_SNIFF_PHOTO, "image/x-hasselblad-3fr", "3fr", "Hasselblad raw picture", true}},
        {"KODAK", {KR_SNIFF_PHOTO, "image/x-kodak-dcr", "dcr", "Kodak raw picture", true}},
        {"EASTMAN", {KR_SNIFF_PHOTO, "image/x-kodak-dcr", "dcr", "Kodak raw picture", true}},
    };
    uint32_t photometric = value_of(dir, TAG_PHOTOMETRIC);
    uint32_t compression = value_of(dir, TAG_COMPRESSION);
    bool mosaic = photometric == CFA || photometric == LINEAR_RAW ||
                  (compression >= 32767 && compression <= 32772) || compression == 34713 ||
                  compression == 65000 || compression == 65535;
    bool preview = value_of(dir, TAG_SUBFILE_TYPE) == REDUCED && entry_of(dir, TAG_SUB_IFDS);
    char make[8];
    if (entry_of(dir, TAG_DNG_VERSION)) {
        *out = RAW("image/x-adobe-dng", "dng", "DNG raw picture");
        return true;
    }
    if (photometric == CFA)
        *out = RAW("image/x-dcraw", "raw", "raw picture of a camera");
    make_of(b, dir, make);
    for (size_t i = 0; i < KR_COUNT(makers); i++) {
        if (strncmp(make, makers[i].make, strlen(makers[i].make)) == 0 && (mosaic || preview)) {
            *out = makers[i].what;
            return true;
        }
    }
    return photometric == CFA;
}

bool kr_sniff_tiff(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    struct directory dir;
    if (HAS(b, 0, "IIU\0"))
        *out = RAW("image/x-panasonic-rw2", "rw2", "Panasonic raw picture");
    else if (HAS(b, 0, "IIRO") || HAS(b, 0, "IIRS") || HAS(b, 0, "MMOR"))
        *out = RAW("image/x-olympus-orf", "orf", "Olympus raw picture");
    else if ((HAS(b, 0, "II*\0") || HAS(b, 0, "MM\0*")) && HAS(b, 8, "CR\2"))
        *out = RAW("image/x-canon-cr2", "cr2", "Canon raw picture");
    else if (HAS(b, 0, "II+\0\b\0\0\0") || HAS(b, 0, "MM\0+\0\b\0\0"))
        *out = PHOTO("image/tiff", "tif", "BigTIFF picture");
    else if (!HAS(b, 0, "II*\0") && !HAS(b, 0, "MM\0*"))
        return false;
    else if (!read_directory(b, &dir) || !is_raw(b, &dir, out))
        *out = PHOTO("image/tiff", "tif", "TIFF picture");
    return true;
}
