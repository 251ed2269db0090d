// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sidecar.h"
#include "base/clock.h"
#include "harness.h"

#include <dirent.h>

enum { MOST = 16 };

static enum kr_sidecar_kind kind_of(const char *name)
{
    return kr_ends_with(name, ".xmp")    ? KR_SIDECAR_XMP
           : kr_ends_with(name, ".json") ? KR_SIDECAR_TAKEOUT
                                         : KR_SIDECAR_NONE;
}

// "media<note" of every pair, in the order of the listing; the list ends with NULL.
static const char *pairs(struct kr_test *t, const char *const *names)
{
    struct kr_sidecar_file files[MOST];
    struct kr_sidecar_pair *found;
    struct kr_buf out = {0};
    size_t n = 0, count;
    for (; names[n]; n++)
        files[n] = (struct kr_sidecar_file){kr_str_of(names[n]), kind_of(names[n])};
    kr_sidecar_match(t->mem, files, n, &found, &count);
    for (size_t i = 0; i < count; i++)
        kr_buf_format(&out, "%s%s<%s", i ? " | " : "", names[found[i].media], names[found[i].note]);
    const char *copy = kr_arena_copy(t->mem, out.at ? out.at : "", out.n);
    kr_buf_finish(&out);
    return copy;
}
#define PAIRS(...) pairs(t, (const char *const[]){__VA_ARGS__, NULL})

TEST(an_xmp_finds_its_picture)
{
    EXPECT_STR(PAIRS("a.jpg", "a.jpg.xmp"), "a.jpg<a.jpg.xmp");
    EXPECT_STR(PAIRS("a.cr2", "a.xmp"), "a.cr2<a.xmp");
    EXPECT_STR(PAIRS("A.CR2", "A.XMP.xmp", "a.xmp"), "A.CR2<a.xmp");
    EXPECT_STR(PAIRS("a.cr2", "a.jpg", "a.xmp", "a.jpg.xmp"), "a.cr2<a.xmp | a.jpg<a.jpg.xmp");
    EXPECT_STR(PAIRS("a.jpg", "b.xmp", "a.jpg.bak.xmp"), "");
}

TEST(takeout_names_are_unriddled)
{
    EXPECT_STR(PAIRS("a.jpg", "a.jpg.json"), "a.jpg<a.jpg.json");
    EXPECT_STR(PAIRS("a.jpg", "a.jpg.supplemental-metadata.json"),
               "a.jpg<a.jpg.supplemental-metadata.json");
    EXPECT_STR(PAIRS("DSC_0238.JPG", "DSC_0238(1).JPG", "DSC_0238_1.JPG", "DSC_0238.JPG.json",
                     "DSC_0238.JPG(1).json", "DSC_0238_1.JPG.json"),
               "DSC_0238.JPG<DSC_0238.JPG.json | DSC_0238(1).JPG<DSC_0238.JPG(1).json | "
               "DSC_0238_1.JPG<DSC_0238_1.JPG.json");
    EXPECT_STR(PAIRS("a(2).jpg", "a.jpg.supplemental-metadata(2).json"),
               "a(2).jpg<a.jpg.supplemental-metadata(2).json");
    EXPECT_STR(PAIRS("a(2).jpg", "a(2).jpg.json"), "a(2).jpg<a(2).jpg.json"); // its own name
    EXPECT_STR(PAIRS("a(2).jpg", "a.jpg.json"), "");                          // another picture's
    // 51 characters in all, or 46 before the ending in older ones
    EXPECT_STR(PAIRS("PXL_20231006_063000139.PORTRAIT-01.COVER.jpg",
                     "PXL_20231006_063000139.PORTRAIT-01.COVER.jpg.s.json"),
               "PXL_20231006_063000139.PORTRAIT-01.COVER.jpg<"
               "PXL_20231006_063000139.PORTRAIT-01.COVER.jpg.s.json");
    EXPECT_STR(PAIRS("original_0123456789abcdef0123456789abcdef01234567.jpg",
                     "original_0123456789abcdef0123456789abcdef01234.json"),
               "original_0123456789abcdef0123456789abcdef01234567.jpg<"
               "original_0123456789abcdef0123456789abcdef01234.json");
    EXPECT_STR(PAIRS("奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶"
                     "奶奶奶奶奶奶奶奶奶奶.jpg",
                     "奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶"
                     "奶奶奶奶奶奶奶奶.json"),
               "奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶"
               "奶奶奶奶奶奶奶.jpg<"
               "奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶奶"
               "奶奶奶奶奶.json");
    EXPECT_STR(PAIRS("holiday.jpg", "holi.json"), ""); // a short beginning is no cut
}

