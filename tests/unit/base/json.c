// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/json.h"
#include "harness.h"

TEST(malformed_texts_are_refused)
{
    static const char *const bad[] = {
        "", "{", "{\"a\":1,\"a\":2}", "01", "[1,]", "1e999", "\"\xff\"", "{} x", "nul"};
    for (size_t i = 0; i < KR_COUNT(bad); i++) {
        json_t *value = NULL;
        EXPECT_FAIL(kr_json_parse(kr_str_of(bad[i]), 100, &value, &t->err), KR_E_INVALID);
        EXPECT(!value);
    }
}

TEST(members_have_fallbacks)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    EXPECT_OK(kr_json_parse(KR_STR("{\"b\":2,\"a\":\"x\",\"c\":1.5}"), 100, &value, &t->err));
    EXPECT_STR(kr_json_str(value, "a", "?"), "x");
    EXPECT_STR(kr_json_str(value, "b", "?"), "?");
    EXPECT_INT(kr_json_int(value, "b", 7), 2);
    EXPECT_INT(kr_json_int(value, "z", 7), 7);
    EXPECT_NEAR(kr_json_real(value, "b", 0), 2, 0);
    EXPECT_STR(kr_json_canonical(t->mem, value), "{\"a\":\"x\",\"b\":2,\"c\":1.5}");
}

MAIN(CASE(malformed_texts_are_refused), CASE(members_have_fallbacks))
