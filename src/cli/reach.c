// SPDX-License-Identifier: AGPL-3.0-or-later
// By which address the family comes in: as `serve --home` says it, and any time later.
#include "cli/reach.h"

#include "base/certs.h"
#include "base/file.h"
#include "cli/commands.h"
#include "story/qr.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_MOST = 64 * 1024 };

static void tell_addresses(struct kr_cli *cli, const json_t *told)
{
    const char *first = kr_json_str(told, "address", "");
    const json_t *all = kr_json_get(told, "addresses");
    kr_cli_answer(cli, "reach.address", "address", first, NULL);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *address = json_string_value(json_array_get(all, i));
        if (address && strcmp(address, first) != 0)
            kr_cli_answer(cli, "reach.also", "address", address, NULL);
    }
}

static void tell_trust(struct kr_cli *cli, const json_t *told)
{
    const char *trust = kr_json_str(told, "trust", "");
    const char *fingerprint = kr_json_str(told, "fingerprint", "");
    if (*trust)
        kr_cli_answer(cli, "reach.trust", "address", trust, NULL);
    if (!kr_json_bool(told, "own", false)) {
        const char *day = kr_arena_format(cli->mem, "%.10s", kr_json_str(told, "until", ""));
        kr_cli_answer(cli, "reach.given", "day", day, NULL);
        return;
    }
    kr_cli_answer(cli, "reach.fingerprint", NULL);
    if (!cli->json && strlen(fingerprint) == KR_FINGERPRINT_TEXT - 1)
        printf("  %.47s\n  %s\n", fingerprint, fingerprint + 48); // to be compared line by line
}

bool kr_cli_reach(struct kr_cli *cli, const json_t *told)
{
    struct kr_qr qr;
    kr_cli_json(cli, json_deep_copy(told));
    if (cli->json)
        return true;
    if (!kr_qr_of(cli->mem, kr_json_str(told, "card", ""), &qr, &cli->err))
        return false;
    fputs(kr_qr_lines(cli->mem, &qr), stdout);
    tell_addresses(cli, told);
    tell_trust(cli, told);
    return true;
}

int kr_cli_rather(struct kr_cli *cli, const char *words_key)
{
    int status = kr_cli_failed(cli);
    kr_cli_tell(cli, words_key, NULL);
    if (!cli->json)
        cli->err = (struct kr_err){0};
    return status;
}

int kr_cmd_reach(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_json_drop) json_t *told = NULL;
    KR_AUTO(kr_fd_close) int archive = -1;
    struct kr_arguments left;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n)
        return kr_cli_usage(cli, "reach");
    if (!kr_open_folder(AT_FDCWD, cli->archive, false, &archive, &cli->err))
        return kr_cli_failed(cli);
    if (!kr_json_read_file(archive, "house/reach.json", TOLD_MOST, &told, &cli->err))
        return cli->err.code == KR_E_NOT_FOUND ? kr_cli_rather(cli, "reach.none")
                                               : kr_cli_failed(cli);
    return kr_cli_reach(cli, told) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
