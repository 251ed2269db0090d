// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sniff.h"
#include "harness.h"

#include <fcntl.h>
#include <unistd.h>

#define BYTES(literal) (literal), sizeof(literal) - 1

// The first bytes of what we know.
static const struct {
    const char *bytes;
    size_t n;
    const char *media, *ending;
} known[] = {
    {BYTES("\xFF\xD8\xFF\xE0\0\x10JFIF"), "photo", "jpg"},
    {BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "photo", "png"},
    {BYTES("RIFF\x24\0\0\0WEBPVP8 "), "photo", "webp"},
    {BYTES("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0"), "photo", "bmp"},
    {BYTES("\0\0\0\x18"
           "ftypheic\0\0\0\0mif1heic"),
     "photo", "heic"},
    {BYTES("\0\0\0\x18"
           "ftypmif1\0\0\0\0mif1avif"),
     "photo", "avif"},
    {BYTES("\0\0\0\x18"
           "ftypmif1\0\0\0\0mif1heic"),
     "photo", "heic"},
    {BYTES("\0\0\0\x18"
           "ftypcrx \0\0\0\1crx isom"),
     "photo", "cr3"},
    {BYTES("\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14"), "photo", "jxl"},
    {BYTES("\xFF\n\xFA\x1F\x01\x90\x02\x08\x04\0\x30\0\x4B\0"), "photo", "jxl"},
    {BYTES("8BPS\0\1\0\0\0\0\0\0\0\3"), "photo", "psd"},
    {BYTES("P6\n2 2\n255\n"), "photo", "pnm"},
    {BYTES("FUJIFILMCCD-RAW 0201FF"), "photo", "raf"},
    {BYTES("IIRO\x08\0\0\0"), "photo", "orf"},
    {BYTES("\0MRM\0\1\2\3"), "photo", "mrw"},
    {BYTES("FOVb\2\0\2\0"), "photo", "x3f"},
    {BYTES("II\x1A\0\0\0HEAPCCDR\2\0"), "photo", "crw"},
    {BYTES("\0\0\0\x14"
           "ftypqt  \x20\5\3\0qt  "),
     "video", "mov"},
    {BYTES("\0\0\0\x14"
           "ftypisom\0\0\2\0isom"),
     "video", "mp4"},
    {BYTES("\0\0\0\x14"
           "ftyp3gp4\0\0\2\0isom"),
     "video", "3gp"},
    {BYTES("\0\0\0\x14"
           "ftypM4V \0\0\2\0isom"),
     "video", "m4v"},
    {BYTES("\0\0\0\x14"
           "ftypM4A \0\0\2\0isom"),
     "audio", "m4a"},
    {BYTES("\0\0\0\x14"
           "ftypM4B \0\0\2\0isom"),
     "audio", "m4b"},
    {BYTES("\0\0\x10\0mdat\0\0\0\0\0\0\0\0"), "video", "mov"},
    {BYTES("RIFF\x24\0\0\0AVI LIST"), "video", "avi"},
    {BYTES("RIFF\x24\0\0\0WAVEfmt "), "audio", "wav"},
    {BYTES("RF64\xFF\xFF\xFF\xFFWAVEds64"), "audio", "wav"},
    {BYTES("FORM\0\0\0\x24"
           "AIFFCOMM"),
     "audio", "aiff"},
    {BYTES("\0\0\1\xBA\x44\0\4\0"), "video", "mpg"},
    {BYTES("\x1A\x45\xDF\xA3\x9F\x42\x86\x81\1\x42\x82\x84webm"), "video", "webm"},
    {BYTES("\x1A\x45\xDF\xA3\x9F\x42\x86\x81\1\x42\x82\x88matroska"), "video", "mkv"},
    {BYTES("FLV\1\5\0\0\0\x9"), "video", "flv"},
    {BYTES(".RMF\0\0\0\x12"), "video", "rm"},
    {BYTES("#!AMR\n\x3C\x91"), "audio", "amr"},
    {BYTES("fLaC\0\0\0\x22"), "audio", "flac"},
    {BYTES("MAC \x96\x0F\0\0"), "audio", "ape"},
    {BYTES("ID3\3\0\0\0\0\0\x01x"), "audio", "mp3"},
    {BYTES("\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\0\xAA\0\x62\xCE\x6C\x10"), "audio", "wma"},
    {BYTES("OggS\0\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\x13OpusHead"), "audio", "opus"},
    {BYTES("OggS\0\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\x2A\x80theora"), "video", "ogv"},
};

TEST(a_file_is_what_its_bytes_say)
{
    for (size_t i = 0; i < KR_COUNT(known); i++) {
        struct kr_sniff is;
        kr_sniff_bytes((const uint8_t *)known[i].bytes, known[i].n, 100000, &is);
        if (!kr_sniff_media(&is) || strcmp(is.ending, known[i].ending) != 0)
            print_message("row %zu: %s\n", i, is.name);
        EXPECT(kr_sniff_media(&is) != NULL);
        EXPECT_STR(kr_sniff_media(&is), known[i].media);
        EXPECT_STR(is.ending, known[i].ending);
        // whatever is missing at the end, it is no crash
        for (size_t n = 0; n < known[i].n; n++)
            kr_sniff_bytes((const uint8_t *)known[i].bytes, n, n, &is);
    }
    (void)t;
}

