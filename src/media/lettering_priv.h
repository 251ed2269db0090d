// SPDX-License-Identifier: AGPL-3.0-or-later
// lettering_priv.h (inside media only): what lettering must fetch before the seal.
#pragma once
#include "base/err.h"

// Opens and keeps every face that letters may ask for.
KR_CHECK bool kr_lettering_start(struct kr_err *err);
