// SPDX-License-Identifier: AGPL-3.0-or-later
// A worker that lies, against the asker.
#include "wall/ask_priv.h"

#include "base/clock.h"
#include "harness.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool ask_liar(struct kr_test *t, const char *task, int timeout_s, json_t **answer)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    EXPECT_OK(
        kr_wall_open(&(struct kr_wall_params){.workers = 1, .program = getenv("KINREEL_TEST_LIAR")},
                     &wall, &t->err));
    const struct kr_question question = {.task = task, .timeout_s = timeout_s};
    return kr_wall_ask(wall, &question, answer, &t->err);
}

TEST(lies_are_seen_through_and_leave_nothing_behind)
{
    static const struct {
        const char *how;
        enum kr_code code;
    } rows[] = {
        {"garbage", KR_E_DAMAGED},
        {"length", KR_E_DAMAGED},
        {"descriptors", KR_E_DAMAGED},
        {"smuggle", KR_E_DAMAGED},
        {"not_utf8", KR_E_DAMAGED},
        {"no_object", KR_E_DAMAGED},
        {"answer_no_object", KR_E_DAMAGED},
        {"both", KR_E_DAMAGED},
        {"deep", KR_E_DAMAGED},
        {"many", KR_E_DAMAGED},
        {"flood", KR_E_DAMAGED},
        {"fat_progress", KR_E_DAMAGED},
        {"close", KR_E_DAMAGED},
        {"early", KR_E_DAMAGED},
        {"ok_as_error", KR_E_INTERNAL},
        {"unknown_error", KR_E_INTERNAL},
        {"half", KR_E_TIMEOUT},
    };
    int before = kr_test_open_fds();
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        json_t *answer = NULL;
        bool half = rows[i].code == KR_E_TIMEOUT;
        EXPECT_FAIL(ask_liar(t, rows[i].how, half ? 1 : 5, &answer), rows[i].code);
        EXPECT(!answer && !strchr(t->err.text, '\x1b'));
    }
    EXPECT_INT(kr_test_open_fds(), before);
    EXPECT(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

TEST(the_liar_can_also_be_honest)
{
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    EXPECT_OK(ask_liar(t, "truth", 5, &answer));
    EXPECT(kr_json_bool(answer, "honest", false));
}

TEST(progress_is_kept_inside_its_range)
{
    struct kr_message message = {.body = kr_json_new_object(), .bytes = 20};
    struct kr_saying saying;
    kr_json_set_real(message.body, "done", 7e300);
    EXPECT_OK(kr_saying_of(&message, &saying, &t->err));
    EXPECT_NEAR(saying.done, 1, 0);
    kr_json_set_int(message.body, "done", -3);
    EXPECT_OK(kr_saying_of(&message, &saying, &t->err));
    EXPECT_NEAR(saying.done, 0, 0);
    kr_message_drop(&message);
}

MAIN(CASE(lies_are_seen_through_and_leave_nothing_behind), CASE(the_liar_can_also_be_honest),
     CASE(progress_is_kept_inside_its_range))