TEST(what_is_not_media_is_named)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum kr_sniff_kind kind;
        const char *name;
    } rows[] = {
        {BYTES(""), KR_SNIFF_OTHER, "empty file"},
        {BYTES("\0\0\0\0\0\0\0\0"), KR_SNIFF_OTHER, "file of nothing but zeros"},
        {BYTES("%PDF-1.7\n%\xE2\xE3"), KR_SNIFF_OTHER, "PDF document"},
        {BYTES("PK\3\4\x14\0"), KR_SNIFF_OTHER, "ZIP archive or office document"},
        {BYTES("\x7F"
               "ELF\2\1\1"),
         KR_SNIFF_OTHER, "program"},
        {BYTES("\1\2\3\4\0\5\6"), KR_SNIFF_OTHER, "file of an unknown kind"},
        {BYTES("奶奶在老屋门前"), KR_SNIFF_TEXT, "text"},
        {BYTES("MAC addresses of the house\n"), KR_SNIFF_TEXT, "text"},
        {BYTES("ID3 is a tag\nOf MP3\n"), KR_SNIFF_TEXT, "text"},
        {BYTES("BM\n"), KR_SNIFF_TEXT, "text"},
        {BYTES("\xC4\xCC\xC4\xCC\xD4\xDA\n"), KR_SNIFF_TEXT, "text in an older encoding"},
        {BYTES("<!DOCTYPE html><title>x"), KR_SNIFF_TEXT, "web page"},
        {BYTES("<?xml version=\"1.0\"?><svg xmlns=\"x\"/>"), KR_SNIFF_TEXT, "SVG drawing"},
        {BYTES("{\"a\":1}"), KR_SNIFF_TEXT, "JSON text"},
        {BYTES("{\"title\":\"a.jpg\",\"photoTakenTime\":{}}"), KR_SNIFF_TAKEOUT,
         "Google Takeout side-car"},
        {BYTES("\xEF\xBB\xBF<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"),
         KR_SNIFF_XMP, "XMP side-car"},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        struct kr_sniff is;
        kr_sniff_bytes((const uint8_t *)rows[i].bytes, rows[i].n, rows[i].n, &is);
        EXPECT_STR(is.name, rows[i].name);
        EXPECT_INT(is.kind, rows[i].kind);
        EXPECT(kr_sniff_media(&is) == NULL);
    }
    (void)t;
}

// A TIFF directory by hand: little endian, one entry a row of {tag, type, count, value}.
static size_t tiff(uint8_t *out, const uint32_t (*entries)[4], size_t n, const char *make)
{
    memcpy(out, "II*\0\x08\0\0\0", 8);
    out[8] = (uint8_t)n;
    out[9] = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t *at = out + 10 + 12 * i;
        uint32_t value = entries[i][0] == 271 ? 200 : entries[i][3];
        for (int j = 0; j < 4; j++) {
            at[j] = (uint8_t)((entries[i][0] | entries[i][1] << 16) >> 8 * j);
            at[4 + j] = (uint8_t)(entries[i][2] >> 8 * j);
            at[8 + j] = (uint8_t)(value >> 8 * j);
        }
    }
    memcpy(out + 200, make, strlen(make) + 1);
    return 220;
}

TEST(raw_pictures_are_told_from_scans)
{
    static const uint32_t raw[][4] = {{254, 4, 1, 1}, {271, 2, 18, 0}, {330, 4, 1, 400}};
    static const uint32_t scan[][4] = {{254, 4, 1, 0}, {262, 3, 1, 2}, {271, 2, 18, 0}};
    static const uint32_t dng[][4] = {{271, 2, 18, 0}, {50706, 1, 4, 0x0401}};
    static const uint32_t pef[][4] = {{259, 3, 1, 65535}, {262, 3, 1, 32803}, {271, 2, 18, 0}};
    uint8_t bytes[256] = {0};
    struct kr_sniff is;
    size_t n = tiff(bytes, raw, 3, "NIKON CORPORATION");
    kr_sniff_bytes(bytes, n, n, &is);
    EXPECT_STR(is.ending, "nef");
    EXPECT(is.raw);
    n = tiff(bytes, raw, 3, "SONY");
    kr_sniff_bytes(bytes, n, n, &is);
    EXPECT_STR(is.ending, "arw");
    n = tiff(bytes, scan, 3, "NIKON CORPORATION"); // a scanner of the same house
    kr_sniff_bytes(bytes, n, n, &is);
    EXPECT_STR(is.ending, "tif");
    EXPECT(!is.raw);
    n = tiff(bytes, dng, 2, "Google");
    kr_sniff_bytes(bytes, n, n, &is);
    EXPECT_STR(is.ending, "dng");
    n = tiff(bytes, pef, 3, "PENTAX");
    kr_sniff_bytes(bytes, n, n, &is);
    EXPECT_STR(is.ending, "pef");
    (void)t;
}

