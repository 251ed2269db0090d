// SPDX-License-Identifier: AGPL-3.0-or-later
// What one's own body cannot do while filming: kinreel body.
#include "cli/body.h"

#include "archive/body.h"
#include "cli/commands.h"
#include <string.h>

static bool ask_coach(struct kr_cli *cli, json_t **out)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    const struct kr_question question = {.task = "scenes", .task_class = KR_TASK_PICTURE};
    return kr_cli_wall(cli, &wall) && kr_wall_ask(wall, &question, out, &cli->err);
}

static bool body_in(struct kr_cli *cli, struct kr_store *store, const char **out)
{
    const char *door;
    return kr_body_door_of(store, cli->mem, cli->who, &door, &cli->err) &&
           kr_body_get(store, cli->mem, door, out, &cli->err);
}

bool kr_cli_body(struct kr_cli *cli, const char **out)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    *out = "";
    if (kr_cli_store(cli, KR_STORE_READ, &store))
        return body_in(cli, store, out);
    if (cli->err.code != KR_E_NOT_FOUND)
        return false;
    cli->err = (struct kr_err){0};
    return true;
}

bool kr_cli_fit(struct kr_cli *cli, json_t *answer)
{
    KR_AUTO(kr_json_drop) json_t *known = NULL;
    const char *body;
    if (!kr_json_get(answer, "before")) // nothing was judged
        return true;
    if (!kr_cli_body(cli, &body))
        return false;
    if (!*body)
        return true;
    if (!ask_coach(cli, &known))
        return false;
    const json_t *advice = kr_json_get(known, "advice");
    kr_body_fit(json_object_get(answer, "before"), advice, body);
    kr_body_fit(json_object_get(answer, "after"), advice, body);
    return true;
}

static int tell(struct kr_cli *cli, const char *body)
{
    json_t *line = kr_json_new_object(), *list = kr_json_new_array();
    for (const char *at = body; *at;) {
        size_t n = strcspn(at, ",");
        const char *word = kr_arena_copy(cli->mem, at, n);
        kr_json_append_take(list, json_string(word));
        kr_cli_answer(cli, kr_arena_format(cli->mem, "coach.body.%s", word), NULL);
        at += n + (at[n] == ',');
    }
    if (!*body)
        kr_cli_answer(cli, "coach.body.none", NULL);
    kr_json_set_take(line, "body", list);
    kr_cli_json(cli, line);
    return KR_EXIT_DONE;
}

// "rolls,no-elbows"; "none" takes all back.
static bool set(struct kr_cli *cli, const char *words, const char **out)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_json_drop) json_t *known = NULL;
    const char *door;
    if (!ask_coach(cli, &known) ||
        !kr_body_read(cli->mem, words, kr_json_get(known, "bodies"), out, &cli->err))
        return false;
    return kr_cli_store(cli, KR_STORE_WRITE, &store) &&
           kr_body_door_of(store, cli->mem, cli->who, &door, &cli->err) &&
           kr_body_set(store, door, *out, &cli->err);
}

int kr_cmd_body(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    const char *body;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n > 1)
        return kr_cli_usage(cli, "body");
    bool fine = left.n ? set(cli, strcmp(left.at[0], "none") == 0 ? "" : left.at[0], &body)
                       : kr_cli_store(cli, KR_STORE_READ, &store) && body_in(cli, store, &body);
    return fine ? tell(cli, body) : kr_cli_failed(cli);
}
