// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/dispatch.h"
#include "harness.h"
#include <string.h>

static const struct kr_house house = {.lang = KR_EN, .guard = {.port = 8420}};

struct ask {
    enum kr_method method;
    const char *target;
    struct kr_header headers[8];
    uint64_t body_length;
    bool near;
};
#define HOST                                                                                       \
    {                                                                                              \
        "Host", "localhost:8420"                                                                   \
    }
#define ORIGIN                                                                                     \
    {                                                                                              \
        "Origin", "http://localhost:8420"                                                          \
    }
#define JSON                                                                                       \
    {                                                                                              \
        "Content-Type", "application/json"                                                         \
    }

static struct kr_request request_of(struct kr_test *t, const struct ask *ask)
{
    struct kr_request request = {.mem = t->mem,
                                 .method = ask->method,
                                 .target = kr_str_of(ask->target),
                                 .headers = ask->headers,
                                 .body_length = ask->body_length,
                                 .near = ask->near};
    while (request.header_count < 8 && ask->headers[request.header_count].name)
        request.header_count++;
    return request;
}

// 0 when it was let in, else the status it was refused with.
static int admitted(struct kr_test *t, const struct ask *ask)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    struct kr_request request = request_of(t, ask);
    return kr_dispatch_admit(&house, &request, &answer) ? 0 : answer.status;
}

#define ASK(...) admitted(t, &(struct ask){__VA_ARGS__, .near = true})

TEST(an_honest_request_is_let_in)
{
    EXPECT_INT(ASK(KR_GET, "/", {HOST}), 0);
    EXPECT_INT(ASK(KR_GET, "/api/v1/items?limit=5", {HOST, {"Sec-Fetch-Site", "same-origin"}}), 0);
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs", {HOST, ORIGIN, JSON}, 20), 0);
    EXPECT_INT(ASK(KR_DELETE, "/api/v1/items/x", {HOST, ORIGIN}), 0);
}

TEST(a_host_that_is_not_ours_is_refused_before_anything_else)
{
    EXPECT_INT(ASK(KR_GET, "/", {{"Host", "evil.example"}}), 403);
    EXPECT_INT(ASK(KR_GET, "/api/v1/nothing", {{"Host", "evil.example"}}), 403);
    EXPECT_INT(ASK(KR_GET, "/", {{"Accept", "*/*"}}), 400);
    EXPECT_INT(ASK(KR_GET, "/", {HOST, {"host", "evil.example"}}), 400);
}

TEST(a_change_from_elsewhere_is_refused)
{
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs", {HOST, JSON}, 20), 403);
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs", {HOST, JSON, {"Origin", "http://evil.example"}}, 20),
               403);
    EXPECT_INT(ASK(KR_DELETE, "/api/v1/items/x", {HOST, ORIGIN, {"Sec-Fetch-Site", "cross-site"}}),
               403);
    EXPECT_INT(ASK(KR_GET, "/api/v1/items", {HOST, {"Sec-Fetch-Site", "cross-site"}}), 403);
    EXPECT_INT(ASK(KR_GET, "/item/x", {HOST, {"Sec-Fetch-Site", "cross-site"}}), 0); // a link
}

TEST(what_a_proxy_passes_on_comes_from_afar)
{
    EXPECT_INT(ASK(KR_GET, "/api/v1/items", {HOST}), 0);
    EXPECT_INT(ASK(KR_GET, "/api/v1/items", {HOST, {"x-forwarded-for", "203.0.113.7"}}), 401);
    EXPECT_INT(ASK(KR_GET, "/api/v1/items", {HOST, {"Forwarded", "for=203.0.113.7"}}), 401);
    EXPECT_INT(ASK(KR_GET, "/", {HOST, {"Via", "1.1 gate"}}), 0);
}

TEST(a_stranger_gets_the_pages_but_nothing_of_the_family)
{
    EXPECT_INT(admitted(t, &(struct ask){KR_GET, "/", {HOST}}), 0);
    EXPECT_INT(admitted(t, &(struct ask){KR_GET, "/api/v1/words/en", {HOST}}), 0);
    EXPECT_INT(admitted(t, &(struct ask){KR_GET, "/api/v1/items", {HOST}}), 401);
    EXPECT_INT(admitted(t, &(struct ask){KR_GET, "/api/v1/about", {HOST}}), 401);
}