TEST(bare_streams_need_more_than_one_frame)
{
    enum { FRAME = 417 }; // 128 kbit/s at 44.1 kHz
    uint8_t *bytes = kr_arena_alloc(t->mem, 4 * FRAME);
    struct kr_sniff is;
    for (int i = 0; i < 4; i++)
        memcpy(bytes + i * FRAME, "\xFF\xFB\x90\x00", 4);
    kr_sniff_bytes(bytes, 4 * FRAME, 100000, &is);
    EXPECT_STR(is.ending, "mp3");
    kr_sniff_bytes(bytes, 2 * FRAME, 2 * FRAME, &is); // two frames and the end
    EXPECT_STR(is.ending, "mp3");
    bytes[FRAME] = 0;
    kr_sniff_bytes(bytes, 4 * FRAME, 100000, &is);
    EXPECT_INT(is.kind, KR_SNIFF_OTHER);

    uint8_t *packets = kr_arena_alloc(t->mem, 188 * 8);
    for (int i = 0; i < 8; i++)
        packets[188 * i] = 0x47;
    kr_sniff_bytes(packets, 188 * 8, 100000, &is);
    EXPECT_STR(is.mime, "video/mp2t");
    packets[188 * 2] = 0;
    kr_sniff_bytes(packets, 188 * 8, 100000, &is);
    EXPECT_INT(is.kind, KR_SNIFF_OTHER);
}

TEST(a_large_tag_hides_nothing_and_the_offset_stays)
{
    enum { TAG = 200000 };
    uint8_t *bytes = kr_arena_alloc(t->mem, TAG + 20);
    memcpy(bytes, "ID3\4\0\0\0\x0C\x1A\x36", 10); // 199,990 bytes follow
    memcpy(bytes + TAG, "fLaC\0\0\0\x22", 8);
    int fd = kr_test_bytes(bytes, TAG + 20);
    struct kr_sniff is;
    EXPECT(lseek(fd, 5, SEEK_SET) == 5);
    EXPECT_OK(kr_sniff_fd(fd, &is, &t->err));
    EXPECT_STR(is.ending, "flac");
    EXPECT_INT(lseek(fd, 0, SEEK_CUR), 5);
    close(fd);
    EXPECT_FAIL(kr_sniff_fd(t->folder, &is, &t->err), KR_E_UNSUPPORTED);
}

// The end of one cell of a line of the manifest.
static char *next_cell(char *at)
{
    char *tab = strchr(at, '\t');
    if (!tab)
        return NULL;
    *tab = 0;
    return tab + 1;
}

TEST(real_files_are_recognised)
{
    const char *path = kr_test_material(t, "MANIFEST.tsv");
    struct kr_str all;
    char *save = NULL;
    int yes = 0, text = 0;
    if (!path)
        SKIP("no ../shared/material");
    EXPECT_OK(kr_read_file(t->mem, AT_FDCWD, path, 1 << 24, &all, &t->err));
    for (char *line = strtok_r((char *)(uintptr_t)all.at, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        char *cell[8] = {line};
        for (int i = 1; i < 8 && cell[i - 1]; i++)
            cell[i] = next_cell(cell[i - 1]);
        if (!cell[7])
            continue;
        next_cell(cell[7]);
        const char *real = kr_test_material(t, cell[0]);
        int fd = real ? open(real, O_RDONLY | O_CLOEXEC) : -1;
        if (fd < 0)
            continue;
        struct kr_sniff is;
        EXPECT_OK(kr_sniff_fd(fd, &is, &t->err));
        close(fd);
        if (strcmp(cell[7], "yes") == 0) {
            yes++;
            if (!kr_sniff_media(&is))
                print_message("not seen: %s (%s)\n", cell[0], is.name);
            EXPECT(kr_sniff_media(&is) != NULL);
        } else if (strcmp(cell[7], "text") == 0) {
            text++;
            if (kr_sniff_media(&is))
                print_message("mistaken: %s (%s)\n", cell[0], is.name);
            EXPECT(kr_sniff_media(&is) == NULL);
        } else if (getenv("KINREEL_TALK")) {
            print_message("%-8s %-60s %s%s\n", cell[7], cell[0], is.mime, is.raw ? " raw" : "");
        }
    }
    EXPECT(yes > 300);
    EXPECT(text > 500);
}

MAIN(CASE(a_file_is_what_its_bytes_say), CASE(what_is_not_media_is_named),
     CASE(raw_pictures_are_told_from_scans), CASE(bare_streams_need_more_than_one_frame),
     CASE(a_large_tag_hides_nothing_and_the_offset_stays), CASE(real_files_are_recognised))
