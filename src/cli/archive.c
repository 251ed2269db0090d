// SPDX-License-Identifier: AGPL-3.0-or-later
// The archive as a whole: init, settings, check, rebuild, backup, restore-archive, export.
#include "cli/commands.h"

#include "archive/backups.h"
#include "archive/exportfiles.h"
#include "archive/groups.h"
#include "archive/shown.h"
#include "base/clock.h"
#include "base/settings.h"
#include "store/backup.h"
#include <stdio.h>
#include <string.h>

int kr_cmd_init(struct kr_cli *cli, int argc, char **argv)
{
    bool anywhere = false;
    const struct kr_option options[] = {{"--anywhere", &anywhere, NULL}};
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n > 1)
        return kr_cli_usage(cli, "init");
    const char *path = left.n ? left.at[0] : cli->archive;
    if (!kr_store_init(path, anywhere, &cli->err))
        return kr_cli_failed(cli);
    json_t *line = kr_json_new_object();
    kr_json_set_take(line, "archive", json_string(kr_path_escape(cli->mem, kr_str_of(path))));
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "init.done", "path", path, NULL);
    return KR_EXIT_DONE;
}

static bool change_setting(struct kr_cli *cli, struct kr_store *store, char *pair)
{
    char *equals = strchr(pair, '=');
    if (!equals)
        return kr_fail(&cli->err, KR_E_USAGE, "KEY=VALUE is wanted, not '%s'", pair);
    *equals = '\0';
    const struct kr_setting *setting = kr_setting_of(pair);
    if (!setting)
        return kr_fail(&cli->err, KR_E_NOT_FOUND, "no setting '%s'", pair);
    const char *value = equals[1] ? equals + 1 : NULL; // KEY= goes back to the default
    if (strcmp(pair, "backup.place") == 0)
        return kr_backups_choose(store, equals + 1, &cli->err);
    return (!value || kr_setting_accepts(setting, value, &cli->err)) &&
           kr_store_set_setting(store, pair, value, &cli->err);
}

static bool list_setting(struct kr_cli *cli, struct kr_store *store,
                         const struct kr_setting *setting)
{
    static const char *const sources[] = {"default", "archive", "environment"};
    const char *in_archive;
    enum kr_setting_from from;
    if (!kr_store_setting(store, cli->mem, setting->key, &in_archive, &cli->err))
        return false;
    const char *value = kr_setting_value(cli->mem, setting, in_archive, &from);
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "key", setting->key);
    kr_json_set_str(line, "value", value);
    kr_json_set_str(line, "from", sources[from]);
    kr_json_set_bool(line, "needs_restart", setting->needs_restart);
    kr_cli_json(cli, line);
    if (!cli->json)
        printf("%-14s = %-16s (%s)\n    %s\n", setting->key, value, sources[from],
               kr_word(cli->lang, setting->words_key));
    return true;
}

int kr_cmd_settings(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments pairs;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &pairs))
        return kr_cli_usage(cli, "settings");
    if (!kr_cli_store(cli, pairs.n ? KR_STORE_WRITE : KR_STORE_READ, &store))
        return kr_cli_failed(cli);
    for (int i = 0; i < pairs.n; i++)
        if (!change_setting(cli, store, pairs.at[i]))
            return kr_cli_failed(cli);
    for (size_t i = 0; i < kr_settings_count && pairs.n == 0; i++)
        if (!list_setting(cli, store, &kr_settings[i]))
            return kr_cli_failed(cli);
    return KR_EXIT_DONE;
}

struct checking {
    struct kr_cli *cli;
    struct kr_bar bar;
};

static bool check_progress(void *context, double done)
{
    return kr_bar_progress(&((struct checking *)context)->bar, done);
}

static void see_trouble(void *context, const char *what, const char *whom)
{
    struct checking *checking = context;
    struct kr_cli *cli = checking->cli;
    kr_bar_end(&checking->bar);
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "trouble", what);
    kr_json_set_str(line, "of", whom);
    kr_cli_json(cli, line);
    const char *key = kr_arena_format(cli->mem, "check.%s", what);
    kr_cli_answer(cli, key, "whom", whom, NULL);
}

int kr_cmd_check(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    struct kr_check_report report;
    struct checking checking = {.cli = cli};
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n)
        return kr_cli_usage(cli, "check");
    bool fine = kr_cli_store(cli, KR_STORE_READ, &store) &&
                kr_check_archive(store, check_progress, see_trouble, &checking, &report, &cli->err);
    kr_bar_end(&checking.bar);
    if (!fine)
        return kr_cli_failed(cli);
    json_t *line = kr_json_new_object();
    kr_json_set_bool(line, "summary", true);
    kr_json_set_int(line, "blobs", report.blobs);
    kr_json_set_int(line, "damaged", report.damaged);
    kr_json_set_int(line, "missing", report.missing);
    kr_json_set_int(line, "extra", report.extra);
    kr_json_set_int(line, "claims_missing_in_text", report.claims_missing_in_text);
    kr_cli_json(cli, line);
    bool clean = !report.damaged && !report.missing && !report.claims_missing_in_text;
    kr_cli_answer(cli, clean ? "check.clean" : "check.troubled", "blobs",
                  kr_cli_number(cli, report.blobs), "damaged", kr_cli_number(cli, report.damaged),
                  "missing", kr_cli_number(cli, report.missing), NULL);
    return clean ? KR_EXIT_DONE : KR_EXIT_FAILED;
}

