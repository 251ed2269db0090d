// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/stacks.h"
#include "harness.h"

enum { MOST = 12 };

// A shelf of files to be stacked; each has one place.
struct shelf {
    struct kr_stack_in items[MOST];
    struct kr_stack_place places[MOST];
    size_t n;
};

static struct kr_stack_in *put(struct shelf *shelf, const char *folder, const char *name,
                               int64_t wall_ms)
{
    struct kr_stack_in *item = &shelf->items[shelf->n];
    const char *dot = strrchr(name, '.');
    bool clip = strcasecmp(dot, ".mov") == 0 || strcasecmp(dot, ".mp4") == 0;
    shelf->places[shelf->n] = (struct kr_stack_place){folder, name};
    *item =
        (struct kr_stack_in){.hash = name, // unlike any other
                             .kind = clip ? "video" : "photo",
                             .mime = "",
                             .raw = strcasecmp(dot, ".cr2") == 0 || strcasecmp(dot, ".dng") == 0,
                             .places = &shelf->places[shelf->n],
                             .place_count = 1,
                             .has_wall = wall_ms >= 0,
                             .wall_ms = wall_ms < 0 ? 0 : wall_ms,
                             .camera = "Pixel",
                             .width = 4000,
                             .height = 3000};
    shelf->n++;
    return item;
}

// The names of each stack, its cover first, stacks in the order of their covers' names.
static const char *stacks(struct kr_test *t, const struct shelf *shelf)
{
    struct kr_stack_out out[MOST];
    struct kr_buf text = {0};
    kr_stacks_of(t->mem, shelf->items, shelf->n, out);
    for (size_t cover = 0; cover < shelf->n; cover++) {
        if (out[cover].cover != cover || out[cover].count < 2)
            continue;
        kr_buf_format(&text, "%s%s", text.n ? " | " : "", shelf->places[cover].name);
        for (size_t i = 0; i < shelf->n; i++)
            if (out[i].cover == cover && i != cover)
                kr_buf_format(&text, " %s", shelf->places[i].name);
        int members = 0;
        for (size_t i = 0; i < shelf->n; i++)
            members += out[i].cover == cover;
        EXPECT_INT(out[cover].count, members);
    }
    const char *copy = kr_arena_copy(t->mem, text.at ? text.at : "", text.n);
    kr_buf_finish(&text);
    return copy;
}

TEST(a_live_photo_is_one)
{
    struct shelf shelf = {0};
    put(&shelf, "a", "IMG_1.MOV", 1000)->content_id = "X";
    put(&shelf, "b", "other.HEIC", 900000)->content_id = "X"; // found elsewhere, with the same id
    put(&shelf, "a", "IMG_2.HEIC", 1000);
    put(&shelf, "a", "IMG_2.MOV", 3500); // no ids: one stem, within three seconds
    put(&shelf, "a", "IMG_3.HEIC", 1000);
    put(&shelf, "a", "IMG_3.MOV", 9000); // a counter that came round again
    put(&shelf, "a", "IMG_4.HEIC", 1000);
    put(&shelf, "c", "IMG_4.MOV", 1000); // another folder
    put(&shelf, "a", "IMG_5.HEIC", -1);
    put(&shelf, "a", "IMG_5.MOV", -1); // nobody knows when
    EXPECT_STR(stacks(t, &shelf), "other.HEIC IMG_1.MOV | IMG_2.HEIC IMG_2.MOV");
}

TEST(ids_part_what_names_would_join)
{
    struct shelf shelf = {0};
    put(&shelf, "a", "IMG_1.HEIC", 1000)->content_id = "X";
    put(&shelf, "a", "IMG_1.MOV", 1000)->content_id = "Y";
    put(&shelf, "a", "IMG_2.HEIC", 1000)->content_id = "Z";
    put(&shelf, "a", "IMG_3.HEIC", 1000)->content_id = "Z"; // two stills make no Live Photo
    EXPECT_STR(stacks(t, &shelf), "");
}

TEST(raw_and_jpeg_are_one_and_the_jpeg_is_shown)
{
    struct shelf shelf = {0};
    put(&shelf, "a", "IMG_1.CR2", 1000)->width = 6000;
    put(&shelf, "a", "img_1.JPG", 1000);
    put(&shelf, "a", "IMG_2.CR2", 1000);
    put(&shelf, "b", "IMG_2.JPG", 1000);
    put(&shelf, "a", "IMG_3.JPG", 1000);
    put(&shelf, "a", "IMG_3.PNG", 1000); // two developed ones are two pictures
    EXPECT_STR(stacks(t, &shelf), "img_1.JPG IMG_1.CR2");
}