static const struct kr_house home = {.lang = KR_EN,
                                     .guard = {.port = 8420, .plain_port = 8421, .home = true}};

// How a request over plain http beside TLS goes: 0 when it was let in; *to where it was sent.
static int beside(struct kr_test *t, enum kr_method method, const char *target, const char **to)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    struct ask ask = {method,
                      target,
                      {{"Host", "192.168.1.5:8421"},
                       {"Origin", "http://192.168.1.5:8421"},
                       {"Cookie", "kinreel=a-token"}},
                      0};
    struct kr_request request = request_of(t, &ask);
    request.here = "192.168.1.5";
    request.beside = true;
    bool in = kr_dispatch_admit(&home, &request, &answer);
    if (to)
        *to = kr_answer_header_of(&answer, "Location");
    return in ? 0 : answer.status;
}

TEST(beside_tls_nothing_of_the_family_is_said)
{
    const char *to;
    EXPECT_INT(beside(t, KR_GET, "/", &to), 307);
    EXPECT_STR(to, "https://192.168.1.5:8420/");
    EXPECT_INT(beside(t, KR_GET, "/item/x%20y?a=b", &to), 307);
    EXPECT_STR(to, "https://192.168.1.5:8420/item/x%20y?a=b");
    EXPECT_INT(beside(t, KR_GET, "//evil.example/", NULL), 400);
    EXPECT_INT(beside(t, KR_GET, "/nothing.png", NULL), 307);
    EXPECT_INT(beside(t, KR_GET, "/api/v1/items", NULL), 307);
    EXPECT_INT(beside(t, KR_POST, "/api/v1/jobs", NULL), 403);
    EXPECT_INT(beside(t, KR_POST, "/api/v1/owner", NULL), 403);
    static const char *const said[] = {
        "/trust",        "/enter",     "/answer/ABCD",     "/house-ca.crt",
        "/api/v1/trust", "/api/v1/me", "/api/v1/words/en", "/api/v1/openapi.json"};
    for (size_t i = 0; i < KR_COUNT(said); i++) {
        print_message("%s\n", said[i]);
        EXPECT_INT(beside(t, KR_GET, said[i], NULL), 0);
    }
    // Of every row: who needs more than a guest is sent to TLS, and so is who becomes more by it.
    for (size_t i = 0; i < kr_routes_count; i++) {
        const struct kr_route *route = &kr_routes[i];
        bool open = route->may <= KR_MAY_GUEST && strcmp(route->pattern, "/{page}") != 0 &&
                    strcmp(route->pattern, "/api/v1/owner") != 0 &&
                    !kr_starts_with(route->pattern, "/api/v1/enter/passkey");
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        char *target = kr_arena_strdup(mem, route->pattern);
        for (char *c = target; *c; c++)
            *c = *c == '{' || *c == '}' ? 'x' : *c;
        print_message("%s %s\n", kr_method_name(route->method), target);
        EXPECT((beside(t, route->method, target, NULL) == 0) == open);
    }
}

TEST(a_page_beside_tls_may_look_whether_it_is_trusted_there)
{
    KR_AUTO(kr_answer_finish) struct kr_answer page = KR_ANSWER_NONE;
    struct ask ask = {KR_GET, "/trust", {{"Host", "[::1]:8421"}}};
    struct kr_request request = request_of(t, &ask);
    request.beside = true;
    EXPECT(kr_dispatch_admit(&home, &request, &page));
    kr_dispatch_dress(&request, &page);
    EXPECT(strstr(kr_answer_header_of(&page, "Content-Security-Policy"),
                  "; connect-src 'self' https://[::1]:8420"));
}

TEST(size_and_kind_of_a_body_are_looked_at_before_it_is_read)
{
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs", {HOST, ORIGIN, JSON}, 10 << 20), 413);
    EXPECT_INT(ASK(KR_GET, "/api/v1/items", {HOST}, 1), 413);
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs", {HOST, ORIGIN, {"Content-Type", "text/plain"}}, 20),
               415);
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs", {HOST, ORIGIN}, 20), 415);
    EXPECT_INT(ASK(KR_POST, "/api/v1/jobs",
                   {HOST, ORIGIN, {"Content-Type", "application/json; charset=utf-8"}}, 20),
               0);
    EXPECT_INT(
        ASK(KR_POST, "/api/v1/jobs", {HOST, ORIGIN, {"Content-Type", "application/jsonx"}}, 20),
        415);
}