TEST(edited_and_moving_pictures_share_a_note)
{
    EXPECT_STR(PAIRS("a.jpg", "a-edited.jpg", "a.jpg.json"),
               "a.jpg<a.jpg.json | a-edited.jpg<a.jpg.json");
    EXPECT_STR(PAIRS("a-modifié.jpg", "a.jpg.json"), "a-modifié.jpg<a.jpg.json");
    EXPECT_STR(PAIRS("a-modifie\xCC\x81.jpg", "a.jpg.json"), // the accent apart, as macOS has it
               "a-modifie\xCC\x81.jpg<a.jpg.json");
    EXPECT_STR(PAIRS("a-edited(1).jpg", "a.jpg(1).json"), "a-edited(1).jpg<a.jpg(1).json");
    EXPECT_STR(PAIRS("IMG_1.HEIC", "IMG_1.MOV", "IMG_1.HEIC.json"),
               "IMG_1.HEIC<IMG_1.HEIC.json | IMG_1.MOV<IMG_1.HEIC.json");
    EXPECT_STR(PAIRS("PXL_1.MP.jpg", "PXL_1.MP", "PXL_1.MP.jpg.json"),
               "PXL_1.MP.jpg<PXL_1.MP.jpg.json | PXL_1.MP<PXL_1.MP.jpg.json");
    EXPECT_STR(PAIRS("a.jpg", "a.jpg.xmp", "a.jpg.json"), "a.jpg<a.jpg.xmp | a.jpg<a.jpg.json");
    EXPECT_STR(PAIRS("a.jpg", "metadata.json"), "");
}

TEST(the_order_of_a_listing_changes_nothing)
{
    static const char *const names[] = {"a.jpg", "A.jpg", "a.jpg.json", "A.jpg.json", "a.xmp"};
    const char *first = NULL;
    for (int turn = 0; turn < 5; turn++) {
        const char *turned[6] = {0};
        for (int i = 0; i < 5; i++)
            turned[i] = names[(i + turn) % 5];
        char *list = kr_arena_strdup(t->mem, pairs(t, turned));
        char *sorted[4] = {0}, *save = NULL;
        size_t n = 0;
        for (char *one = strtok_r(list, "|", &save); one; one = strtok_r(NULL, "|", &save)) {
            size_t at = n++;
            one += strspn(one, " ");
            one[strcspn(one, " ")] = 0;
            for (; at && strcmp(sorted[at - 1], one) > 0; at--)
                sorted[at] = sorted[at - 1];
            sorted[at] = one;
        }
        EXPECT_INT(n, 4);
        const char *all =
            kr_arena_format(t->mem, "%s %s %s %s", sorted[0], sorted[1], sorted[2], sorted[3]);
        first = first ? first : all;
        EXPECT_STR(all, first);
    }
}

static const char *claims(struct kr_test *t, const char *json)
{
    KR_AUTO(kr_json_drop) json_t *said = NULL;
    EXPECT_OK(kr_takeout_parse(t->mem, kr_str_of(json), &said, &t->err));
    json_t *date = json_array_get(json_object_get(said, "dates"), 0);
    if (date) // in words, so that it reads the same on every printer of numbers
        kr_json_set_str(date, "certain", kr_json_real(date, "certain", 0) > 0.5 ? "yes" : "no");
    return kr_json_text(t->mem, said);
}

TEST(a_note_becomes_claims)
{
    EXPECT_STR(claims(t, "{\"title\":\"a.jpg\",\"description\":\"奶奶\",\"photoTakenTime\":"
                         "{\"timestamp\":\"1696573868\"},\"creationTime\":{\"timestamp\":"
                         "\"1697872351\"},\"geoData\":{\"latitude\":48.5,\"longitude\":2.25,"
                         "\"altitude\":0.0},\"people\":[{\"name\":\"Lin Mei\"},{}],"
                         "\"favorited\":true}"),
               "{\"dates\":[{\"edtf\":\"2023-10-06T06:31:08Z\",\"ms\":1696573868000,"
               "\"source\":\"sidecar\",\"certain\":\"yes\"}],\"gps\":{\"lat\":48.5,\"lon\":2.25},"
               "\"title\":\"a.jpg\",\"caption\":\"奶奶\",\"people\":[\"Lin Mei\"],"
               "\"favourite\":true}");
    // nobody knew when: the note says when it was uploaded
    EXPECT(strstr(claims(t, "{\"photoTakenTime\":{\"timestamp\":\"1697872351\"},"
                            "\"creationTime\":{\"timestamp\":\"1697872352\"}}"),
                  "\"certain\":\"no\""));
    // before 1970, and nowhere
    EXPECT_STR(claims(t, "{\"photoTakenTime\":{\"timestamp\":\"-86401\"},\"geoData\":"
                         "{\"latitude\":0,\"longitude\":0}}"),
               "{\"dates\":[{\"edtf\":\"1969-12-30T23:59:59Z\",\"ms\":-86401000,"
               "\"source\":\"sidecar\",\"certain\":\"yes\"}]}");
    // a time that no photograph has
    EXPECT_STR(claims(t, "{\"photoTakenTime\":{\"timestamp\":\"-99999999999\"},\"title\":\"\"}"),
               "{}");
    EXPECT_STR(claims(t, "{\"title\":\"Summer\",\"access\":\"protected\",\"date\":{}}"),
               "{\"album\":\"Summer\"}");
}

