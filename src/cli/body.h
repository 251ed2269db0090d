// SPDX-License-Identifier: AGPL-3.0-or-later
// body.h: what whoever works at the command line cannot do while filming, and advice that fits.

#pragma once
#include "cli/cli.h"

// As they set it with `kinreel body`; "" where they did not, or there is no archive.
KR_CHECK bool kr_cli_body(struct kr_cli *cli, const char **out);
// Fits the advice in "before" and "after" of what the kit answered. The archive's own recipe, which
// others read, keeps the words for everybody.
KR_CHECK bool kr_cli_fit(struct kr_cli *cli, json_t *answer);
