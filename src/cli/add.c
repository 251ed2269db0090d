// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cli/commands.h"

#include "archive/ingest.h"
#include "base/clock.h"
#include <stdio.h>
#include <string.h>

struct adding {
    struct kr_cli *cli;
    struct kr_bar bar;
};

static void tell_json(struct kr_cli *cli, const struct kr_outcome *outcome)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    json_t *line = kr_json_new_object();
    char hex[KR_SHA256_HEX] = "";
    if (outcome->fate != KR_REFUSED && !outcome->sidecar)
        kr_blob_hex(&outcome->blob, hex);
    kr_json_set_str(line, "path", kr_path_escape(mem, outcome->path));
    if (!kr_is_utf8(outcome->path))
        kr_json_set_str(line, "path_base64", kr_base64(mem, outcome->path.at, outcome->path.n));
    kr_json_set_str(line, "id", outcome->id);
    kr_json_set_str(line, "sha256", hex);
    kr_json_set_str(line, "status", kr_fate_name(outcome->fate));
    kr_json_set_str(line, "reason", outcome->reason);
    kr_json_set_str(line, "damaged", outcome->damaged);
    if (outcome->sidecar)
        kr_json_set_bool(line, "sidecar", true);
    kr_cli_json(cli, line);
}

static void on_outcome(void *context, const struct kr_outcome *outcome)
{
    struct adding *adding = context;
    if (adding->cli->json) {
        tell_json(adding->cli, outcome);
        return;
    }
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *path = kr_path_escape(mem, outcome->path);
    const char *key = outcome->fate == KR_REFUSED                        ? "add.refused"
                      : outcome->fate == KR_ADDED && outcome->damaged[0] ? "add.damaged"
                                                                         : NULL;
    if (!key)
        return;
    kr_bar_end(&adding->bar);
    printf("%s\n", kr_words(mem, adding->cli->lang, key, "path", path, "why",
                            outcome->fate == KR_REFUSED ? outcome->reason : outcome->damaged,
                            "kind", kr_word(adding->cli->lang, kr_code_key(outcome->code)), NULL));
}

static bool on_progress(void *context, size_t done, size_t all, uint64_t bytes)
{
    struct adding *adding = context;
    char right[80];
    double seconds = (double)(kr_monotonic_ms() - adding->bar.began_ms) / 1000.0 + 0.001;
    kr_format(right, sizeof right, "%zu/%zu  %.1f/s  %.1f MiB/s", done, all, (double)done / seconds,
              (double)bytes / 1048576.0 / seconds);
    kr_bar_draw(&adding->bar, all ? (double)done / (double)all : 1, right);
    return !kr_cli_stopped();
}

static void summary(struct kr_cli *cli, const struct kr_ingest_counts *counts)
{
    json_t *line = kr_json_new_object();
    kr_json_set_bool(line, "summary", true);
    kr_json_set_int(line, "files", (int64_t)counts->files);
    kr_json_set_int(line, "added", (int64_t)counts->added);
    kr_json_set_int(line, "duplicate", (int64_t)counts->duplicates);
    kr_json_set_int(line, "refused", (int64_t)counts->refused);
    kr_json_set_int(line, "damaged", (int64_t)counts->damaged);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "add.summary", "added", kr_cli_number(cli, (int64_t)counts->added),
                  "duplicates", kr_cli_number(cli, (int64_t)counts->duplicates), "refused",
                  kr_cli_number(cli, (int64_t)counts->refused), NULL);
}

static bool bring_in(struct kr_cli *cli, const struct kr_arguments *paths,
                     struct kr_ingest_counts *counts)
{
    struct adding adding = {.cli = cli};
    KR_AUTO(kr_store_close) struct kr_store *store = NULL; // says who may, and whose they become
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) || !kr_cli_wall(cli, &wall))
        return false;
    const struct kr_ingest_params params = {.archive = cli->archive,
                                            .home = store->home,
                                            .wall = wall,
                                            .outcome = on_outcome,
                                            .progress = on_progress,
                                            .context = &adding};
    if (!kr_ingest_open(&params, &ingest, &cli->err))
        return false;
    bool fine =
        kr_ingest_run(ingest, (const char *const *)paths->at, (size_t)paths->n, counts, &cli->err);
    kr_bar_end(&adding.bar);
    return fine;
}

int kr_cmd_add(struct kr_cli *cli, int argc, char **argv)
{
    struct kr_arguments paths;
    struct kr_ingest_counts counts = {0};
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &paths) || paths.n == 0)
        return kr_cli_usage(cli, "add");
    bool fine = bring_in(cli, &paths, &counts);
    if (counts.files || fine)
        summary(cli, &counts);
    if (!fine)
        return kr_cli_failed(cli);
    return counts.refused ? KR_EXIT_PART : KR_EXIT_DONE;
}
