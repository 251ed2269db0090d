// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/secret.h"
#include "harness.h"

TEST(a_code_is_read_as_people_type_it)
{
    char code[KR_CODE_TEXT], read[KR_CODE_TEXT];
    kr_code_new(code);
    const char *typed = kr_arena_format(t->mem, " %.4s-%.4s %.4s ", code, code + 4, code + 8);
    EXPECT(kr_code_read(typed, read));
    EXPECT_STR(read, code);
    EXPECT(kr_code_read("abcdefgh2345", read));
    EXPECT_STR(read, "ABCDEFGH2345");
}

TEST(what_no_code_can_be_is_told)
{
    (void)t;
    static const char *const wrong[] = {
        "",           "ABCDEFGH234",  "ABCDEFGH23456", "ABCDEFGH234I", "ABCDEFGH2340",
        "奶奶的卡片", "ABCDEFGH234\n"};
    char read[KR_CODE_TEXT];
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT(!kr_code_read(wrong[i], read));
}

TEST(no_two_secrets_are_alike_and_a_mark_follows_from_one)
{
    (void)t;
    char a[KR_TOKEN_TEXT], b[KR_TOKEN_TEXT];
    uint8_t mark[2][KR_MARK_SIZE];
    kr_token_new(a);
    kr_token_new(b);
    EXPECT_INT(strlen(a), KR_TOKEN_TEXT - 1);
    EXPECT(strcmp(a, b) != 0);
    kr_secret_mark(a, mark[0]);
    kr_secret_mark(a, mark[1]);
    EXPECT(memcmp(mark[0], mark[1], KR_MARK_SIZE) == 0);
    kr_secret_mark(b, mark[1]);
    EXPECT(memcmp(mark[0], mark[1], KR_MARK_SIZE) != 0);
}

TEST(a_password_is_known_again_and_cannot_be_read)
{
    char kept[KR_PASSWORD_KEPT];
    EXPECT_OK(kr_password_keep("桥边的老屋八个字", kept, &t->err));
    EXPECT(strstr(kept, "argon2id") && !strstr(kept, "桥"));
    EXPECT(kr_password_is(kept, "桥边的老屋八个字"));
    EXPECT(!kr_password_is(kept, "桥边的老屋八个宇"));
    EXPECT(!kr_password_is(NULL, "桥边的老屋八个字"));
    EXPECT(!kr_password_is("", "桥边的老屋八个字"));
}

TEST(a_short_password_is_refused_by_characters_not_bytes)
{
    char kept[KR_PASSWORD_KEPT];
    EXPECT(!kr_password_keep("七个字不够长的", kept, &t->err));
    EXPECT_INT(t->err.code, KR_E_INVALID);
    char *long_one = kr_arena_alloc(t->mem, KR_PASSWORD_MOST + 2);
    memset(long_one, 'a', KR_PASSWORD_MOST + 1);
    EXPECT(!kr_password_keep(long_one, kept, NULL));
}

MAIN(CASE(a_code_is_read_as_people_type_it), CASE(what_no_code_can_be_is_told),
     CASE(no_two_secrets_are_alike_and_a_mark_follows_from_one),
     CASE(a_password_is_known_again_and_cannot_be_read),
     CASE(a_short_password_is_refused_by_characters_not_bytes))
