// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/http.h"
#include "harness.h"
#include <fcntl.h>
#include <unistd.h>

static struct kr_request with(struct kr_test *t, const struct kr_header *headers, size_t n)
{
    return (struct kr_request){.mem = t->mem, .headers = headers, .header_count = n};
}

static int ten_bytes(void)
{
    return kr_test_bytes("0123456789", 10);
}

TEST(a_range_of_a_file_is_answered_with_its_place)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    const struct kr_header headers[] = {{"Range", "bytes=2-4"}};
    struct kr_request request = with(t, headers, 1);
    EXPECT(kr_answer_file_take(&request, &answer, ten_bytes(), 10, "image/jpeg", "\"a\""));
    EXPECT_INT(answer.status, 206);
    EXPECT_INT(answer.offset, 2);
    EXPECT_INT(answer.length, 3);
    EXPECT_STR(kr_answer_header_of(&answer, "Content-Range"), "bytes 2-4/10");
    EXPECT_STR(kr_answer_header_of(&answer, "accept-ranges"), "bytes");
}

TEST(a_changed_file_is_answered_whole)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    const struct kr_header headers[] = {{"Range", "bytes=2-4"}, {"If-Range", "\"old\""}};
    struct kr_request request = with(t, headers, 2);
    EXPECT(kr_answer_file_take(&request, &answer, ten_bytes(), 10, "image/jpeg", "\"a\""));
    EXPECT_INT(answer.status, 200);
    EXPECT_INT(answer.length, 10);
}

TEST(beyond_the_end_says_how_long_it_is_and_closes_the_file)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    const struct kr_header headers[] = {{"Range", "bytes=10-"}};
    struct kr_request request = with(t, headers, 1);
    int fd = ten_bytes();
    EXPECT(kr_answer_file_take(&request, &answer, fd, 10, "image/jpeg", "\"a\""));
    EXPECT_INT(answer.status, 416);
    EXPECT_STR(kr_answer_header_of(&answer, "Content-Range"), "bytes */10");
    EXPECT_INT(fcntl(fd, F_GETFD), -1);
}

TEST(known_bytes_are_not_sent_again)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    const struct kr_header headers[] = {{"If-None-Match", "\"x\", W/\"a\""}};
    struct kr_request request = with(t, headers, 1);
    int fd = ten_bytes();
    EXPECT(kr_answer_file_take(&request, &answer, fd, 10, "image/jpeg", "\"a\""));
    EXPECT_INT(answer.status, 304);
    EXPECT_INT(answer.fd, -1);
    EXPECT_INT(fcntl(fd, F_GETFD), -1);
}

TEST(a_problem_speaks_the_askers_language)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    KR_AUTO(kr_json_drop) json_t *problem = NULL;
    struct kr_request request = with(t, NULL, 0);
    struct kr_err err = {0};
    request.lang = KR_ZH;
    EXPECT(!kr_fail(&err, KR_E_FULL, "write '/home/lin/secret.jpg'"));
    EXPECT(kr_answer_error(&request, &answer, &err));
    EXPECT_INT(answer.status, 507);
    EXPECT_OK(kr_json_parse((struct kr_str){answer.bytes.at, answer.bytes.n}, SIZE_MAX, &problem,
                            &t->err));
    EXPECT_STR(kr_json_str(problem, "title", ""), "full");
    EXPECT_INT(kr_json_int(problem, "status", 0), 507);
    EXPECT_STR(kr_json_str(problem, "detail", ""), kr_word(KR_ZH, "error.full"));
    EXPECT(!strstr(answer.bytes.at, "secret")); // what happened inside stays inside
}

TEST(a_body_that_is_no_object_is_answered_with_400)
{
    static const char *const bad[] = {"",      "[]",  "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}",
                                      "\"x\"", "\xff"};
    struct kr_request request = with(t, NULL, 0);
    for (size_t i = 0; i < KR_COUNT(bad); i++) {
        KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
        json_t *body = NULL;
        request.body = kr_str_of(bad[i]);
        EXPECT(!kr_request_json(&request, &body, &answer));
        EXPECT_INT(answer.status, 400);
    }
}

TEST(a_header_said_twice_counts_once)
{
    (void)t;
    struct kr_answer answer = KR_ANSWER_NONE;
    kr_answer_header(&answer, "Vary", "a");
    kr_answer_header(&answer, "vary", "b");
    EXPECT_INT(answer.header_count, 1);
    EXPECT_STR(kr_answer_header_of(&answer, "VARY"), "b");
}

MAIN(CASE(a_range_of_a_file_is_answered_with_its_place), CASE(a_changed_file_is_answered_whole),
     CASE(beyond_the_end_says_how_long_it_is_and_closes_the_file),
     CASE(known_bytes_are_not_sent_again), CASE(a_problem_speaks_the_askers_language),
     CASE(a_body_that_is_no_object_is_answered_with_400), CASE(a_header_said_twice_counts_once))
