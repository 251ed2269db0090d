// SPDX-License-Identifier: AGPL-3.0-or-later
// persons_priv.h: what persons.c and persons_say.c share.
#pragma once
#include "archive/persons.h"

bool kr_is_name_kind(const char *kind);