TEST(a_burst_is_one_and_its_cover_is_shown)
{
    struct shelf shelf = {0};
    put(&shelf, "a", "00000IMG_00000_BURST1_COVER.jpg", 2000);
    put(&shelf, "a", "00001IMG_00001_BURST2.jpg", 1200);
    put(&shelf, "a", "00002IMG_00002_BURST3.jpg", 400);
    put(&shelf, "a", "IMG_9.jpg", 1000); // not of it
    put(&shelf, "a", "x_BURST8.jpg", 90000);
    put(&shelf, "a", "x_BURST9.jpg", 90500); // two are not three
    EXPECT_STR(stacks(t, &shelf), "00000IMG_00000_BURST1_COVER.jpg 00001IMG_00001_BURST2.jpg "
                                  "00002IMG_00002_BURST3.jpg");
    struct shelf ids = {0};
    put(&ids, "a", "IMG_1.HEIC", 1000)->burst_id = "B";
    put(&ids, "b", "IMG_2.HEIC", 5000)->burst_id = "B";
    ids.items[1].burst_pick = true;
    EXPECT_STR(stacks(t, &ids), "IMG_2.HEIC IMG_1.HEIC");
}

TEST(one_size_and_one_camera_make_a_burst)
{
    struct shelf shelf = {0};
    put(&shelf, "a", "a_BURST1.jpg", 0);
    put(&shelf, "a", "b_BURST2.jpg", 100)->width = 100;
    put(&shelf, "a", "c_BURST3.jpg", 200)->camera = "Leica";
    EXPECT_STR(stacks(t, &shelf), "");
}

TEST(the_order_of_files_changes_nothing)
{
    struct shelf shelf = {0};
    put(&shelf, "a", "IMG_1.CR2", 1000);
    put(&shelf, "a", "IMG_1.JPG", 1000);
    put(&shelf, "a", "IMG_1.MOV", 1500);
    put(&shelf, "a", "IMG_2.JPG", 1000);
    put(&shelf, "a", "1_BURST.jpg", 10);
    put(&shelf, "a", "2_BURST.jpg", 20);
    put(&shelf, "a", "3_BURST.jpg", 30);
    struct kr_stack_out out[MOST], turned_out[MOST];
    kr_stacks_of(t->mem, shelf.items, shelf.n, out);
    for (size_t turn = 1; turn < shelf.n; turn++) {
        struct kr_stack_in turned[MOST];
        for (size_t i = 0; i < shelf.n; i++)
            turned[i] = shelf.items[(i + turn) % shelf.n];
        kr_stacks_of(t->mem, turned, shelf.n, turned_out);
        for (size_t i = 0; i < shelf.n; i++) {
            EXPECT_STR(turned[turned_out[i].cover].hash,
                       shelf.items[out[(i + turn) % shelf.n].cover].hash);
            EXPECT_INT(turned_out[i].count, out[(i + turn) % shelf.n].count);
        }
    }
}

TEST(uploads_of_one_name_are_no_folder)
{
    enum { N = 20000 };
    struct kr_stack_in *items = kr_arena_array(t->mem, struct kr_stack_in, N);
    struct kr_stack_out *out = kr_arena_array(t->mem, struct kr_stack_out, N);
    static const struct kr_stack_place jpg = {"", "image.jpg"}, dng = {"", "image.dng"};
    for (int i = 0; i < N; i++)
        items[i] = (struct kr_stack_in){.hash = kr_arena_format(t->mem, "%08d", i),
                                        .kind = "photo",
                                        .raw = i % 2,
                                        .places = i % 2 ? &dng : &jpg,
                                        .place_count = 1};
    kr_stacks_of(t->mem, items, N, out);
    for (int i = 0; i < N; i++)
        EXPECT_INT(out[i].count, 1);
}

MAIN(CASE(a_live_photo_is_one), CASE(ids_part_what_names_would_join),
     CASE(raw_and_jpeg_are_one_and_the_jpeg_is_shown), CASE(a_burst_is_one_and_its_cover_is_shown),
     CASE(one_size_and_one_camera_make_a_burst), CASE(the_order_of_files_changes_nothing),
     CASE(uploads_of_one_name_are_no_folder))
