// SPDX-License-Identifier: AGPL-3.0-or-later
#include "harness.h"
#include "web/handlers.h"
#include <string.h>

static struct kr_request request_of(struct kr_test *t, enum kr_role role, bool near,
                                    const char *body)
{
    struct kr_request request = {.mem = t->mem,
                                 .method = KR_POST,
                                 .body = kr_str_of(body),
                                 .near = near,
                                 .patient = true,
                                 .lang = KR_EN,
                                 .visitor = KR_VISITOR_NONE};
    request.visitor.role = role;
    return request;
}

static const char *text_of(struct kr_test *t, const struct kr_answer *answer)
{
    return kr_arena_copy(t->mem, answer->bytes.at, answer->bytes.n);
}

// Which places there are on the house's disks is for who sits before them.
TEST(from_afar_no_folder_is_shown_taken_or_filled)
{
    struct kr_request request =
        request_of(t, KR_ROLE_OWNER, false,
                   "{\"kind\":\"add\",\"path\":\"/\",\"settings\":{\"backup.place\":\"/x\"}}");
    bool (*const handlers[])(struct kr_request *, struct kr_answer *, struct kr_err *) = {
        kr_web_folders, kr_web_make_job, kr_web_change_settings};
    for (size_t i = 0; i < KR_COUNT(handlers); i++) {
        KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
        EXPECT_OK(handlers[i](&request, &answer, &t->err));
        EXPECT_INT(answer.status, 403);
        EXPECT(strstr(text_of(t, &answer), "\"afar\""));
    }
}

TEST(keepers_alone_ask_for_a_keepers_work)
{
    const char *const bodies[] = {"{\"kind\":\"add\",\"path\":\"/\"}", "{\"kind\":\"backup\"}"};
    for (size_t i = 0; i < KR_COUNT(bodies); i++) {
        KR_AUTO(kr_answer_finish) struct kr_answer answer = KR_ANSWER_NONE;
        struct kr_request request = request_of(t, KR_ROLE_TELLER, true, bodies[i]);
        EXPECT_OK(kr_web_make_job(&request, &answer, &t->err));
        EXPECT_INT(answer.status, 403);
        EXPECT(strstr(text_of(t, &answer), "\"refused\""));
    }
}

MAIN(CASE(from_afar_no_folder_is_shown_taken_or_filled), CASE(keepers_alone_ask_for_a_keepers_work))
