// SPDX-License-Identifier: AGPL-3.0-or-later
// items_priv.h: one item as a line, the same for every command that lists some.
#pragma once
#include "cli/cli.h"
#include "store/items.h"

// As a person reads it, or as JSON; `act` is the act that changed it just now, or "".
void kr_cli_tell_item(struct kr_cli *cli, const struct kr_item *item, const char *act);
