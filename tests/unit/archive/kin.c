// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/kin.h"

#include "archive/kin_priv.h"
#include "kin_family.h"

static struct kr_kin_graph family(struct kr_test *t)
{
    size_t n = KR_COUNT(test_kin_persons), ties = KR_COUNT(test_kin_ties);
    struct kr_kin_person *persons = kr_arena_array(t->mem, struct kr_kin_person, n);
    struct kr_kin_tie *tie = kr_arena_array(t->mem, struct kr_kin_tie, ties);
    struct kr_kin_graph graph = {.persons = persons, .n = n, .ties = tie, .tie_count = ties};
    for (size_t i = 0; i < n; i++) {
        const struct test_kin_person *from = &test_kin_persons[i];
        persons[i] = (struct kr_kin_person){.id = from->id, .sex = from->sex};
        persons[i].dated = from->year != 0;
        persons[i].born_from = from->year ? kr_days_of(from->year, 1, 1) : 0;
        persons[i].born_to = from->year ? kr_days_of(from->year, 12, 31) : 0;
    }
    for (size_t i = 0; i < ties; i++) {
        tie[i] = (struct kr_kin_tie){.person = kr_kin_find(&graph, test_kin_ties[i].person),
                                     .other = kr_kin_find(&graph, test_kin_ties[i].other),
                                     .kind = test_kin_ties[i].kind,
                                     .order = test_kin_ties[i].order};
        EXPECT(tie[i].person < n && tie[i].other < n);
    }
    return graph;
}

static const char *word(struct kr_test *t, const struct kr_kin_graph *graph, enum kr_lang lang,
                        const char *a, const char *b)
{
    return kr_kin_word(t->mem, lang, graph, kr_kin_find(graph, a), kr_kin_find(graph, b));
}

TEST(everybody_is_called_as_they_are_called)
{
    struct kr_kin_graph graph = family(t);
    int wrong = 0;
    for (size_t i = 0; i < KR_COUNT(test_kin_cases); i++) {
        const struct test_kin_case *one = &test_kin_cases[i];
        const char *zh = word(t, &graph, KR_ZH, one->a, one->b);
        const char *en = word(t, &graph, KR_EN, one->a, one->b);
        if (strcmp(zh, one->zh) == 0 && strcmp(en, one->en) == 0)
            continue;
        print_error("%s calls %s '%s' / '%s', not '%s' / '%s'\n", one->a, one->b, one->zh, one->en,
                    zh, en);
        wrong++;
    }
    EXPECT_INT(wrong, 0);
    EXPECT(KR_COUNT(test_kin_cases) >= 120);
}

TEST(a_mothers_mother_is_no_fathers_mother)
{
    struct kr_kin_graph graph = family(t);
    EXPECT_STR(word(t, &graph, KR_ZH, "ego", "mm"), "外婆");
    EXPECT_STR(word(t, &graph, KR_ZH, "ego", "fm"), "奶奶");
    EXPECT_STR(word(t, &graph, KR_ZH, "mm", "ego"), "外孙");
    EXPECT_STR(word(t, &graph, KR_ZH, "fm", "ego"), "孙子");
}

TEST(who_is_not_related_is_called_nothing)
{
    struct kr_kin_graph graph = family(t);
    EXPECT_STR(word(t, &graph, KR_ZH, "ego", "alone"), "");
    EXPECT_STR(word(t, &graph, KR_EN, "alone", "ego"), "");
    EXPECT_STR(word(t, &graph, KR_EN, "alone", "nobody"), "");
}

TEST(every_row_has_its_words)
{
    (void)t;
    for (size_t i = 0; i < kr_kin_row_count; i++) {
        EXPECT(kr_word_exists(kr_kin_rows[i].key));
        EXPECT(*kr_word(KR_ZH, kr_kin_rows[i].key) && *kr_word(KR_EN, kr_kin_rows[i].key));
    }
}