TEST(other_json_is_refused)
{
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"title\":\"x\"}",
                                        "{\"photoTakenTime\":",
                                        "7",
                                        "{\"a\":{\"geoData\":1}}"};
    json_t *said = NULL;
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT_FAIL(kr_takeout_parse(t->mem, kr_str_of(wrong[i]), &said, &t->err), KR_E_INVALID);
    EXPECT(!said);
}

// A real folder: how many of its pictures found their note, and whether the note names them.
static void check_folder(struct kr_test *t, const char *folder, size_t want)
{
    struct kr_sidecar_file files[64];
    struct kr_sidecar_pair *found;
    size_t n = 0, count;
    DIR *dir = opendir(folder);
    EXPECT(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) && n < KR_COUNT(files);) {
        if (entry->d_name[0] == '.')
            continue;
        const char *name = kr_arena_strdup(t->mem, entry->d_name);
        files[n++] = (struct kr_sidecar_file){kr_str_of(name), kind_of(name)};
    }
    closedir(dir);
    kr_sidecar_match(t->mem, files, n, &found, &count);
    EXPECT_INT(count, want);
    for (size_t i = 0; i < count; i++) {
        KR_AUTO(kr_json_drop) json_t *said = NULL;
        struct kr_str text;
        const char *path = kr_arena_format(t->mem, "%s/%s", folder, files[found[i].note].name.at);
        EXPECT_OK(kr_read_file(t->mem, -100, path, KR_TAKEOUT_MOST, &text, &t->err));
        EXPECT_OK(kr_takeout_parse(t->mem, text, &said, &t->err));
        EXPECT(kr_json_get(said, "dates") && kr_json_get(said, "gps"));
        EXPECT(kr_starts_with(files[found[i].media].name.at,
                              kr_arena_format(t->mem, "%.8s", kr_json_str(said, "title", "-"))));
    }
}

TEST(a_real_takeout_finds_all_its_notes)
{
    const char *one =
        kr_test_material(t, "originals/open/takeout-2/Takeout2/Google Photos/Photos from 2023");
    const char *two = kr_test_material(t, "originals/open/takeout-2/Takeout3/Photos from 2023");
    const char *album =
        kr_test_material(t, "originals/open/takeout-2/Takeout2/Google Photos/Sans titre(9)");
    if (!one || !two || !album)
        SKIP("no ../shared/material");
    check_folder(t, one, 2);
    check_folder(t, two, 3);
    check_folder(t, album, 1);
    KR_AUTO(kr_json_drop) json_t *said = NULL;
    struct kr_str text;
    const char *own = kr_arena_format(t->mem, "%s/métadonnées.json", album);
    EXPECT_OK(kr_read_file(t->mem, -100, own, KR_TAKEOUT_MOST, &text, &t->err));
    EXPECT_OK(kr_takeout_parse(t->mem, text, &said, &t->err));
    EXPECT(!kr_json_get(said, "dates") && !kr_json_get(said, "gps"));
}

TEST(a_large_folder_is_quick)
{
    enum { PICTURES = 10000 };
    struct kr_sidecar_file *files = kr_arena_array(t->mem, struct kr_sidecar_file, 2 * PICTURES);
    struct kr_sidecar_pair *found;
    size_t count;
    for (int i = 0; i < PICTURES; i++) {
        const char *name = kr_arena_format(t->mem, "IMG_%05d.jpg", i);
        files[2 * i] = (struct kr_sidecar_file){kr_str_of(name), KR_SIDECAR_NONE};
        name = kr_arena_format(t->mem, "IMG_%05d.jpg.supplemental-metadata.json", i);
        files[2 * i + 1] = (struct kr_sidecar_file){kr_str_of(name), KR_SIDECAR_TAKEOUT};
    }
    int64_t start = kr_monotonic_ms();
    kr_sidecar_match(t->mem, files, (size_t)2 * PICTURES, &found, &count);
    print_message("%d pictures in %lld ms\n", PICTURES, (long long)(kr_monotonic_ms() - start));
    EXPECT_INT(count, PICTURES);
}

MAIN(CASE(an_xmp_finds_its_picture), CASE(takeout_names_are_unriddled),
     CASE(edited_and_moving_pictures_share_a_note), CASE(the_order_of_a_listing_changes_nothing),
     CASE(a_note_becomes_claims), CASE(other_json_is_refused),
     CASE(a_real_takeout_finds_all_its_notes), CASE(a_large_folder_is_quick))
