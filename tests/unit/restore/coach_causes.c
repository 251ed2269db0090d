// SPDX-License-Identifier: AGPL-3.0-or-later
// Whatever the coach finds can be said, and said so that it fits a body.
#include "base/words.h"
#include "harness.h"
#include "restore/coach.h"
#include "restore/coach_priv.h"

static bool says(const char *key, const char *const *words)
{
    for (; *words; words++)
        for (int lang = 0; lang < KR_LANG_COUNT; lang++)
            if (strcasestr(kr_word((enum kr_lang)lang, key), *words))
                return true;
    return false;
}

// No advice asks of a body what it cannot do, whichever of the two languages says it.
TEST(advice_fits_every_cause_and_every_body)
{
    static const char *const elbows[] = {"elbow", "肘", NULL};
    static const char *const two_hands[] = {"both hands", "two hands", "双手", "两手", NULL};
    static const char *const legs[] = {"stand still", "walk", "feet", "foot", "knee", "waist",
                                       "站",          "脚",   "膝",   "腰",   "走",   NULL};
    for (int c = 0; c < KR_CAUSES; c++)
        for (unsigned body = 0; body <= KR_BODY_EVERY; body++) {
            const char *key = kr_advice_for((enum kr_cause)c, body);
            EXPECT(kr_word_exists(key));
            EXPECT(strncmp(key, "coach.advice.", 13) == 0);
            EXPECT(!(body & KR_BODY_NO_ELBOWS) || !says(key, elbows));
            EXPECT(!(body & KR_BODY_ONE_HAND) || !says(key, two_hands));
            EXPECT(!(body & KR_BODY_ROLLS) || !says(key, legs));
        }
    EXPECT(says(kr_advice_for(KR_CAUSE_TREMOR, 0), elbows)); // it does find them
    EXPECT(says(kr_advice_for(KR_CAUSE_STEPS, 0), legs));
}

TEST(every_cause_can_be_told)
{
    for (int c = 0; c < KR_CAUSES; c++) {
        const struct kr_cause_row *row = &kr_cause_rows[c];
        EXPECT(kr_word_exists(kr_arena_format(t->mem, "coach.cause.%s", row->name)));
        EXPECT(row->cost > 0 && row->cost <= 100 && row->fine != row->bad);
        bool for_everybody = false;
        for (size_t i = 0; i < kr_advice_count; i++)
            for_everybody |= kr_advice[i].cause == (enum kr_cause)c && !kr_advice[i].unfit;
        EXPECT(for_everybody);
    }
}

TEST(bodies_are_read_from_words)
{
    unsigned body = 99;
    EXPECT_OK(kr_body_parse("rolls,no-elbows", &body, &t->err));
    EXPECT_INT(body, KR_BODY_ROLLS | KR_BODY_NO_ELBOWS);
    EXPECT_OK(kr_body_parse(NULL, &body, &t->err));
    EXPECT_INT(body, 0);
    EXPECT_FAIL(kr_body_parse("rolls,flies", &body, &t->err), KR_E_INVALID);
    EXPECT_INT(body, 0);
}

static unsigned bits_of(struct kr_test *t, const json_t *words)
{
    unsigned all = 0, bit;
    for (size_t i = 0; i < json_array_size(words); i++) {
        EXPECT_OK(kr_body_parse(json_string_value(json_array_get(words, i)), &bit, &t->err));
        all |= bit;
    }
    return all;
}

// The list that pages and commands choose from leads to what the coach itself would say.
TEST(the_list_that_is_handed_out_says_the_same)
{
    json_t *list = kr_advice_new_json(), *bodies = kr_bodies_new_json();
    kr_json_lend(t->mem, list);
    kr_json_lend(t->mem, bodies);
    EXPECT_INT(bits_of(t, bodies), KR_BODY_EVERY);
    for (int c = 0; c < KR_CAUSES; c++)
        for (unsigned body = 0; body <= KR_BODY_EVERY; body++) {
            const char *key = "none";
            for (size_t i = json_array_size(list); i-- > 0;) {
                const json_t *one = json_array_get(list, i);
                bool fits = !(bits_of(t, kr_json_get(one, "unfit")) & body);
                if (fits && strcmp(kr_json_str(one, "cause", ""), kr_cause_rows[c].name) == 0)
                    key = kr_json_str(one, "key", "");
            }
            EXPECT_STR(key, kr_advice_for((enum kr_cause)c, body));
        }
}

MAIN(CASE(advice_fits_every_cause_and_every_body), CASE(every_cause_can_be_told),
     CASE(bodies_are_read_from_words), CASE(the_list_that_is_handed_out_says_the_same))