// Every pair has a word or none, and the way back has one too: nobody is half related.
TEST(who_is_something_to_me_i_am_something_to)
{
    struct kr_kin_graph graph = family(t);
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    for (size_t a = 0; a < graph.n; a += 7)
        for (size_t b = 0; b < graph.n; b += 3) {
            bool there = *kr_kin_word(mem, KR_EN, &graph, a, b) != '\0';
            EXPECT(there == (*kr_kin_word(mem, KR_EN, &graph, b, a) != '\0'));
            EXPECT(there == (*kr_kin_word(mem, KR_ZH, &graph, a, b) != '\0'));
        }
}

TEST(a_cycle_is_seen_before_it_is_made)
{
    struct kr_kin_graph graph = family(t);
    size_t ego = kr_kin_find(&graph, "ego"), ffff = kr_kin_find(&graph, "ffff");
    size_t wife = kr_kin_find(&graph, "w");
    EXPECT(kr_kin_would_cycle(&graph, ffff, ego)); // ego the parent of his great-great-grandfather
    EXPECT(kr_kin_would_cycle(&graph, ego, ego));
    EXPECT(!kr_kin_would_cycle(&graph, ego, ffff));
    EXPECT(!kr_kin_would_cycle(&graph, wife, ego));
}

// A text mirror that somebody edited may hold anything.
TEST(a_graph_that_cannot_be_ends_all_the_same)
{
    enum { PEOPLE = 60 };
    struct kr_kin_person persons[PEOPLE];
    struct kr_kin_tie ties[PEOPLE * 6];
    struct kr_kin_graph graph = {persons, PEOPLE, ties, KR_COUNT(ties)};
    unsigned seed = 7;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < PEOPLE; i++)
            persons[i] = (struct kr_kin_person){.id = "", .sex = "fmx"[i % 3]};
        for (size_t i = 0; i < KR_COUNT(ties); i++) {
            unsigned draw[4];
            for (int k = 0; k < 4; k++)
                draw[k] = (seed = seed * 1103515245u + 12345u) >> 16;
            ties[i] = (struct kr_kin_tie){.person = draw[0] % PEOPLE,
                                          .other = draw[1] % PEOPLE,
                                          .kind = (enum kr_tie)(draw[2] % KR_TIE_COUNT),
                                          .order = (int)(draw[3] % 3) - 1};
        }
        for (size_t b = 0; b < PEOPLE; b++) {
            EXPECT(*kr_kin_word(t->mem, KR_ZH, &graph, 0, b));
            EXPECT(kr_is_utf8(kr_str_of(kr_kin_word(t->mem, KR_EN, &graph, b, 0))));
            (void)kr_kin_would_cycle(&graph, 0, b);
        }
    }
}

TEST(a_long_line_is_counted_to_its_limit)
{
    enum { LONG = 40 };
    struct kr_kin_person persons[LONG];
    struct kr_kin_tie ties[LONG - 1];
    struct kr_kin_graph graph = {persons, LONG, ties, LONG - 1};
    for (size_t i = 0; i < LONG; i++)
        persons[i] = (struct kr_kin_person){.id = "", .sex = 'f'};
    for (size_t i = 0; i + 1 < LONG; i++)
        ties[i] = (struct kr_kin_tie){.person = i, .other = i + 1, .kind = KR_TIE_PARENT};
    EXPECT_STR(kr_kin_word(t->mem, KR_EN, &graph, 0, 6), "great-great-great-great-grandmother");
    EXPECT(*kr_kin_word(t->mem, KR_ZH, &graph, 0, 12));
    EXPECT_STR(kr_kin_word(t->mem, KR_EN, &graph, 0, LONG - 1), "");
}

MAIN(CASE(everybody_is_called_as_they_are_called), CASE(a_mothers_mother_is_no_fathers_mother),
     CASE(who_is_not_related_is_called_nothing), CASE(every_row_has_its_words),
     CASE(who_is_something_to_me_i_am_something_to), CASE(a_cycle_is_seen_before_it_is_made),
     CASE(a_graph_that_cannot_be_ends_all_the_same), CASE(a_long_line_is_counted_to_its_limit))
