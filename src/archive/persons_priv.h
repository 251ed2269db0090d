// SPDX-License-Identifier: AGPL-3.0-or-later
// persons_priv.h: what persons.c and persons_say.c share.
#pragma once
#include "archive/persons.h"

bool kr_is_name_kind(const char *kind);
// Lets pictures be found by a person's names and words, where a change of these has been noted.
KR_CHECK bool kr_persons_catch_up(struct kr_store *store, struct kr_err *err);
