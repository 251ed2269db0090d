// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/meta.h"
#include "made.h"
#include "media/meta_priv.h"
#include "media/start.h"
#include <fcntl.h>
#include <unistd.h>

static struct kr_meta begin(struct kr_test *t)
{
    return (struct kr_meta){t->mem, kr_json_new_object(), 1};
}

static const char *date_of(struct kr_test *t, const char *text, const char *subsecond,
                           const char *offset)
{
    struct kr_meta meta = begin(t);
    kr_meta_date(&meta, "exif", "DateTimeOriginal", text, subsecond, offset);
    const json_t *date = json_array_get(kr_json_get(meta.out, "dates"), 0);
    const char *is = date ? kr_arena_format(t->mem, "%s %s", kr_json_str(date, "wall", "?"),
                                            kr_json_str(date, "offset", "?"))
                          : "none";
    json_decref(meta.out);
    return is;
}

TEST(dates_are_read_as_far_as_they_go)
{
    EXPECT_STR(date_of(t, "2019:03:21 11:04:22", "123", "+08:00"),
               "2019-03-21T11:04:22.123 +08:00");
    EXPECT_STR(date_of(t, "2019:03:21 11:04:22", NULL, NULL), "2019-03-21T11:04:22 ");
    EXPECT_STR(date_of(t, "2019-03-21T11:04:22.5-05:30", NULL, NULL),
               "2019-03-21T11:04:22.5 -05:30");
    EXPECT_STR(date_of(t, "2021-04-11T15:47:53+0800", NULL, NULL), "2021-04-11T15:47:53 +08:00");
    EXPECT_STR(date_of(t, "2021-04-11T15:47Z", NULL, NULL), "2021-04-11T15:47:00 +00:00");
    EXPECT_STR(date_of(t, "1985:00:00 00:00:00", NULL, NULL), "1985 ");
    EXPECT_STR(date_of(t, "1958-07", NULL, NULL), "1958-07 ");
    EXPECT_STR(date_of(t, "19580704", NULL, NULL), "1958-07-04 ");
    EXPECT_STR(date_of(t, "2020:02:29 23:59:60", NULL, NULL), "2020-02-29T23:59:59 ");
}

TEST(what_is_no_date_is_none)
{
    static const char *const none[] = {
        "0000:00:00 00:00:00", "    :  :     :  :  ", "",  "yesterday", "2019:13:01 00:00:00",
        "2019:02:30 00:00:00", "9999:99:99",          "1", "20",        "2019:04:31"};
    for (size_t i = 0; i < KR_COUNT(none); i++)
        EXPECT_STR(date_of(t, none[i], NULL, NULL), "none");
    EXPECT_STR(date_of(t, "2019:03:21 99:99:99", "x", "++"), "2019-03-21 ");
    EXPECT_STR(date_of(t, "2019:03:21 11:", "", "+99:00"), "2019-03-21 ");
}

TEST(nobody_stood_at_zero_zero)
{
    struct kr_meta meta = begin(t);
    kr_meta_place(&meta, 0, 0, 12, true);
    kr_meta_place(&meta, 91, 10, 0, false);
    EXPECT(!kr_json_get(meta.out, "gps"));
    kr_meta_place(&meta, 27.98, 86.92, 8848, true);
    kr_meta_place(&meta, 1, 1, 0, false); // the first stays
    EXPECT_NEAR(kr_json_real(kr_json_get(meta.out, "gps"), "lat", 0), 27.98, 1e-9);
    json_decref(meta.out);
}

TEST(a_maker_is_said_once)
{
    static const char *const rows[][3] = {{"NIKON CORPORATION", "NIKON D70", "NIKON D70"},
                                          {"Apple", "iPhone 11", "Apple iPhone 11"},
                                          {"Canon", "Canon EOS R5", "Canon EOS R5"},
                                          {"", "HUAWEI P30", "HUAWEI P30"},
                                          {"Polaroid  ", "", "Polaroid"}};
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        struct kr_meta meta = begin(t);
        kr_meta_camera(&meta, kr_str_of(rows[i][0]), kr_str_of(rows[i][1]));
        EXPECT_STR(kr_json_str(meta.out, "camera", ""), rows[i][2]);
        json_decref(meta.out);
    }
}

