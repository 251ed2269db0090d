// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/bringin.h"
#include "archive_test.h"
#include <string.h>

static void put(struct kr_test *t, const char *name, const char *bytes)
{
    int fd = open(test_path(t, name), O_CREAT | O_WRONLY, 0644);
    EXPECT(fd >= 0 && write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
    close(fd);
}

// A picture that any decoder reads; another one for each grey.
static void put_picture(struct kr_test *t, const char *name, int grey)
{
    put(t, name, kr_arena_format(t->mem, "P2\n2 2\n255\n%d %d 9 9\n", grey, grey + 1));
}

static bool bring(struct kr_test *t, const char *path, bool (*progress)(void *, double),
                  json_t **out)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {0};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    const struct kr_bring_in in = {
        .archive = test_path(t, "a"), .wall = wall, .path = path, .progress = progress};
    json_t *result = kr_json_new_object();
    bool fine = kr_bring_folder_in(&in, result, &t->err);
    *out = (json_t *)(uintptr_t)kr_json_lend(t->mem, result);
    return fine;
}

TEST(what_is_turned_away_is_told_and_the_list_has_an_end)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    json_t *result;
    EXPECT(mkdir(test_path(t, "p"), 0755) == 0);
    for (int i = 0; i < 203; i++)
        put(t, kr_arena_format(t->mem, "p/letter %d%%.txt", i), "Dear cousin");
    put_picture(t, "p/one.pgm", 10);
    EXPECT_OK(bring(t, test_path(t, "p"), NULL, &result));
    EXPECT_INT(kr_json_int(result, "added", 0), 1);
    EXPECT_INT(kr_json_int(result, "refused", 0), 203);
    EXPECT_INT(kr_json_int(result, "more", 0), 3);
    const json_t *all = kr_json_get(result, "refusals");
    EXPECT_INT((int64_t)json_array_size(all), 200);
    EXPECT(strstr(kr_json_str(json_array_get(all, 0), "path", ""), "%25.txt"));
    EXPECT_STR(kr_json_str(json_array_get(all, 0), "code", ""), "unsupported");
}

static bool stop(void *context, double done)
{
    (void)context;
    return done < 0;
}

TEST(stopped_on_the_way_it_is_run_again_and_nothing_comes_twice)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    json_t *result;
    EXPECT(mkdir(test_path(t, "p"), 0755) == 0);
    for (int i = 0; i < 60; i++)
        put_picture(t, kr_arena_format(t->mem, "p/%d.pgm", i), i);
    EXPECT_FAIL(bring(t, test_path(t, "p"), stop, &result), KR_E_INTERRUPTED);
    EXPECT_OK(bring(t, test_path(t, "p"), NULL, &result));
    EXPECT_INT(kr_json_int(result, "added", 0) + kr_json_int(result, "duplicates", 0), 60);
    EXPECT_OK(bring(t, test_path(t, "p"), NULL, &result));
    EXPECT_INT(kr_json_int(result, "duplicates", 0), 60);
}

TEST(a_folder_that_is_gone_is_an_error_of_its_own)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    json_t *result;
    EXPECT_FAIL(bring(t, test_path(t, "none"), NULL, &result), KR_E_NOT_FOUND);
    EXPECT_FAIL(bring(t, "none", NULL, &result), KR_E_INVALID);
    EXPECT_FAIL(bring(t, "/%00", NULL, &result), KR_E_INVALID);
}

MAIN(CASE(what_is_turned_away_is_told_and_the_list_has_an_end),
     CASE(stopped_on_the_way_it_is_run_again_and_nothing_comes_twice),
     CASE(a_folder_that_is_gone_is_an_error_of_its_own))
