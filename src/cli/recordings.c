// SPDX-License-Identifier: AGPL-3.0-or-later
// Recordings on their way in, and those nobody ended: kinreel recordings list | keep | drop.
#include "cli/commands.h"

#include "archive/recordings.h"
#include "base/clock.h"
#include <stdio.h>
#include <string.h>

static const char *state_of(struct kr_cli *cli, const struct kr_recording *recording)
{
    return kr_word(cli->lang, recording->whole      ? "recordings.state.kept"
                              : *recording->result  ? "recordings.state.part"
                              : recording->run == 0 ? "recordings.state.empty"
                                                    : "recordings.state.open");
}

static void tell(struct kr_cli *cli, const struct kr_recording *recording)
{
    char began[KR_TIME_TEXT];
    kr_cli_json(cli, kr_recording_new_json(recording));
    if (cli->json)
        return;
    kr_time_text(recording->about.began_ms, began);
    printf("%s  %s  %zu/%zu  %s\n", recording->id, began, recording->run, recording->n,
           state_of(cli, recording));
}

static bool list(struct kr_cli *cli, struct kr_store *store)
{
    struct kr_recording *all;
    size_t n;
    if (!kr_recordings_list(store->dir, cli->mem, &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        tell(cli, &all[i]);
    if (n == 0)
        kr_cli_answer(cli, "recordings.none", NULL);
    return true;
}

static bool keep(struct kr_cli *cli, struct kr_store *store, const char *id)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_json_drop) json_t *result = NULL;
    if (!kr_recording_take(store->dir, cli->mem, id, &recording, &cli->err) ||
        !kr_cli_wall(cli, &wall))
        return false;
    const struct kr_ingest_params by = {.archive = cli->archive, .wall = wall};
    if (!kr_recording_keep(&recording, &by, cli->mem, recording.run, false, &cli->err) ||
        !kr_json_parse(kr_str_of(recording.result), SIZE_MAX, &result, &cli->err))
        return false;
    const char *item = kr_json_str(result, "id", "");
    if (!*item)
        return kr_fail(&cli->err, kr_code_named(kr_json_str(result, "code", "")),
                       "recording %s was not taken in", id);
    kr_cli_json(cli, json_incref(result));
    kr_cli_answer(cli, "recordings.kept", "item", item, NULL);
    return true;
}

static bool drop(struct kr_cli *cli, struct kr_store *store, const char *id)
{
    struct kr_recording recording = KR_RECORDING_NONE;
    if (!kr_recording_take(store->dir, cli->mem, id, &recording, &cli->err))
        return false;
    kr_cli_json(cli, kr_recording_new_json(&recording));
    kr_recording_forget(&recording);
    kr_cli_answer(cli, "recordings.dropped", NULL);
    return true;
}

int kr_cmd_recordings(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left))
        return kr_cli_usage(cli, "recordings");
    const char *verb = left.n ? left.at[0] : "list";
    bool lists = strcmp(verb, "list") == 0, keeps = strcmp(verb, "keep") == 0;
    if (lists ? left.n > 1 : left.n != 2 || (!keeps && strcmp(verb, "drop") != 0))
        return kr_cli_usage(cli, "recordings");
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store))
        return kr_cli_failed(cli);
    bool fine = lists   ? list(cli, store)
                : keeps ? keep(cli, store, left.at[1])
                        : drop(cli, store, left.at[1]);
    return fine ? KR_EXIT_DONE : kr_cli_failed(cli);
}
