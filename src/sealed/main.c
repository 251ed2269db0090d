// SPDX-License-Identifier: AGPL-3.0-or-later
// kinreel-media: the program behind the wall. kinreel starts it with
// `--channel FD` (wall.h); `--seal-report` seals and prints which walls stand
// on this kernel, as one JSON object.
#include "media/start.h"
#include "sealed/tasks.h"
#include "wall/seal.h"
#include <stdio.h>

enum { USAGE = 2, FD_MOST = 1 << 20 };

static int report_seal(void)
{
    const struct kr_seal_limits limits = {
        .memory = 256 << 20, .file_bytes = 1 << 20, .cpu_s = 60, .files = 64};
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    struct kr_seal_report report = {0};
    struct kr_err err = {0};
    bool sealed = kr_seal(&limits, &report, &err);
    kr_json_set_bool(out, "sealed", sealed);
    kr_json_set_bool(out, "limits", report.limits);
    kr_json_set_bool(out, "no_new_privileges", report.no_new_privileges);
    kr_json_set_bool(out, "not_readable", report.not_readable);
    kr_json_set_int(out, "landlock", report.landlock);
    kr_json_set_bool(out, "calls", report.calls);
    if (!sealed)
        kr_json_set_str(out, "reason", err.text);
    puts(kr_json_text(mem, out));
    return sealed && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    int64_t channel;
    if (argc == 2 && strcmp(argv[1], "--seal-report") == 0)
        return report_seal();
    if (argc != 3 || strcmp(argv[1], "--channel") != 0 ||
        !kr_parse_int(argv[2], 0, FD_MOST, &channel)) {
        fputs("kinreel-media --channel FD | --seal-report\n", stderr);
        return USAGE;
    }
    return kr_worker_run((int)channel, kr_tasks, kr_task_count, kr_media_start);
}
