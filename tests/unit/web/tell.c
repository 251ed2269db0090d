// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/tell.h"
#include "harness.h"
#include <math.h>

TEST(what_is_told_reads_back_the_same)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    KR_AUTO(kr_json_drop) json_t *back = NULL;
    const char *odd = "tab\t line\n quote\" back\\slash 奶奶 \x7f";
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "odd", odd);
    kr_tell_open(&out, "list", '[');
    kr_tell_int(&out, NULL, INT64_MIN);
    kr_tell_int(&out, NULL, INT64_MAX);
    kr_tell_open(&out, NULL, '{');
    kr_tell_close(&out, '}');
    kr_tell_open(&out, NULL, '[');
    kr_tell_close(&out, ']');
    kr_tell_text(&out, NULL, "");
    kr_tell_close(&out, ']');
    kr_tell_bool(&out, "yes", true);
    kr_tell_real(&out, "lat", 39.904211);
    kr_tell_real(&out, "nowhere", NAN);
    kr_tell_json(&out, "none", NULL);
    kr_tell_close(&out, '}');
    EXPECT_OK(kr_json_parse((struct kr_str){out.at, out.n}, SIZE_MAX, &back, &t->err));
    EXPECT_STR(kr_json_str(back, "odd", ""), odd);
    const json_t *list = kr_json_get(back, "list");
    EXPECT_INT(json_array_size(list), 5);
    EXPECT(json_integer_value(json_array_get(list, 0)) == INT64_MIN);
    EXPECT(json_integer_value(json_array_get(list, 1)) == INT64_MAX);
    EXPECT(kr_json_bool(back, "yes", false));
    EXPECT_NEAR(kr_json_real(back, "lat", 0), 39.904211, 1e-7);
    EXPECT(json_is_null(kr_json_get(back, "nowhere")));
    EXPECT(json_is_null(kr_json_get(back, "none")));
}

TEST(an_empty_name_is_a_name)
{
    (void)t;
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "", "a:");
    kr_tell_text(&out, "b", "{");
    kr_tell_close(&out, '}');
    EXPECT_STR(out.at, "{\"\":\"a:\",\"b\":\"{\"}");
}

MAIN(CASE(what_is_told_reads_back_the_same), CASE(an_empty_name_is_a_name))
