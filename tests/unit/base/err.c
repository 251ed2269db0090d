// SPDX-License-Identifier: AGPL-3.0-or-later
#include "harness.h"
#include <errno.h>
#include <string.h>

TEST(the_first_cause_stays_at_the_end)
{
    errno = ENOSPC;
    EXPECT(!kr_fail_errno(&t->err, "flush"));
    EXPECT(!kr_within(&t->err, "keep original %s", "ab/12"));
    EXPECT_STR(t->err.text, "keep original ab/12: flush: no space left on device");
    EXPECT(t->err.code == KR_E_FULL);
}

TEST(a_long_sentence_ends_on_a_whole_character)
{
    char name[700];
    for (size_t i = 0; i + 3 < sizeof name; i += 3)
        memcpy(name + i, "奶", 3);
    name[699] = '\0';
    for (int lead = 0; lead < 3; lead++) {
        kr_fail(&t->err, KR_E_IO, "%.*s%s", lead, "abc", name);
        EXPECT(kr_is_utf8(kr_str_of(t->err.text)));
        EXPECT(strlen(t->err.text) > 470);
    }
}

TEST(a_code_has_a_name_and_its_statuses)
{
    for (int code = 1; code < KR_CODE_COUNT; code++)
        EXPECT(kr_code_named(kr_code_name((enum kr_code)code)) == (enum kr_code)code);
    EXPECT_INT(kr_code_http(KR_E_NOT_FOUND), 404);
    EXPECT_INT(kr_code_exit(KR_E_INTERRUPTED), 130);
    EXPECT(kr_code_named("no such thing") == KR_E_INTERNAL);
    (void)t;
}

MAIN(CASE(the_first_cause_stays_at_the_end), CASE(a_long_sentence_ends_on_a_whole_character),
     CASE(a_code_has_a_name_and_its_statuses))
