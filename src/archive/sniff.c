// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sniff_priv.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

bool kr_sniff_has(const struct kr_sniff_bytes *b, size_t offset, const void *magic, size_t n)
{
    return b->n >= n && offset <= b->n - n && memcmp(b->at + offset, magic, n) == 0;
}

size_t kr_sniff_piece(const struct kr_sniff_bytes *b, uint64_t offset, uint8_t *out, size_t n)
{
    if (offset < b->n) {
        size_t there = b->n - (size_t)offset;
        if (there >= n || b->fd < 0) {
            n = there < n ? there : n;
            memcpy(out, b->at + offset, n);
            return n;
        }
    }
    if (b->fd < 0 || offset >= b->size)
        return 0;
    ssize_t got = pread(b->fd, out, n, (off_t)offset);
    return got < 0 ? 0 : (size_t)got;
}

// What shows itself by a few bytes at a fixed place.
struct row {
    const char *magic;
    unsigned n, offset;
    struct kr_sniff what;
};
#define M(offset, magic) (magic), sizeof(magic) - 1, (offset)

static const struct row media[] = {
    {M(0, "\xFF\xD8\xFF"), {KR_SNIFF_PHOTO, "image/jpeg", "jpg", "JPEG picture"}},
    {M(0, "\x89PNG\r\n\x1A\n"), {KR_SNIFF_PHOTO, "image/png", "png", "PNG picture"}},
    {M(0, "GIF87a"), {KR_SNIFF_PHOTO, "image/gif", "gif", "GIF picture"}},
    {M(0, "GIF89a"), {KR_SNIFF_PHOTO, "image/gif", "gif", "GIF picture"}},
    {M(8, "WEBP"), {KR_SNIFF_PHOTO, "image/webp", "webp", "WebP picture"}},
    {M(0, "\0\0\0\x0CjP  \r\n\x87\n"), {KR_SNIFF_PHOTO, "image/jp2", "jp2", "JPEG 2000 picture"}},
    {M(0, "\xFFO\xFFQ"), {KR_SNIFF_PHOTO, "image/x-jp2-codestream", "j2c", "JPEG 2000 picture"}},
    {M(0, "\0\0\0\x0CJXL \r\n\x87\n"), {KR_SNIFF_PHOTO, "image/jxl", "jxl", "JPEG XL picture"}},
    {M(0, "8BPS\0\1"), {KR_SNIFF_PHOTO, "image/vnd.adobe.photoshop", "psd", "Photoshop picture"}},
    {M(0, "8BPS\0\2"), {KR_SNIFF_PHOTO, "image/vnd.adobe.photoshop", "psb", "Photoshop picture"}},
    {M(6, "HEAPCCDR"), {KR_SNIFF_PHOTO, "image/x-canon-crw", "crw", "Canon raw picture", true}},
    {M(0, "FUJIFILMCCD-RAW "),
     {KR_SNIFF_PHOTO, "image/x-fuji-raf", "raf", "Fujifilm raw picture", true}},
    {M(0, "FOVb"), {KR_SNIFF_PHOTO, "image/x-sigma-x3f", "x3f", "Sigma raw picture", true}},
    {M(0, "\0MRM"), {KR_SNIFF_PHOTO, "image/x-minolta-mrw", "mrw", "Minolta raw picture", true}},
    {M(8, "AVI "), {KR_SNIFF_VIDEO, "video/x-msvideo", "avi", "AVI clip", false, true}},
    {M(8, "WAVE"), {KR_SNIFF_AUDIO, "audio/wav", "wav", "WAV sound"}},
    {M(8, "CDXA"), {KR_SNIFF_VIDEO, "video/mpeg", "dat", "Video CD clip"}},
    {M(8, "AIFF"), {KR_SNIFF_AUDIO, "audio/aiff", "aiff", "AIFF sound"}},
    {M(8, "AIFC"), {KR_SNIFF_AUDIO, "audio/aiff", "aifc", "AIFF sound"}},
    {M(0, "fLaC"), {KR_SNIFF_AUDIO, "audio/flac", "flac", "FLAC sound"}},
    {M(0, "wvpk"), {KR_SNIFF_AUDIO, "audio/x-wavpack", "wv", "WavPack sound"}},
    {M(0, "TTA1"), {KR_SNIFF_AUDIO, "audio/x-tta", "tta", "True Audio sound"}},
    {M(0, "MPCK"), {KR_SNIFF_AUDIO, "audio/x-musepack", "mpc", "Musepack sound"}},
    {M(0, "MP+\7"), {KR_SNIFF_AUDIO, "audio/x-musepack", "mpc", "Musepack sound"}},
    {M(0, "caff\0\1"), {KR_SNIFF_AUDIO, "audio/x-caf", "caf", "Core Audio sound"}},
    {M(0, "#!AMR\n"), {KR_SNIFF_AUDIO, "audio/amr", "amr", "AMR voice recording"}},
    {M(0, "#!AMR-WB\n"), {KR_SNIFF_AUDIO, "audio/amr-wb", "amr", "AMR voice recording"}},
    {M(0, ".ra\xFD"), {KR_SNIFF_AUDIO, "audio/x-realaudio", "ra", "RealAudio sound"}},
    {M(0, ".RMF"),
     {KR_SNIFF_VIDEO, "application/vnd.rn-realmedia", "rm", "RealMedia clip", false, true}},
    {M(0, "FLV\1"), {KR_SNIFF_VIDEO, "video/x-flv", "flv", "Flash clip", false, true}},
    {M(0, "\0\0\1\xBA"), {KR_SNIFF_VIDEO, "video/mpeg", "mpg", "MPEG clip", false, true}},
    {M(0, "\0\0\1\xB3"), {KR_SNIFF_VIDEO, "video/mpeg", "mpg", "MPEG clip"}},
};