static const char packet[] =
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''"
    " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'"
    " xmlns:tiff='http://ns.adobe.com/tiff/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/'"
    " xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'"
    " xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/'"
    " xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#'"
    " tiff:Orientation='6' xmp:Rating='4' photoshop:DateCreated='1962-05'"
    " exif:GPSLatitude='31,14.4N' exif:GPSLongitude='121,29,30E'>"
    "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>奶奶, 1962 &amp; later</rdf:li>"
    "<rdf:li xml:lang='de'>Oma</rdf:li></rdf:Alt></dc:description>"
    "<dc:subject><rdf:Bag><rdf:li>老屋</rdf:li><rdf:li>gate</rdf:li><rdf:li>gate</rdf:li></rdf:Bag>"
    "</dc:subject><mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag>"
    "<rdf:li><rdf:Description mwg-rs:Name='Lin' mwg-rs:Type='Face'><mwg-rs:Area stArea:x='0.25'"
    " stArea:y='0.375' stArea:w='0.1' stArea:h='0.25' stArea:unit='normalized'/></rdf:Description>"
    "</rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF>"
    "</x:xmpmeta><?xpacket end='w'?>";

TEST(a_side_car_tells_all_it_knows)
{
    KR_AUTO(kr_json_drop) json_t *meta = NULL;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_meta_of_sidecar(kr_str_of(packet), &meta, &t->err));
    EXPECT_STR(kr_json_str(meta, "caption", ""), "奶奶, 1962 & later");
    EXPECT_INT(json_array_size(kr_json_get(meta, "keywords")), 2);
    EXPECT_INT(kr_json_int(meta, "rating", 0), 4);
    EXPECT_STR(kr_json_str(json_array_get(kr_json_get(meta, "dates"), 0), "wall", ""), "1962-05");
    const json_t *gps = kr_json_get(meta, "gps");
    EXPECT_NEAR(kr_json_real(gps, "lat", 0), 31.24, 1e-6);
    EXPECT_NEAR(kr_json_real(gps, "lon", 0), 121.491666, 1e-5);
    // Stored 0.2..0.3 across and 0.25..0.5 down; turned clockwise it is
    // 0.5..0.75 across and 0.2..0.3 down.
    const json_t *face = json_array_get(kr_json_get(meta, "regions"), 0);
    EXPECT_STR(kr_json_str(face, "name", ""), "Lin");
    EXPECT_STR(kr_json_str(face, "kind", ""), "face");
    EXPECT_NEAR(kr_json_real(face, "x", 0), 0.5, 1e-6);
    EXPECT_NEAR(kr_json_real(face, "y", 0), 0.2, 1e-6);
    EXPECT_NEAR(kr_json_real(face, "w", 0), 0.25, 1e-6);
    EXPECT_NEAR(kr_json_real(face, "h", 0), 0.1, 1e-6);
}

TEST(a_side_car_that_is_none_is_invalid)
{
    static const char *const none[] = {"", "hello", "<html></html>", "{\"a\":1}"};
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(none); i++) {
        json_t *meta = NULL;
        EXPECT_FAIL(kr_meta_of_sidecar(kr_str_of(none[i]), &meta, &t->err), KR_E_INVALID);
    }
}

TEST(apples_note_pairs_a_live_photo)
{
    uint8_t note[80] = "Apple iOS\0\0\1MM\0\2" // two entries
                       "\0\1\0\x9\0\0\0\1\0\0\0\x4"
                       "\0\x11\0\2\0\0\0\x25\0\0\0\x28";
    memcpy(note + 40, "570F1469-09C7-4E50-9875-05F21D5BD166", 37);
    struct kr_meta meta = begin(t);
    kr_meta_apple(&meta, (struct kr_str){(const char *)note, sizeof note});
    EXPECT_STR(kr_json_str(meta.out, "content_id", ""), "570F1469-09C7-4E50-9875-05F21D5BD166");
    json_decref(meta.out);
    for (size_t n = 0; n < sizeof note - 3; n++) { // cut off anywhere
        meta = begin(t);
        uint8_t *exact = malloc(n + 1);
        memcpy(exact, note, n);
        kr_meta_apple(&meta, (struct kr_str){(const char *)exact, n});
        EXPECT(!kr_json_get(meta.out, "content_id"));
        free(exact);
        json_decref(meta.out);
    }
}

// A JPEG with an XMP packet and something behind it.
static struct kr_str still_with(struct kr_test *t, const char *attributes, const void *tail,
                                size_t n)
{
    struct kr_frame *frame = made_picture(t, KR_RGB8, 64, 48);
    int fd = made_picture_file(t, frame, KR_JPEG, 80);
    struct kr_str jpeg;
    struct kr_buf all = {0};
    lseek(fd, 0, SEEK_SET);
    EXPECT_OK(kr_read_all(t->mem, fd, 1 << 20, &jpeg, &t->err));
    const char *xmp = kr_arena_format(
        t->mem,
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        "xmlns:cam='http://ns.google.com/photos/1.0/camera/' %s/></rdf:RDF></x:xmpmeta>",
        attributes);
    size_t size = strlen(xmp) + 29 + 2;
    kr_buf_add(&all, "\xFF\xD8\xFF\xE1", 4);
    kr_buf_add(&all, (char[]){(char)(size >> 8), (char)size}, 2);
    kr_buf_add(&all, "http://ns.adobe.com/xap/1.0/", 29);
    kr_buf_text(&all, xmp);
    kr_buf_add(&all, jpeg.at + 2, jpeg.n - 2);
    kr_buf_add(&all, tail, n);
    struct kr_str bytes = {kr_arena_copy(t->mem, all.at, all.n), all.n};
    kr_buf_finish(&all);
    kr_frame_destroy(&frame);
    close(fd);
    return bytes;
}

