// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/sniff_priv.h"

#include <unistd.h>

struct mark {
    size_t at;
    struct kr_str bytes;
    enum kr_kind kind;
    const char *mime;
};
#define MARK(at, bytes, kind, mime)                                                                \
    {                                                                                              \
        at, {(bytes), sizeof(bytes) - 1}, KR_KIND_##kind, mime                                     \
    }

static const struct mark marks[] = {
    MARK(0, "\xFF\xD8\xFF", JPEG, "image/jpeg"),
    MARK(0, "\x89PNG\r\n\x1A\n", PNG, "image/png"),
    MARK(0, "GIF87a", GIF, "image/gif"),
    MARK(0, "GIF89a", GIF, "image/gif"),
    MARK(8, "WEBP", WEBP, "image/webp"),
    // RAWs with a mark of their own, before the TIFF they look like
    MARK(0, "FUJIFILMCCD-RAW", RAW, "image/x-fuji-raf"),
    MARK(0, "IIU\0\x18\0\0\0", RAW, "image/x-panasonic-rw2"),
    MARK(0, "IIU\0\x08\0\0\0", RAW, "image/x-panasonic-rw2"),
    MARK(0, "IIRO", RAW, "image/x-olympus-orf"),
    MARK(0, "IIRS", RAW, "image/x-olympus-orf"),
    MARK(0, "MMOR", RAW, "image/x-olympus-orf"),
    MARK(0, "FOVb", RAW, "image/x-sigma-x3f"),
    MARK(0, "\0MRM", RAW, "image/x-minolta-mrw"),
    MARK(6, "HEAPCCDR", RAW, "image/x-canon-crw"),
    MARK(8, "CR\x02", RAW, "image/x-canon-cr2"),
    MARK(4, "ftypcrx ", RAW, "image/x-canon-cr3"),
    MARK(4, "ftypavif", AVIF, "image/avif"),
    MARK(4, "ftypavis", AVIF, "image/avif"),
    MARK(4, "ftypheic", HEIC, "image/heic"),
    MARK(4, "ftypheix", HEIC, "image/heic"),
    MARK(4, "ftyphevc", HEIC, "image/heic"),
    MARK(4, "ftyphevx", HEIC, "image/heic"),
    MARK(4, "ftypheim", HEIC, "image/heic"),
    MARK(4, "ftypheis", HEIC, "image/heic"),
    MARK(4, "ftypmif1", HEIC, "image/heif"),
    MARK(4, "ftypmsf1", HEIC, "image/heif"),
    MARK(4, "ftypmiaf", HEIC, "image/heif"),
    MARK(0, "BM", BMP, "image/bmp"),
    MARK(0, "\0\0\0\x0CjP  \r\n\x87\n", JP2, "image/jp2"),
    MARK(0, "\xFF\x4F\xFF\x51", JP2, "image/jp2"),
    MARK(0, "8BPS", PSD, "image/vnd.adobe.photoshop"),
    MARK(0, "\0\0\0\x0CJXL \r\n\x87\n", JXL, "image/jxl"),
    MARK(0, "\xFF\x0A", JXL, "image/jxl"),
    MARK(0, "\x01\xDA", SGI, "image/x-sgi"),
    MARK(0, "qoif", QOI, "image/qoi"),
    MARK(4, "ftyp", FILM, ""),
    MARK(4, "moov", FILM, ""),
    MARK(4, "mdat", FILM, ""),
    MARK(4, "wide", FILM, ""),
    MARK(4, "free", FILM, ""),
    MARK(4, "skip", FILM, ""),
    MARK(4, "pnot", FILM, ""),
    MARK(0, "\x1A\x45\xDF\xA3", FILM, ""), // Matroska
    MARK(0, "RIFF", FILM, ""),             // after WebP: AVI or WAV
    MARK(0, "RF64", FILM, ""),
    MARK(0, "riff", FILM, ""), // Wave64
    MARK(0, "OggS", FILM, ""),
    MARK(0, "fLaC", FILM, ""),
    MARK(0, "ID3", FILM, ""),
    MARK(0, "#!AMR", FILM, ""),
    MARK(0, "\0\0\x01\xBA", FILM, ""),                     // MPEG program stream
    MARK(0, "\0\0\x01\xB3", FILM, ""),                     // MPEG video alone
    MARK(0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", FILM, ""), // ASF
    MARK(0, "FLV\x01", FILM, ""),
    MARK(0, ".RMF", FILM, ""),
    MARK(0, ".ra\xFD", FILM, ""),
    MARK(0, "MAC ", FILM, ""), // Monkey's Audio
    MARK(0, "FORM", FILM, ""), // AIFF
    MARK(0, ".snd", FILM, ""),
    MARK(0, "caff", FILM, ""),
    MARK(0, "\x1F\x07\0", FILM, ""), // DV, NTSC
    MARK(0, "\x1F\x07\x3F", FILM, ""),
};

// RAWs that begin as any TIFF does: only their ending tells them from a scan.
static const struct {
    const char *ending, *mime;
} tiff_raws[] = {
    {"3fr", "image/x-hasselblad-3fr"}, {"arw", "image/x-sony-arw"},
    {"cr2", "image/x-canon-cr2"},      {"dcr", "image/x-kodak-dcr"},
    {"dng", "image/x-adobe-dng"},      {"erf", "image/x-epson-erf"},
    {"iiq", "image/x-phaseone-iiq"},   {"kdc", "image/x-kodak-kdc"},
    {"mef", "image/x-mamiya-mef"},     {"nef", "image/x-nikon-nef"},
    {"nrw", "image/x-nikon-nrw"},      {"orf", "image/x-olympus-orf"},
    {"pef", "image/x-pentax-pef"},     {"raf", "image/x-fuji-raf"},
    {"rw2", "image/x-panasonic-rw2"},  {"rwl", "image/x-leica-rwl"},
    {"sr2", "image/x-sony-sr2"},       {"srf", "image/x-sony-srf"},
    {"srw", "image/x-samsung-srw"},
};

static bool has_at(struct kr_str head, size_t at, struct kr_str bytes)
{
    return head.n >= at + bytes.n && memcmp(head.at + at, bytes.at, bytes.n) == 0;
}

static bool is_tiff(struct kr_str head)
{
    return has_at(head, 0, (struct kr_str){"II*\0", 4}) ||
           has_at(head, 0, (struct kr_str){"MM\0*", 4}) ||
           has_at(head, 0, (struct kr_str){"II+\0", 4}) ||
           has_at(head, 0, (struct kr_str){"MM\0+", 4});
}

// A DNG or a maker's TIFF whose name was lost still carries tags no scan has.
static bool has_raw_tag(struct kr_str head)
{
    bool little = head.at[0] == 'I';
    const unsigned char *at = (const unsigned char *)head.at;
#define U16(p) (unsigned)(little ? at[p] | at[(p) + 1] << 8 : at[p] << 8 | at[(p) + 1])
    size_t dir = little ? (size_t)at[4] | (size_t)at[5] << 8 : (size_t)at[6] << 8 | at[7];
    if (dir < 8 || dir + 2 > head.n)
        return false;
    unsigned count = U16(dir);
    for (unsigned i = 0; i < count; i++) {
        size_t entry = dir + 2 + 12 * (size_t)i;
        if (entry + 12 > head.n)
            return false;
        unsigned tag = U16(entry);
        if (tag == 0xC612) // DNGVersion
            return true;
    }
#undef U16
    return false;
}

static struct kr_sniffed sniff_tiff(struct kr_str head, const char *ending)
{
    if (has_at(head, 8, KR_STR("CR\x02")))
        return (struct kr_sniffed){KR_KIND_RAW, "image/x-canon-cr2"};
    for (size_t i = 0; i < KR_COUNT(tiff_raws); i++)
        if (strcmp(tiff_raws[i].ending, ending) == 0)
            return (struct kr_sniffed){KR_KIND_RAW, tiff_raws[i].mime};
    if (has_raw_tag(head))
        return (struct kr_sniffed){KR_KIND_RAW, "image/x-adobe-dng"};
    return (struct kr_sniffed){KR_KIND_TIFF, "image/tiff"};
}

static bool is_pnm(struct kr_str head)
{
    return head.n > 3 && head.at[0] == 'P' &&
           ((head.at[1] >= '1' && head.at[1] <= '7') || head.at[1] == 'f' || head.at[1] == 'F') &&
           (head.at[2] == '\n' || head.at[2] == ' ' || head.at[2] == '\r' || head.at[2] == '\t');
}

// Streams without a mark at their start: repeated sync bytes tell them.
static bool is_stream(struct kr_str head)
{
    const unsigned char *at = (const unsigned char *)head.at;
    if (head.n >= 2 * 188 + 1 && at[0] == 0x47 && at[188] == 0x47 && at[376] == 0x47)
        return true; // MPEG transport stream
    if (head.n >= 2 * 192 + 5 && at[4] == 0x47 && at[196] == 0x47 && at[388] == 0x47)
        return true; // the same with a camcorder's time stamps
    // MP3 and AAC frames: eleven or twelve set bits, and a possible layer
    return head.n >= 4 && at[0] == 0xFF && (at[1] & 0xE0) == 0xE0 && at[1] != 0xFF &&
           (at[1] & 0x18) != 0x08;
}

struct kr_sniffed kr_sniff(struct kr_str head, const char *ending)
{
    if (is_tiff(head) && head.n >= 16)
        return sniff_tiff(head, ending);
    for (size_t i = 0; i < KR_COUNT(marks); i++)
        if (has_at(head, marks[i].at, marks[i].bytes))
            return (struct kr_sniffed){marks[i].kind, marks[i].mime};
    if (is_pnm(head))
        return (struct kr_sniffed){KR_KIND_PNM, "image/x-portable-anymap"};
    if (is_stream(head))
        return (struct kr_sniffed){KR_KIND_FILM, ""};
    if (strcmp(ending, "tga") == 0 && head.n > 18)
        return (struct kr_sniffed){KR_KIND_TARGA, "image/x-targa"};
    return (struct kr_sniffed){KR_KIND_UNKNOWN, ""};
}

bool kr_sniff_fd(int fd, const char *ending, struct kr_sniffed *out, struct kr_err *err)
{
    char head[KR_SNIFF_BYTES];
    size_t n = 0;
    while (n < sizeof head) {
        ssize_t got = pread(fd, head + n, sizeof head - n, (off_t)n);
        if (got < 0)
            return kr_fail_errno(err, "read the first bytes");
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *out = kr_sniff((struct kr_str){head, n}, ending);
    return true;
}

bool kr_kind_is_picture(enum kr_kind kind)
{
    return kind != KR_KIND_UNKNOWN && kind != KR_KIND_FILM;
}
