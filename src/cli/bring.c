// SPDX-License-Identifier: AGPL-3.0-or-later
// What several commands take: a file that comes into the archive first, a part of a picture.
#include "archive/ingest.h"
#include "cli/cli.h"

#include <string.h>

bool kr_cli_region(struct kr_cli *cli, json_t *value, const char *text)
{
    static const char *const names[] = {"x", "y", "w", "h"};
    if (!text)
        return true;
    char *rest = kr_arena_strdup(cli->mem, text);
    json_t *region = kr_json_new_object();
    kr_json_set_take(value, "region", region);
    for (size_t i = 0; i < KR_COUNT(names); i++) {
        double side;
        char *comma = strchr(rest, ',');
        if ((comma != NULL) != (i + 1 < KR_COUNT(names)))
            return false;
        if (comma)
            *comma = '\0';
        if (!kr_parse_real(rest, 0, 1, &side))
            return false;
        kr_json_set_real(region, names[i], side);
        rest = comma ? comma + 1 : rest;
    }
    return true;
}

static void on_file(void *context, const struct kr_outcome *outcome)
{
    struct kr_outcome *kept = context;
    *kept = *outcome;
    kept->reason = "";
}

bool kr_cli_bring(struct kr_cli *cli, const char *path, const char **out)
{
    struct kr_outcome outcome = {.fate = KR_REFUSED};
    struct kr_ingest_counts counts;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    const char *home;
    if (!kr_cli_home(cli, &home) || !kr_cli_wall(cli, &wall))
        return false;
    const struct kr_ingest_params params = {.archive = cli->archive,
                                            .home = home,
                                            .wall = wall,
                                            .outcome = on_file,
                                            .context = &outcome};
    if (!kr_ingest_open(&params, &ingest, &cli->err) ||
        !kr_ingest_run(ingest, &path, 1, &counts, &cli->err))
        return false;
    if (outcome.fate == KR_REFUSED)
        return kr_fail(&cli->err, KR_E_UNSUPPORTED, "the file cannot be brought in");
    *out = kr_arena_strdup(cli->mem, outcome.id);
    return true;
}
