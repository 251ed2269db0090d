// SPDX-License-Identifier: AGPL-3.0-or-later
// What carries a camera: kinreel mount learn NAME CLIP | list | forget NAME.
#include "cli/commands.h"

#include "archive/mounts.h"
#include "base/file.h"
#include <math.h>
#include <stdio.h>

static void tell_mount(struct kr_cli *cli, const char *name, const json_t *mount)
{
    json_t *row = json_deep_copy(mount);
    kr_json_set_str(row, "name", name);
    if (!cli->json) {
        double tone = kr_json_real(mount, "tone_hz", 0);
        printf("%s\n", name);
        double tilt = kr_json_real(mount, "tilt", 0);
        kr_cli_answer(cli,
                      fabs(tilt) < 0.05 ? "mount.level"
                      : tilt > 0        ? "mount.tilt"
                                        : "mount.tilt.right",
                      "degrees", kr_arena_format(cli->mem, "%.1f", fabs(tilt)), NULL);
        bool trembles = kr_json_real(mount, "low_hz", 0) > 0;
        kr_cli_answer(cli, trembles ? "mount.tremor" : "mount.calm", "px",
                      kr_arena_format(cli->mem, "%.1f", kr_json_real(mount, "tremor", 0)), "low",
                      kr_arena_format(cli->mem, "%.1f", kr_json_real(mount, "low_hz", 0)), "high",
                      kr_arena_format(cli->mem, "%.1f", kr_json_real(mount, "high_hz", 0)), NULL);
        kr_cli_answer(cli, tone > 0 ? "mount.tone" : "mount.quiet", "hz",
                      kr_arena_format(cli->mem, "%.0f", tone), NULL);
    }
    kr_cli_json(cli, row);
}

static bool learn(struct kr_cli *cli, const char *clip, json_t **answer)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    struct kr_bar bar = {0};
    const struct kr_ride ride = {kr_bar_progress, &bar};
    bool fine = kr_cli_input(cli, clip, &fd) && kr_cli_wall(cli, &wall) &&
                kr_mount_of_ride(wall, &ride, fd, answer, &cli->err);
    kr_bar_end(&bar);
    return fine;
}

static bool run_learn(struct kr_cli *cli, struct kr_store *store, char **words)
{
    KR_AUTO(kr_json_drop) json_t *learnt = NULL;
    const char *name = kr_text_in(cli->mem, kr_str_of(words[0]));
    if (!learn(cli, words[1], &learnt) || !kr_mount_keep(store, name, learnt, &cli->err))
        return false;
    tell_mount(cli, name, learnt);
    return true;
}

static bool run_list(struct kr_cli *cli, struct kr_store *store, char **words)
{
    const json_t *all;
    const char *name;
    json_t *mount;
    (void)words;
    if (!kr_mounts(store, cli->mem, &all, &cli->err))
        return false;
    json_object_foreach((json_t *)(uintptr_t)all, name, mount) tell_mount(cli, name, mount);
    if (json_object_size(all) == 0)
        kr_cli_answer(cli, "mount.none", NULL);
    return true;
}

static bool run_forget(struct kr_cli *cli, struct kr_store *store, char **words)
{
    const char *name = kr_text_in(cli->mem, kr_str_of(words[0]));
    if (!kr_mount_forget(store, name, &cli->err))
        return false;
    json_t *row = kr_json_new_object();
    kr_json_set_str(row, "forgotten", name);
    kr_cli_json(cli, row);
    kr_cli_answer(cli, "mount.forgotten", "name", name, NULL);
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct kr_store *store, char **words);
} verbs[] = {
    {{"forget", 1, 1, KR_STORE_WRITE}, run_forget},
    {{"learn", 2, 2, KR_STORE_WRITE}, run_learn},
    {{"list", 0, 0, KR_STORE_READ}, run_list},
};

int kr_cmd_mount(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left, words;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left))
        return kr_cli_usage(cli, "mount");
    const struct verb *verb = kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &words);
    if (!verb)
        return kr_cli_usage(cli, "mount");
    return kr_cli_store(cli, verb->verb.mode, &store) && verb->run(cli, store, words.at)
               ? KR_EXIT_DONE
               : kr_cli_failed(cli);
}
