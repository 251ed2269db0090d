// SPDX-License-Identifier: AGPL-3.0-or-later
// reach.h: tells how the house is reached: addresses, a code for phones, a fingerprint.
#pragma once
#include "cli/cli.h"

// `told` is what docs/formats/api.md calls Reach.
KR_CHECK bool kr_cli_reach(struct kr_cli *cli, const json_t *told);

// Says a sentence instead of what stands in cli->err (which a program still reads); the exit
// status.
int kr_cli_rather(struct kr_cli *cli, const char *words_key);