// Names for a refusal; the more telling row first.
static const struct row other[] = {
    {M(0, "%PDF-"), {KR_SNIFF_OTHER, "application/pdf", "pdf", "PDF document"}},
    {M(0, "PK\3\4"), {KR_SNIFF_OTHER, "application/zip", "zip", "ZIP archive or office document"}},
    {M(0, "PK\5\6"), {KR_SNIFF_OTHER, "application/zip", "zip", "empty ZIP archive"}},
    {M(0, "\x1F\x8B"), {KR_SNIFF_OTHER, "application/gzip", "gz", "gzip archive"}},
    {M(0, "BZh"), {KR_SNIFF_OTHER, "application/x-bzip2", "bz2", "bzip2 archive"}},
    {M(0, "\xFD"
          "7zXZ\0"),
     {KR_SNIFF_OTHER, "application/x-xz", "xz", "xz archive"}},
    {M(0, "7z\xBC\xAF\x27\x1C"),
     {KR_SNIFF_OTHER, "application/x-7z-compressed", "7z", "7-Zip archive"}},
    {M(0, "Rar!\x1A\7"), {KR_SNIFF_OTHER, "application/vnd.rar", "rar", "RAR archive"}},
    {M(0, "(\xB5/\xFD"), {KR_SNIFF_OTHER, "application/zstd", "zst", "Zstandard archive"}},
    {M(257, "ustar"), {KR_SNIFF_OTHER, "application/x-tar", "tar", "tar archive"}},
    {M(32769, "CD001"), {KR_SNIFF_OTHER, "application/x-iso9660-image", "iso", "disc image"}},
    {M(0, "\x7F"
          "ELF"),
     {KR_SNIFF_OTHER, "application/x-executable", "", "program"}},
    {M(0, "MZ"), {KR_SNIFF_OTHER, "application/x-msdownload", "exe", "Windows program"}},
    {M(0, "\xCA\xFE\xBA\xBE"), {KR_SNIFF_OTHER, "application/x-mach-binary", "", "program"}},
    {M(0, "\xCF\xFA\xED\xFE"), {KR_SNIFF_OTHER, "application/x-mach-binary", "", "program"}},
    {M(0, "\xCE\xFA\xED\xFE"), {KR_SNIFF_OTHER, "application/x-mach-binary", "", "program"}},
    {M(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
     {KR_SNIFF_OTHER, "application/x-ole-storage", "",
      "older office document or thumbnail database"}},
    {M(0, "SQLite format 3\0"), {KR_SNIFF_OTHER, "application/vnd.sqlite3", "db", "database"}},
    {M(0, "\0\1\0\0\0"), {KR_SNIFF_OTHER, "font/ttf", "ttf", "font"}},
    {M(0, "OTTO"), {KR_SNIFF_OTHER, "font/otf", "otf", "font"}},
    {M(0, "ttcf"), {KR_SNIFF_OTHER, "font/collection", "ttc", "font"}},
    {M(0, "wOFF"), {KR_SNIFF_OTHER, "font/woff", "woff", "font"}},
    {M(0, "wOF2"), {KR_SNIFF_OTHER, "font/woff2", "woff2", "font"}},
    {M(0, "\x80\1"), {KR_SNIFF_OTHER, "application/x-font-type1", "pfb", "font"}},
    {M(0, "{\\rtf"), {KR_SNIFF_OTHER, "application/rtf", "rtf", "RTF document"}},
    {M(0, "%!PS"), {KR_SNIFF_OTHER, "application/postscript", "ps", "PostScript document"}},
    {M(0, "\xC5\xD0\xD3\xC6"),
     {KR_SNIFF_OTHER, "application/postscript", "eps", "PostScript document"}},
    {M(0, "MThd"), {KR_SNIFF_OTHER, "audio/midi", "mid", "MIDI notes"}},
    {M(8, "RMID"), {KR_SNIFF_OTHER, "audio/midi", "rmi", "MIDI notes"}},
    {M(0, "FWS"), {KR_SNIFF_OTHER, "application/x-shockwave-flash", "swf", "Flash program"}},
    {M(0, "CWS"), {KR_SNIFF_OTHER, "application/x-shockwave-flash", "swf", "Flash program"}},
    {M(0, "bplist00"), {KR_SNIFF_OTHER, "application/x-plist", "plist", "Apple property list"}},
    {M(0, "\0\0\0\1Bud1"),
     {KR_SNIFF_OTHER, "application/octet-stream", "", "macOS folder view (.DS_Store)"}},
    {M(0, "\0\5\x16\7"), {KR_SNIFF_OTHER, "application/applefile", "", "macOS side file (._)"}},
    {M(0, "L\0\0\0\1\x14\2\0"),
     {KR_SNIFF_OTHER, "application/x-ms-shortcut", "lnk", "Windows shortcut"}},
    {M(0, "gimp xcf"), {KR_SNIFF_OTHER, "image/x-xcf", "xcf", "GIMP working file"}},
    {M(0, "BPG\xFB"),
     {KR_SNIFF_OTHER, "image/bpg", "bpg", "BPG picture, which nothing here can open"}},
    {M(0, "\0\0\1\0"), {KR_SNIFF_OTHER, "image/x-icon", "ico", "icon"}},
    {M(0, "SIMPLE  ="), {KR_SNIFF_OTHER, "image/fits", "fits", "astronomical picture (FITS)"}},
    {M(0, "v/1\1"), {KR_SNIFF_OTHER, "image/x-exr", "exr", "OpenEXR picture"}},
    {M(0, "#?RADIANCE"), {KR_SNIFF_OTHER, "image/vnd.radiance", "hdr", "Radiance picture"}},
    {M(2048, "PCD_IPI"),
     {KR_SNIFF_OTHER, "image/x-photo-cd", "pcd", "Photo CD picture, which nothing here can open"}},
    {M(128, "DICM"), {KR_SNIFF_OTHER, "application/dicom", "dcm", "medical picture (DICOM)"}},
    {M(0, "\6\6\xED\xF5"), {KR_SNIFF_OTHER, "application/x-indesign", "indd", "InDesign document"}},
    {M(60, "BOOKMOBI"), {KR_SNIFF_OTHER, "application/x-mobipocket-ebook", "mobi", "e-book"}},
    {M(36, "acsp"), {KR_SNIFF_OTHER, "application/vnd.iccprofile", "icc", "colour profile"}},
    {M(0, "\x8AMNG\r\n\x1A\n"), {KR_SNIFF_OTHER, "video/x-mng", "mng", "MNG animation"}},
    {M(0, "\x8BJNG\r\n\x1A\n"), {KR_SNIFF_OTHER, "image/x-jng", "jng", "JNG picture"}},
    {M(0, "\xFF\1"
          "Exiv2"),
     {KR_SNIFF_OTHER, "application/octet-stream", "exv", "metadata of Exiv2"}},
    {M(0, "d8:announce"), {KR_SNIFF_OTHER, "application/x-bittorrent", "torrent", "torrent"}},
    {M(0, "!BDN"), {KR_SNIFF_OTHER, "application/vnd.ms-outlook-pst", "pst", "Outlook mailbox"}},
};

// A chunk's type says something only inside the right container.
static bool in_container(const struct kr_sniff_bytes *b, const struct row *row)
{
    if (row->offset != 8)
        return true;
    if (memcmp(row->magic, "AIF", 3) == 0)
        return HAS(b, 0, "FORM");
    return HAS(b, 0, "RIFF") ||
           (memcmp(row->magic, "WAVE", 4) == 0 && (HAS(b, 0, "RF64") || HAS(b, 0, "BW64")));
}

static bool find(const struct kr_sniff_bytes *b, const struct row *rows, size_t n,
                 struct kr_sniff *out)
{
    for (size_t i = 0; i < n; i++) {
        if (kr_sniff_has(b, rows[i].offset, rows[i].magic, rows[i].n) &&
            in_container(b, &rows[i])) {
            *out = rows[i].what;
            return true;
        }
    }
    return false;
}

// "MAC " is a word, too: a version from 3.0 to 4.1 must follow.
static bool is_ape(const struct kr_sniff_bytes *b)
{
    unsigned version = b->n < 6 ? 0 : b->at[4] | (unsigned)b->at[5] << 8;
    return HAS(b, 0, "MAC ") && version >= 3000 && version < 4200;
}

static uint32_t little32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

// "BM" alone is two letters; the header behind must be one of those there are.
static bool is_bmp(const struct kr_sniff_bytes *b)
{
    static const uint32_t headers[] = {12, 16, 40, 52, 56, 64, 108, 124};
    if (!HAS(b, 0, "BM") || b->n < 26)
        return false;
    for (size_t i = 0; i < KR_COUNT(headers); i++)
        if (little32(b->at + 14) == headers[i])
            return true;
    return false;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// P1 to P7 and white space, then a number or a comment (Netpbm).
static bool is_netpbm(const struct kr_sniff_bytes *b)
{
    if (b->n < 4 || b->at[0] != 'P' || !is_space(b->at[2]))
        return false;
    if (b->at[1] == '7')
        return HAS(b, 3, "WIDTH") || HAS(b, 3, "HEIGHT") || HAS(b, 3, "#");
    return b->at[1] >= '1' && b->at[1] <= '6' &&
           ((b->at[3] >= '0' && b->at[3] <= '9') || b->at[3] == '#');
}

// The Windows Media container: film where one of its streams is (Advanced Systems
// Format, section 10, ASF_Video_Media).
static bool is_asf(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    static const char video[] = "\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11\xA8\xFD\0\x80\x5F\x5C\x44\x2B";
    if (!HAS(b, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\0\xAA\0\x62\xCE\x6C"))
        return false;
    *out = AUDIO("audio/x-ms-wma", "wma", "Windows Media sound");
    if (memmem(b->at, b->n, video, sizeof video - 1))
        *out = VIDEO("video/x-ms-wmv", "wmv", "Windows Media clip");
    out->unsure = true;
    return true;
}

// Matroska and its child WebM tell themselves apart by the DocType of their head.
static bool is_matroska(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    if (!HAS(b, 0, "\x1A\x45\xDF\xA3"))
        return false;
    size_t n = b->n < 128 ? b->n : 128;
    *out = memmem(b->at, n, "webm", 4) ? EITHER("video/webm", "webm", "WebM clip")
                                       : EITHER("video/x-matroska", "mkv", "Matroska clip");
    return true;
}

// A second picture for the other eye makes a JPEG a stereo picture: the list of
// pictures (tag 0xB002) of CIPA DC-007 gives its first the type 0x020002.
static bool is_stereo(const struct kr_sniff_bytes *b)
{
    const uint8_t *mpf = memmem(b->at, b->n, "MPF\0", 4);
    struct kr_sniff_bytes in = {.fd = -1};
    if (!mpf)
        return false;
    in.at = mpf + 4;
    in.n = b->n - (size_t)(in.at - b->at);
    in.size = in.n;
    uint32_t list = kr_sniff_tag(&in, 0xB002);
    bool little = HAS(&in, 0, "II");
    if (!list || list > in.n || in.n - list < 4)
        return false;
    return little ? HAS(&in, list, "\2\0\2") : HAS(&in, list + 1, "\2\0\2");
}

static bool find_media(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    if (find(b, media, KR_COUNT(media), out)) {
        if (strcmp(out->ending, "jpg") == 0 && is_stereo(b))
            *out = PHOTO("image/mpo", "mpo", "stereo picture");
        return true;
    }
    if (is_ape(b))
        *out = AUDIO("audio/x-ape", "ape", "Monkey's Audio sound");
    else if (is_bmp(b))
        *out = PHOTO("image/bmp", "bmp", "BMP picture");
    else if (is_netpbm(b))
        *out = PHOTO("image/x-portable-anymap", "pnm", "Netpbm picture");
    else if (HAS(b, 0, "\xFF\n") && b->n > 12)
        *out = PHOTO("image/jxl", "jxl", "JPEG XL picture");
    else
        return is_asf(b, out) || is_matroska(b, out) || kr_sniff_tiff(b, out) ||
               kr_sniff_boxes(b, out) || kr_sniff_ogg(b, out) || kr_sniff_streams(b, out);
    return true;
}

static void sniff(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    if (b->size == 0 || b->n == 0) {
        *out = OTHER("application/x-empty", "", "empty file");
        return;
    }
    if (find_media(b, out) || find(b, other, KR_COUNT(other), out) || kr_sniff_text(b, out))
        return;
    *out = OTHER("application/octet-stream", "", "file of an unknown kind");
    size_t zeros = 0;
    while (zeros < b->n && !b->at[zeros])
        zeros++;
    if (zeros == b->n)
        out->name = "file of nothing but zeros";
}

void kr_sniff_bytes(const uint8_t *head, size_t n, uint64_t size, struct kr_sniff *out)
{
    struct kr_sniff_bytes b = {head, n < KR_SNIFF_HEAD ? n : KR_SNIFF_HEAD, size, -1};
    sniff(&b, out);
}

bool kr_sniff_fd(int fd, struct kr_sniff *out, struct kr_err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return kr_fail_errno(err, "look at a file");
    if (!S_ISREG(st.st_mode))
        return kr_fail(err, KR_E_UNSUPPORTED, "not a plain file");
    uint8_t *head = kr_alloc(KR_SNIFF_HEAD);
    size_t n = 0;
    ssize_t got = 1;
    while (n < KR_SNIFF_HEAD && got > 0) {
        got = pread(fd, head + n, KR_SNIFF_HEAD - n, (off_t)n);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            n += (size_t)got;
    }
    if (got >= 0) {
        struct kr_sniff_bytes b = {head, n, (uint64_t)st.st_size, fd};
        sniff(&b, out);
    }
    kr_free(&head);
    return got >= 0 || kr_fail_errno(err, "read the beginning of a file");
}

const char *kr_sniff_media(const struct kr_sniff *sniff_)
{
    switch (sniff_->kind) {
    case KR_SNIFF_PHOTO:
        return "photo";
    case KR_SNIFF_VIDEO:
        return "video";
    case KR_SNIFF_AUDIO:
        return "audio";
    default:
        return NULL;
    }
}