int kr_cmd_rebuild(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    struct kr_bar bar = {0};
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n)
        return kr_cli_usage(cli, "rebuild");
    bool fine = kr_cli_store(cli, KR_STORE_WRITE, &store) &&
                kr_rebuild(store, kr_bar_progress, &bar, &cli->err) &&
                kr_groups_tend(store, 0, &cli->err);
    kr_bar_end(&bar);
    if (!fine)
        return kr_cli_failed(cli);
    kr_cli_answer(cli, "rebuild.done", NULL);
    return KR_EXIT_DONE;
}

static int tell_backup(struct kr_cli *cli, const char *key, const struct kr_backup_report *report)
{
    json_t *line = kr_json_new_object();
    kr_json_set_int(line, "blobs", report->blobs);
    kr_json_set_int(line, "copied", report->copied);
    kr_json_set_int(line, "repaired", report->repaired);
    kr_json_set_int(line, "missing", report->missing);
    kr_json_set_int(line, "bytes", report->bytes);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, key, "blobs", kr_cli_number(cli, report->blobs), "copied",
                  kr_cli_number(cli, report->copied), NULL);
    if (!report->missing)
        return KR_EXIT_DONE;
    kr_cli_tell(cli, "backup.missing", "missing", kr_cli_number(cli, report->missing), NULL);
    return KR_EXIT_PART;
}

// As GET /api/v1/backup tells it.
static int tell_backup_state(struct kr_cli *cli, struct kr_store *store)
{
    struct kr_backups now;
    if (!kr_backups_look(store, cli->mem, kr_now_ms(), &now, &cli->err))
        return kr_cli_failed(cli);
    json_t *line = kr_json_new_object();
    char day[KR_TIME_TEXT];
    kr_time_text(now.done_ms, day);
    day[strcspn(day, "T")] = '\0';
    kr_json_set_str(line, "place", now.place);
    kr_json_set_int(line, "every_days", now.every_days);
    kr_json_set_int(line, "done_ms", now.done_ms);
    kr_json_set_int(line, "tried_ms", now.tried_ms);
    kr_json_set_str(line, "trouble", now.trouble ? kr_code_name(now.trouble) : "");
    kr_json_set_bool(line, "due", now.due);
    kr_json_set_bool(line, "late", now.late);
    kr_cli_json(cli, line);
    kr_cli_answer(cli,
                  !*now.place    ? "backup.state.no_place"
                  : !now.done_ms ? "backup.state.none"
                  : now.late     ? "backup.state.late"
                                 : "backup.state.good",
                  "place", now.place, "day", day, NULL);
    return now.late ? KR_EXIT_PART : KR_EXIT_DONE;
}

int kr_cmd_backup(struct kr_cli *cli, int argc, char **argv)
{
    bool all = false, state = false;
    const struct kr_option options[] = {{"--all", &all, NULL}, {"--state", &state, NULL}};
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    struct kr_backup_report report;
    struct kr_bar bar = {0};
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n > 1 ||
        (left.n == 0 && all) || (left.n == 1 && state))
        return kr_cli_usage(cli, "backup");
    if (!kr_cli_store(cli, state ? KR_STORE_READ : KR_STORE_WRITE, &store))
        return kr_cli_failed(cli);
    if (state)
        return tell_backup_state(cli, store);
    bool fine = left.n
                    ? kr_backup(store, left.at[0], all, kr_bar_progress, &bar, &report, &cli->err)
                    : kr_backups_make(store, kr_bar_progress, &bar, &report, &cli->err);
    kr_bar_end(&bar);
    return fine ? tell_backup(cli, "backup.done", &report) : kr_cli_failed(cli);
}

int kr_cmd_restore_archive(struct kr_cli *cli, int argc, char **argv)
{
    struct kr_arguments left;
    struct kr_backup_report report;
    struct kr_bar bar = {0};
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n != 2)
        return kr_cli_usage(cli, "restore-archive");
    bool fine =
        kr_backup_restore(left.at[0], left.at[1], kr_bar_progress, &bar, &report, &cli->err);
    kr_bar_end(&bar);
    return fine ? tell_backup(cli, "restore-archive.done", &report) : kr_cli_failed(cli);
}

int kr_cmd_export(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    struct kr_export_counts counts;
    struct kr_bar bar = {0};
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n != 2 ||
        strcmp(left.at[0], "files") != 0)
        return kr_cli_usage(cli, "export");
    bool fine = kr_cli_store(cli, KR_STORE_READ, &store) &&
                kr_export_files(store, left.at[1], kr_bar_progress, &bar, &counts, &cli->err);
    kr_bar_end(&bar);
    if (!fine)
        return kr_cli_failed(cli);
    json_t *line = kr_json_new_object();
    kr_json_set_int(line, "files", counts.files);
    kr_json_set_int(line, "bytes", counts.bytes);
    kr_json_set_int(line, "failed", counts.failed);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "export.done", "files", kr_cli_number(cli, counts.files), "path", left.at[1],
                  NULL);
    return counts.failed ? KR_EXIT_PART : KR_EXIT_DONE;
}
