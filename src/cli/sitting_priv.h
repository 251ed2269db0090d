// SPDX-License-Identifier: AGPL-3.0-or-later
// sitting_priv.h: what sitting.c and sitting_room.c share.
#pragma once
#include "cli/cli.h"

// Everything of `kinreel sitting` but lint.
int kr_cli_sitting_room(struct kr_cli *cli, int argc, char **argv);
