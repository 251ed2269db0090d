// SPDX-License-Identifier: AGPL-3.0-or-later
// How a clip is heard, lit and held, and what to do better next time: kinreel coach.
#include "cli/body.h"
#include "cli/commands.h"

#include "base/file.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double worth_telling = 1; // points

static bool ask(struct kr_cli *cli, const char *task, const json_t *args, const int *fd,
                json_t **answer)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    struct kr_bar bar = {0};
    const struct kr_question question = {.task = task,
                                         .task_class = KR_TASK_FILM,
                                         .args = args,
                                         .fds = fd,
                                         .fd_count = fd ? 1 : 0,
                                         .progress = kr_bar_progress,
                                         .context = &bar};
    bool fine = kr_cli_wall(cli, &wall) && kr_wall_ask(wall, &question, answer, &cli->err);
    kr_bar_end(&bar);
    return fine;
}

static void tell_cause(struct kr_cli *cli, const json_t *cause)
{
    double cost = kr_json_real(cause, "cost", 0), value = kr_json_real(cause, "value", 0);
    if (cost < worth_telling)
        return;
    const char *key = kr_arena_format(cli->mem, "coach.cause.%s", kr_json_str(cause, "cause", ""));
    const char *number = kr_arena_format(cli->mem, fabs(value) < 10 ? "%.1f" : "%.0f", value);
    printf("  -%-3.0f %s\n", cost, kr_words(cli->mem, cli->lang, key, "value", number, NULL));
}

static void tell_part(struct kr_cli *cli, const char *name, const json_t *part)
{
    const char *why = kr_json_str(part, "why", NULL);
    const char *named = kr_word(cli->lang, kr_arena_format(cli->mem, "coach.part.%s", name));
    const json_t *causes = kr_json_get(part, "causes");
    if (why) {
        kr_cli_answer(cli, kr_arena_format(cli->mem, "coach.why.%s", why), "part", named, NULL);
        return;
    }
    kr_cli_answer(cli, "coach.score", "part", named, "score",
                  kr_cli_number(cli, kr_json_int(part, "score", 0)), NULL);
    for (size_t i = 0; i < json_array_size(causes); i++)
        tell_cause(cli, json_array_get(causes, i));
}

static void tell_judgement(struct kr_cli *cli, const json_t *judged)
{
    static const char *const parts[] = {"sound", "light", "steady"};
    const json_t *advice = kr_json_get(judged, "advice");
    for (size_t i = 0; i < KR_COUNT(parts); i++)
        tell_part(cli, parts[i], kr_json_get(judged, parts[i]));
    putchar('\n');
    kr_cli_answer(cli, json_array_size(advice) ? "coach.next_time" : "coach.nothing", NULL);
    for (size_t i = 0; i < json_array_size(advice); i++)
        printf("%zu. %s\n", i + 1,
               kr_word(cli->lang, kr_json_str(json_array_get(advice, i), "key", "")));
}

static void tell_scene(struct kr_cli *cli, const json_t *scene)
{
    static const char *const places[] = {"stand", "lamp", "microphone"};
    const json_t *takes = kr_json_get(scene, "takes");
    printf("%s  (%s)\n", kr_word(cli->lang, kr_json_str(scene, "key", "")),
           kr_json_str(scene, "scene", ""));
    for (size_t i = 0; i < KR_COUNT(places); i++)
        kr_cli_answer(cli, kr_arena_format(cli->mem, "scenes.%s", places[i]), "where",
                      kr_word(cli->lang, kr_json_str(scene, places[i], "")), NULL);
    for (size_t i = 0; i < json_array_size(takes); i++)
        printf("  %zu. %s\n", i + 1,
               kr_word(cli->lang, json_string_value(json_array_get(takes, i))));
    putchar('\n');
}

static int run_scenes(struct kr_cli *cli)
{
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    if (!ask(cli, "scenes", NULL, NULL, &answer))
        return kr_cli_failed(cli);
    const json_t *scenes = kr_json_get(answer, "scenes");
    for (size_t i = 0; i < json_array_size(scenes); i++) {
        kr_cli_json(cli, json_incref(json_array_get(scenes, i)));
        if (!cli->json)
            tell_scene(cli, json_array_get(scenes, i));
    }
    return KR_EXIT_DONE;
}

static int run_coach(struct kr_cli *cli, const json_t *args, const char *in)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    KR_AUTO(kr_json_drop) json_t *judged = NULL;
    if (!kr_cli_input(cli, in, &fd) || !ask(cli, "coach", args, &fd, &judged))
        return kr_cli_failed(cli);
    kr_cli_json(cli, json_incref(judged));
    if (!cli->json)
        tell_judgement(cli, judged);
    return KR_EXIT_DONE;
}

int kr_cmd_coach(struct kr_cli *cli, int argc, char **argv)
{
    const char *scene = NULL, *body = NULL;
    bool scenes = false;
    const struct kr_option rows[] = {
        {"--body", NULL, &body}, {"--scene", NULL, &scene}, {"--scenes", &scenes, NULL}};
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    struct kr_arguments left;
    if (!kr_cli_options(cli, rows, KR_COUNT(rows), argc, argv, &left) ||
        left.n != (scenes ? 0 : 1) || (scenes && (scene || body)))
        return kr_cli_usage(cli, "coach");
    if (scenes)
        return run_scenes(cli);
    if (!body && !kr_cli_body(cli, &body))
        return kr_cli_failed(cli);
    if (scene)
        kr_json_set_str(args, "scene", scene);
    kr_json_set_str(args, "body", body);
    return run_coach(cli, args, left.at[0]);
}