TEST(unknown_ways_are_named)
{
    EXPECT_INT(ASK(KR_GET, "/api/v1/nothing", {HOST}), 404);
    EXPECT_INT(ASK(KR_GET, "/a/../b", {HOST}), 400);
    EXPECT_INT(ASK(KR_METHOD_OTHER, "/api/v1/items", {HOST, ORIGIN}), 405);
}

static enum kr_lang language(struct kr_test *t, const char *name, const char *value)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    struct ask ask = {KR_GET, "/", {HOST, {name, value}, {"Accept-Language", "en"}}};
    struct kr_request request = request_of(t, &ask);
    EXPECT(kr_dispatch_admit(&house, &request, &answer));
    return request.lang;
}

TEST(the_language_somebody_chose_wins_over_the_browsers)
{
    EXPECT_INT(language(t, "Cookie", "lang=zh-CN"), KR_ZH);
    EXPECT_INT(language(t, "Cookie", "lang=tlh"), KR_EN);
    EXPECT_INT(language(t, "X", "x"), KR_EN);
}

TEST(words_are_answered_once_and_then_known)
{
    KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
    struct ask ask = {KR_GET, "/api/v1/words/zh-CN", {HOST}};
    struct kr_request request = request_of(t, &ask);
    EXPECT(kr_dispatch_admit(&house, &request, &answer));
    kr_dispatch_handle(&request, &answer);
    EXPECT_INT(answer.status, 200);
    EXPECT(answer.lent.n > 100);
    const char *etag = kr_answer_header_of(&answer, "ETag");
    EXPECT(etag && etag[0] == '"');

    KR_AUTO(kr_answer_finish) struct kr_answer again = KR_ANSWER_NONE;
    struct ask knowing = {KR_GET, "/api/v1/words/zh-CN", {HOST, {"If-None-Match", etag}}};
    request = request_of(t, &knowing);
    EXPECT(kr_dispatch_admit(&house, &request, &again));
    kr_dispatch_handle(&request, &again);
    EXPECT_INT(again.status, 304);
    EXPECT_INT(again.lent.n, 0);
}

TEST(every_answer_wears_what_keeps_a_browser_safe)
{
    KR_AUTO(kr_answer_finish) struct kr_answer page = KR_ANSWER_NONE;
    KR_AUTO(kr_answer_finish) struct kr_answer refusal = KR_ANSWER_NONE;
    struct ask ask = {KR_GET, "/", {HOST}}, bad = {KR_GET, "/", {{"Host", "evil.example"}}};
    struct kr_request request = request_of(t, &ask);
    EXPECT(kr_dispatch_admit(&house, &request, &page));
    kr_dispatch_dress(&request, &page);
    const char *policy = kr_answer_header_of(&page, "Content-Security-Policy");
    EXPECT(strstr(policy, "default-src 'none'") && strstr(policy, "frame-ancestors 'none'"));
    EXPECT(!strstr(policy, "unsafe"));

    request = request_of(t, &bad);
    EXPECT(!kr_dispatch_admit(&house, &request, &refusal));
    kr_dispatch_dress(&request, &refusal);
    EXPECT(strstr(kr_answer_header_of(&refusal, "Content-Security-Policy"), "sandbox"));
    EXPECT_STR(kr_answer_header_of(&refusal, "X-Content-Type-Options"), "nosniff");
    EXPECT_STR(kr_answer_header_of(&refusal, "Content-Type"), "application/problem+json");
}

MAIN(CASE(an_honest_request_is_let_in),
     CASE(a_host_that_is_not_ours_is_refused_before_anything_else),
     CASE(a_change_from_elsewhere_is_refused), CASE(what_a_proxy_passes_on_comes_from_afar),
     CASE(a_stranger_gets_the_pages_but_nothing_of_the_family),
     CASE(beside_tls_nothing_of_the_family_is_said),
     CASE(a_page_beside_tls_may_look_whether_it_is_trusted_there),
     CASE(size_and_kind_of_a_body_are_looked_at_before_it_is_read), CASE(unknown_ways_are_named),
     CASE(the_language_somebody_chose_wins_over_the_browsers),
     CASE(words_are_answered_once_and_then_known),
     CASE(every_answer_wears_what_keeps_a_browser_safe))
