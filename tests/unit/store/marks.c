// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/marks.h"

#include "store_test.h"

static struct kr_mark a_mark(const char *claim, const char *name, const char *card, int64_t from,
                             const json_t *value)
{
    struct kr_mark out = {
        .name = name, .thing = name, .card = card, .from = from, .to = from, .value = value};
    kr_format(out.claim, sizeof out.claim, "%s", claim);
    return out;
}

TEST(in_a_new_archive_nothing_is_marked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_marked_thing *things;
    struct kr_mark *marks, one;
    size_t n;
    EXPECT_OK(kr_marked_things(store, t->mem, &things, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT_OK(kr_marks_find(store, t->mem, "bicycle", "", &marks, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT_FAIL(kr_mark_get(store, t->mem, "nobody", &one, &t->err), KR_E_NOT_FOUND);
}

// A row of which the item is unknown (forgotten, or not yet made) is shown to nobody.
TEST(marks_of_what_is_not_there_are_not_told_and_are_put_anew)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    const struct kr_mark two[] = {a_mark("c1", "bicycle", "", 5, value),
                                  a_mark("c2", "radio", "p.radio", 7, value)};
    struct kr_mark *marks;
    size_t n;
    EXPECT_OK(kr_marks_put(store, "stray", two, 2, &t->err));
    EXPECT_OK(kr_marks_put(store, "stray", two, 2, &t->err)); // in their own place
    EXPECT_OK(kr_marks_find(store, t->mem, "bicycle", "", &marks, &n, &t->err));
    EXPECT_INT(n, 0);
}

MAIN(CASE(in_a_new_archive_nothing_is_marked),
     CASE(marks_of_what_is_not_there_are_not_told_and_are_put_anew))