static int64_t motion_offset(struct kr_test *t, struct kr_str bytes)
{
    struct kr_meta meta = begin(t);
    GExiv2Metadata *from = kr_exif_of_file(bytes);
    kr_meta_motion(&meta, from, bytes);
    int64_t offset = kr_json_int(kr_json_get(meta.out, "motion"), "offset", -1);
    kr_exif_close(&from);
    json_decref(meta.out);
    return offset;
}

TEST(the_film_behind_a_still_is_found_only_where_it_is)
{
    char film[1000] = "\0\0\0\x18"
                      "ftypmp42";
    EXPECT_OK(kr_media_start(&t->err));
    struct kr_str bytes =
        still_with(t, "cam:MicroVideo='1' cam:MicroVideoOffset='1000'", film, 1000);
    EXPECT_INT(motion_offset(t, bytes), (int64_t)bytes.n - 1000);
    // The same claim, but no film there, or beyond the file.
    bytes = still_with(t, "cam:MicroVideo='1' cam:MicroVideoOffset='990'", film, 1000);
    EXPECT_INT(motion_offset(t, bytes), -1);
    bytes = still_with(t, "cam:MicroVideoOffset='99999999'", film, 1000);
    EXPECT_INT(motion_offset(t, bytes), -1);
    // Samsung's trailer.
    struct kr_buf tail = {0};
    kr_buf_text(&tail, "MotionPhoto_Data");
    kr_buf_add(&tail, film, sizeof film);
    kr_buf_add(&tail, "SEFH....\0\0\0\0SEFT", 16);
    bytes = still_with(t, "", tail.at, tail.n);
    EXPECT_INT(motion_offset(t, bytes), (int64_t)bytes.n - 1000 - 16);
    kr_buf_finish(&tail);
}

TEST(scanners_are_known_by_their_words)
{
    static const char *const scanners[] = {"CanoScan LiDE 220", "EPSON Perfection V600",
                                           "VueScan 9 x64", "SilverFast 8"};
    static const char *const cameras[] = {"NIKON D70", "iPhone 11", "Adobe Photoshop"};
    for (size_t i = 0; i < KR_COUNT(scanners); i++) {
        struct kr_meta meta = begin(t);
        kr_meta_scanner(&meta, scanners[i]);
        EXPECT(kr_json_bool(meta.out, "is_scan", false));
        json_decref(meta.out);
    }
    for (size_t i = 0; i < KR_COUNT(cameras); i++) {
        struct kr_meta meta = begin(t);
        kr_meta_scanner(&meta, cameras[i]);
        EXPECT(!kr_json_get(meta.out, "is_scan"));
        json_decref(meta.out);
    }
}

TEST(keywords_and_captions_have_limits)
{
    struct kr_meta meta = begin(t);
    for (int i = 0; i < 1500; i++)
        kr_meta_keyword(&meta, kr_str_of(kr_arena_format(t->mem, "word %d", i)));
    EXPECT_INT(json_array_size(kr_json_get(meta.out, "keywords")), KR_KEYWORDS_MOST);
    size_t n = 200000;
    char *long_one = kr_arena_alloc(t->mem, n + 1);
    for (size_t i = 0; i + 3 <= n; i += 3)
        memcpy(long_one + i, "家", 3);
    kr_meta_text(&meta, "caption", (struct kr_str){long_one, n / 3 * 3}, KR_CAPTION_MOST);
    const char *caption = kr_json_str(meta.out, "caption", "");
    EXPECT(strlen(caption) <= KR_CAPTION_MOST && strlen(caption) > KR_CAPTION_MOST - 4);
    EXPECT_STR(caption + strlen(caption) - 3, "家"); // not cut inside a character
    json_decref(meta.out);
}

MAIN(CASE(dates_are_read_as_far_as_they_go), CASE(what_is_no_date_is_none),
     CASE(nobody_stood_at_zero_zero), CASE(a_maker_is_said_once),
     CASE(a_side_car_tells_all_it_knows), CASE(a_side_car_that_is_none_is_invalid),
     CASE(apples_note_pairs_a_live_photo), CASE(the_film_behind_a_still_is_found_only_where_it_is),
     CASE(scanners_are_known_by_their_words), CASE(keywords_and_captions_have_limits))
