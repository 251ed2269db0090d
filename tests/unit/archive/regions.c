// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/regions.h"

#include "archive/personshape.h"
#include "archive/portraits.h"
#include "said_test.h"
#include <math.h>

static const struct kr_frame here = {0.25, 0.25, 0.5, 0.25}, there = {0.5, 0.5, 0.25, 0.25};

static const char *add_person(struct kr_test *t, struct kr_store *store, const char *name,
                              const char *born)
{
    const char *id = test_person(t, store, name);
    if (*born)
        test_say(t, store, id, "born", json_string(born), "owner");
    return id;
}

// A picture of 400 x 300 from that day.
static const char *picture(struct kr_test *t, struct kr_store *store, const char *name,
                           const char *date)
{
    const char *id = test_kept(t, store, name, "photo", name);
    json_t *seen = kr_json_new_object();
    kr_json_set_str(seen, "kind", "photo");
    kr_json_set_int(seen, "width", 400);
    kr_json_set_int(seen, "height", 300);
    test_claim(t, store, id, "seen", seen, "kinreel", 1);
    test_claim(t, store, id, "date", test_date(date, NULL), "exif", 0.9);
    test_shown(t, store, id);
    return id;
}

static const char *frame(struct kr_test *t, struct kr_store *store, const char *item,
                         const struct kr_frame *at)
{
    char *claim = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    EXPECT_OK(kr_frame_add(store, item, at, "face", "", "owner", 0.9, claim, &t->err));
    return claim;
}

static size_t unnamed(struct kr_test *t, struct kr_store *store)
{
    struct kr_region_list list;
    int64_t count;
    EXPECT_OK(kr_regions_open(store, t->mem, "", 100, &list, &t->err));
    EXPECT_OK(kr_regions_open_count(store, 1000, &count, &t->err));
    EXPECT_INT(count, list.n);
    return list.n;
}

static size_t unframed(struct kr_test *t, struct kr_store *store)
{
    struct kr_item_list list;
    EXPECT_OK(kr_items_unframed(store, t->mem, "", 100, &list, &t->err));
    return list.n;
}

TEST(a_frame_is_drawn_named_moved_and_taken_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = picture(t, store, "/p/1.jpg", "1962");
    const char *granny = add_person(t, store, "王秀兰", "1955");
    struct kr_region best;
    bool found;
    char moved[KR_UUID_TEXT];
    EXPECT_INT(unframed(t, store), 1);
    const char *claim = frame(t, store, item, &here);
    EXPECT_STR(frame(t, store, item, &here), claim); // said before
    EXPECT_INT(unnamed(t, store), 1);
    EXPECT_INT(unframed(t, store), 0);
    EXPECT_OK(kr_region_is(store, item, claim, granny, "owner", 0.9, &t->err));
    EXPECT_INT(unnamed(t, store), 0);
    EXPECT_OK(kr_frame_move(store, item, claim, &there, "owner", 0.9, moved, &t->err));
    EXPECT_OK(kr_region_best(store, t->mem, granny, &best, &found, &t->err));
    EXPECT(found && strcmp(best.claim, moved) == 0 && fabs(best.x - 0.5) < 1e-9);
    EXPECT_INT(best.pixels, 100 * 75);
    EXPECT_FAIL(kr_frame_move(store, item, claim, &here, "owner", 0.9, moved, &t->err),
                KR_E_NOT_FOUND); // the old one is gone
    EXPECT_OK(kr_frame_drop(store, item, best.claim, "owner", &t->err));
    EXPECT_OK(kr_region_best(store, t->mem, granny, &best, &found, &t->err));
    EXPECT(!found);
    EXPECT_INT(unnamed(t, store), 0);
    EXPECT_INT(unframed(t, store), 1);
}

// What a file and the side-car beside it both say goes as one.
TEST(a_frame_of_the_file_can_be_no_face_after_all)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = picture(t, store, "/p/1.jpg", "1962");
    static const char *const sources[] = {"xmp", "sidecar"};
    for (size_t i = 0; i < KR_COUNT(sources); i++) {
        json_t *value = kr_json_new_object();
        kr_json_set_str(value, "name", "Face 1");
        kr_json_set_str(value, "kind", "face");
        kr_json_set_real(value, "w", 0.5);
        kr_json_set_real(value, "h", 0.5);
        test_claim(t, store, item, "region", value, sources[i], 0.9);
    }
    test_shown(t, store, item);
    struct kr_region_list list;
    EXPECT_OK(kr_regions_open(store, t->mem, "", 10, &list, &t->err));
    EXPECT_INT(list.n, 1);
    EXPECT_STR(list.at[0].name, "Face 1");
    EXPECT_OK(kr_frame_drop(store, item, list.at[0].claim, "owner", &t->err));
    EXPECT_INT(unnamed(t, store), 0);
}

TEST(what_is_no_frame_is_refused_and_leaves_no_claim)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = picture(t, store, "/p/1.jpg", "1962");
    static const struct kr_frame bad[] = {{0.5, 0.5, 0.6, 0.1}, {-0.1, 0, 0.5, 0.5},
                                          {0, 0, 0, 0.5},       {NAN, 0, 0.5, 0.5},
                                          {0, 0, INFINITY, 1},  {0.2, 0.2, -0.1, 0.1}};
    struct kr_claim_list before, after;
    struct kr_frame read;
    char id[KR_UUID_TEXT];
    EXPECT_OK(kr_claims_of(store, t->mem, item, &before, &t->err));
    for (size_t i = 0; i < KR_COUNT(bad); i++)
        EXPECT_FAIL(kr_frame_add(store, item, &bad[i], "face", "", "owner", 0.9, id, &t->err),
                    KR_E_INVALID);
    EXPECT_FAIL(kr_frame_add(store, item, &here, "ear", "", "owner", 0.9, id, &t->err),
                KR_E_INVALID);
    EXPECT_FAIL(kr_frame_add(store, item, &here, "face", "a\nb", "owner", 0.9, id, &t->err),
                KR_E_INVALID);
    EXPECT_FAIL(kr_frame_add(store, item, &here, "face", "", "owner", 2, id, &t->err),
                KR_E_INVALID);
    EXPECT_FAIL(kr_frame_add(store, "01900000-0000-7000-8000-000000000000", &here, "face", "",
                             "owner", 0.9, id, &t->err),
                KR_E_NOT_FOUND);
    EXPECT_OK(kr_claims_of(store, t->mem, item, &after, &t->err));
    EXPECT_INT(after.n, before.n);
    EXPECT_OK(kr_frame_read("0.25,0.25,0.5,0.25", &read, &t->err));
    EXPECT(fabs(read.h - 0.25) < 1e-9);
    static const char *const words[] = {"",          "0.1",     "0.1,0.2,0.3",
                                        "0,0,1,1,1", "a,b,c,d", "0,0,2,1"};
    for (size_t i = 0; i < KR_COUNT(words); i++)
        EXPECT_FAIL(kr_frame_read(words[i], &read, &t->err), KR_E_INVALID);
}

TEST(a_strip_by_age_says_what_it_knows_and_leaves_gaps)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = add_person(t, store, "王秀兰", "1932-05-01");
    static const char *const dates[] = {"1939-06-01", "1939-07-01", "1940~",
                                        "1933-01",    "195X",       "1920"};
    struct kr_portrait *list;
    size_t n;
    for (size_t i = 0; i < KR_COUNT(dates); i++) {
        const char *item = picture(t, store, kr_arena_format(t->mem, "/p/%zu.jpg", i), dates[i]);
        EXPECT_OK(kr_picture_has(store, item, id, "", true, "owner", 0.9, &t->err));
        if (i == 1)
            EXPECT_OK(
                kr_region_is(store, item, frame(t, store, item, &here), id, "owner", 1, &t->err));
    }
    struct kr_person person;
    EXPECT_OK(kr_person_get(store, t->mem, id, &person, &t->err));
    EXPECT_OK(kr_portraits(store, t->mem, &person, &list, &n, &t->err));
    EXPECT_INT(n, 4); // a decade has no place, and before her birth there is none
    static const int ages[] = {0, 7, 7, 8};
    for (size_t i = 0; i < KR_COUNT(ages); i++)
        EXPECT_INT(list[i].at, ages[i]);
    EXPECT(list[1].region && !list[2].region); // of two at seven the framed one first
    EXPECT(list[3].age.about);
    EXPECT_STR(kr_age_words(t->mem, KR_ZH, &list[1].age), "七岁");
    EXPECT(kr_portrait_at(list, n, 7) == &list[1]);
    EXPECT(kr_portrait_at(list, n, 10) == &list[3]); // the nearest, two years off
    EXPECT(kr_portrait_at(list, n, 6) == &list[1]);
    EXPECT(!kr_portrait_at(list, n, 4));
    EXPECT(!kr_portrait_at(list, 0, 4));
    person.born.edtf = "";
    EXPECT_OK(kr_portraits(store, t->mem, &person, &list, &n, &t->err));
    EXPECT_INT(n, 0); // nobody knows when she was born
}

TEST(rebuild_finds_the_same_frames)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = picture(t, store, "/p/1.jpg", "1962");
    const char *id = add_person(t, store, "王秀兰", "");
    const char *named = frame(t, store, item, &here);
    frame(t, store, item, &there);
    EXPECT_OK(kr_region_is(store, item, named, id, "owner", 0.9, &t->err));
    EXPECT_OK(kr_regions_put(store, item, NULL, 0, &t->err)); // an index that lost its way
    EXPECT_INT(unnamed(t, store), 0);
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_INT(unnamed(t, store), 1);
    KR_AUTO(kr_json_drop) json_t *seen = NULL;
    struct kr_person person;
    EXPECT_OK(kr_person_get(store, t->mem, id, &person, &t->err));
    EXPECT_OK(kr_persons_seen_json(store, t->mem, KR_ZH, "", &person, 1, &seen, &t->err));
    const json_t *face = kr_json_get(json_array_get(seen, 0), "portrait");
    EXPECT_STR(kr_json_str(face, "claim", ""), named);
    EXPECT_INT(kr_json_int(face, "width", 0), 400);
}

MAIN(CASE(a_frame_is_drawn_named_moved_and_taken_back),
     CASE(a_frame_of_the_file_can_be_no_face_after_all),
     CASE(what_is_no_frame_is_refused_and_leaves_no_claim),
     CASE(a_strip_by_age_says_what_it_knows_and_leaves_gaps), CASE(rebuild_finds_the_same_frames))
